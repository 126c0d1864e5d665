#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// Pictures of where an agent looked. Numbers in, the contents of a PNG file out: nothing here knows of agents,
/// environments or files.
///
/// Each example is drawn as its image, enlarged, with the path of glimpses over it, and beside it what the agent got to
/// see: one column per glimpse in order, the finest scale on top. A glimpse has the same number and colour in both. The
/// colours grow lighter from the first glimpse to the last, so that the order survives colour blindness and grey paper;
/// right and wrong are told by a tick or a cross as well as by colour.
namespace saccade::experiments {

/// One glimpse.
struct GlimpseStep {
  double x = 0;                ///< across, -1 at the left edge of the image and 1 at the right one
  double y = 0;                ///< down, -1 at the top edge and 1 at the bottom one
  std::vector<float> patches;  ///< what the retina saw, [scales, size, size, channels] from the finest scale; 0 to 1
};

/// One example and the glimpses that led to a prediction.
struct GlimpsePath {
  std::size_t height = 0;
  std::size_t width = 0;
  std::size_t channels = 1;      ///< 1, grey, or 3, red, green and blue
  std::vector<float> image;      ///< [height, width, channels], 0 to 1
  std::size_t glimpse_size = 0;  ///< pixels across the finest scale; each further scale covers twice as many
  std::size_t scales = 1;
  std::vector<GlimpseStep> steps;
  int label = -1;                     ///< negative when unknown
  int predicted = -1;                 ///< negative when there is no prediction
  double confidence = 0;              ///< the probability of the predicted class
  std::optional<bool> rewarded = {};  ///< where there is no class to predict, how the episode ended
};

struct FigureOptions {
  std::string title;            ///< UTF-8; no line is left for it when empty
  std::size_t columns = 0;      ///< examples side by side; 0 chooses one or two by their number and width
  std::size_t pixel_ratio = 2;  ///< dots per layout unit; 2 is sharp on a screen of high density and in print
};

/// A colour as red, green and blue from 0 to 1.
using Colour = std::array<double, 3>;

/// The colour of glimpse `step` of `count`, counted from 0.
[[nodiscard]] Colour glimpse_colour(std::size_t step, std::size_t count);

/// Draws all examples, row by row, and returns the contents of a PNG file.
///
/// A glimpse at location l is centred at c = (l + 1) / 2 W, where the image covers 0 to W, and its patch of g pixels
/// begins at pixel floor(c - g/2 + 1/2); boxes are drawn around these whole pixels and end at the border of the image.
/// Values outside 0 to 1 are clamped.
///
/// @throws ArgumentError  if there is no example, an example has no pixels, no glimpse or another number of values than
///                        its sizes say, a location is not finite, an option is out of its range, or the picture would
///                        be larger than 32767 dots
[[nodiscard]] std::string draw_glimpse_paths(std::span<const GlimpsePath> paths, const FigureOptions& options = {});

}  // namespace saccade::experiments
