#include "experiments/caption_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"

namespace saccade::experiments {
namespace {

constexpr double margin = 16;
constexpr double gap = 8;
constexpr double title_height = 28;
constexpr double label_height = 18;
constexpr double panel_side = 112;  // the longer side of an image
constexpr std::size_t panels_in_line = 8;
constexpr Colour tint{0.95, 0.45, 0.05};
constexpr Colour right_ink{0.1, 0.5, 0.2};
constexpr Colour wrong_ink{0.75, 0.15, 0.1};

std::size_t lines_of(const CaptionPicture& picture) {
  return (picture.words.size() + panels_in_line) / panels_in_line;  // a panel more, for the image itself
}

double zoom_of(const CaptionPicture& picture) {
  return panel_side / static_cast<double>(std::max(picture.width, picture.height));
}

double line_height(const CaptionPicture& picture) {
  return zoom_of(picture) * static_cast<double>(picture.height) + label_height + gap;
}

void check(const CaptionPicture& picture) {
  const std::size_t values = picture.height * picture.width * picture.channels;
  if (values == 0 || picture.image.size() != values || (picture.channels != 1 && picture.channels != 3)) {
    throw ArgumentError(fmt::format("draw_captions: an image of {}x{}x{} cannot have {} values", picture.height,
                                    picture.width, picture.channels, picture.image.size()));
  }
  const std::size_t places = picture.rows * picture.columns;
  for (const AttendedWord& word : picture.words) {
    if (word.weights.size() != places || word.place >= static_cast<int>(places)) {
      throw ArgumentError(fmt::format("draw_captions: \"{}\" has {} weights and place {} on a grid of {}x{}", word.text,
                                      word.weights.size(), word.place, picture.rows, picture.columns));
    }
  }
}

Rectangle cell(const CaptionPicture& picture, const Rectangle& panel, std::size_t place) {
  const double width = panel.width / static_cast<double>(picture.columns);
  const double height = panel.height / static_cast<double>(picture.rows);
  const std::size_t row = place / picture.columns, column = place % picture.columns;
  return {panel.left + width * static_cast<double>(column), panel.top + height * static_cast<double>(row), width,
          height};
}

void tint_places(cairo_t* cr, const CaptionPicture& picture, const Rectangle& panel, const AttendedWord& word) {
  const float heaviest = *std::max_element(word.weights.begin(), word.weights.end());
  for (std::size_t place = 0; place < word.weights.size() && heaviest > 0; ++place) {
    const Rectangle r = cell(picture, panel, place);
    set_colour(cr, tint, 0.7 * static_cast<double>(word.weights[place] / heaviest));
    cairo_rectangle(cr, r.left, r.top, r.width, r.height);
    cairo_fill(cr);
  }
  if (word.place < 0) return;
  set_colour(cr, tint);
  frame(cr, cell(picture, panel, static_cast<std::size_t>(word.place)), 2.5);
}

void draw_panel(cairo_t* cr, const CaptionPicture& picture, const Rectangle& panel, const AttendedWord* word) {
  paint(cr, {picture.image.data(), picture.height, picture.width, picture.channels}, {panel.left, panel.top},
        zoom_of(picture));
  if (word != nullptr) tint_places(cr, picture, panel, *word);
  set_colour(cr, hair_ink);
  frame(cr, panel, 1);
  const Point label{panel.left + panel.width / 2, panel.top + panel.height + label_height - 5};
  set_font(cr, 12, word == nullptr);
  set_colour(cr, word != nullptr ? ink : (picture.right ? right_ink : wrong_ink));
  write_centred(cr, {label.x, label.y - 4}, word != nullptr ? word->text : (picture.right ? "✓ right" : "✗ not right"));
}

/// @return  where the next image begins
double draw_caption(cairo_t* cr, const CaptionPicture& picture, double top) {
  const double zoom = zoom_of(picture);
  const double width = zoom * static_cast<double>(picture.width), height = zoom * static_cast<double>(picture.height);
  for (std::size_t i = 0; i <= picture.words.size(); ++i) {
    const std::size_t line = i / panels_in_line, column = i % panels_in_line;
    const Rectangle panel{margin + static_cast<double>(column) * (panel_side + gap),
                          top + static_cast<double>(line) * line_height(picture), width, height};
    draw_panel(cr, picture, panel, i == 0 ? nullptr : &picture.words[i - 1]);
  }
  return top + static_cast<double>(lines_of(picture)) * line_height(picture) + gap;
}

}  // namespace

std::string draw_captions(const std::vector<CaptionPicture>& pictures, const std::string& title,
                          std::size_t pixel_ratio) {
  if (pictures.empty()) throw ArgumentError("draw_captions: there is no image");
  double height = 2 * margin + title_height;
  std::size_t panels = 1;
  for (const CaptionPicture& picture : pictures) {
    check(picture);
    height += static_cast<double>(lines_of(picture)) * line_height(picture) + gap;
    panels = std::max(panels, std::min(picture.words.size() + 1, panels_in_line));
  }
  const double width = std::max(2 * margin + static_cast<double>(panels) * (panel_side + gap) - gap, 360.0);
  const Canvas canvas(width, height, pixel_ratio);
  write_title(canvas, {margin, margin + 14}, title, width - 2 * margin);
  double top = margin + title_height;
  for (const CaptionPicture& picture : pictures) top = draw_caption(canvas.context(), picture, top);
  return canvas.png();
}

}  // namespace saccade::experiments
