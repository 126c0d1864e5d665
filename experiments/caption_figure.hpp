#pragma once

#include <optional>
#include <string>
#include <vector>

#include "experiments/canvas.hpp"

/// Pictures of what a captioner looked at for each word. Numbers in, the contents of a PNG file out.
namespace saccade::experiments {

/// A word and where the attention was when it was said.
struct AttendedWord {
  std::string text;
  std::vector<float> weights;  ///< [rows, columns] of the grid; add up to 1
  int place = -1;              ///< the cell that was read, row by row; negative if all were
};

/// An image and its caption.
struct CaptionPicture {
  std::size_t height = 0;
  std::size_t width = 0;
  std::size_t channels = 1;  ///< 1, grey, or 3, red, green and blue
  std::vector<float> image;  ///< [height, width, channels], 0 to 1
  std::size_t rows = 0;      ///< of the grid of places
  std::size_t columns = 0;   ///< of the grid of places
  std::vector<AttendedWord> words;
  std::optional<bool> right = {};  ///< where captions are right or wrong, which those of photographs are not
  bool is_photograph = false;      ///< drawn larger, without showing pixels or cells
  std::string name = {};           ///< UTF-8; stands below the image where nothing says whether its caption is right
  std::string reference = {};      ///< what a person said of it, UTF-8; stands below its panels, unless empty
};

/// The longer side of a photograph, in layout units.
inline constexpr std::size_t photograph_side = 160;

/// Draws each image once for itself and once for each word of its caption, the places tinted by their weight, the
/// heaviest one fully; photographs keep their colours there and are the darker the less weight a place has, as in Xu et
/// al. 2015. The cell that was read has a frame. Below a word stands over how many
/// places its weight is spread, e to the entropy, and below all a legend. The grid of places covers the whole image,
/// whatever the shapes of both. A tick or a cross says whether the caption is right; else there is the image's name, as
/// far as there is room; so are words.
///
/// @throws ArgumentError  no image; one without pixels or with another number of values than its sizes say; a word that
///                        has another number of weights than the grid has places, or a place outside it; a picture of
///                        more than 32767 dots a side; text that is not UTF-8
[[nodiscard]] std::string draw_captions(const std::vector<CaptionPicture>& pictures, const std::string& title,
                                        std::size_t pixel_ratio = 2);

}  // namespace saccade::experiments
