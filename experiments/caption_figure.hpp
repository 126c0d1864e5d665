#pragma once

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
  bool right = false;
};

/// Draws each image once for itself and once for each word of its caption, the places tinted by their weight, the
/// heaviest one fully; the cell that was read has a frame. A tick or a cross says whether the caption is right.
///
/// @throws ArgumentError  if there is no image, an image has no pixels or another number of values than its sizes say,
/// a
///                        word has another number of weights than the grid has places or a place outside it, or the
///                        picture would be larger than 32767 dots
[[nodiscard]] std::string draw_captions(const std::vector<CaptionPicture>& pictures, const std::string& title,
                                        std::size_t pixel_ratio = 2);

}  // namespace saccade::experiments
