#include "experiments/caption_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "core/errors.hpp"
#include "experiments/plot.hpp"

namespace saccade::experiments {
namespace {

constexpr double margin = 16;
constexpr double gap = 8;
constexpr double title_height = 28;
constexpr double label_height = 30;
constexpr double least_width = 520;
constexpr double text_size = 11;
constexpr double text_line = 15;
constexpr double darkest = 0.75;  // of what is not attended to at all
constexpr Colour tint{0.95, 0.45, 0.05};
constexpr Colour frame_on_tint{0.25, 0.75, 1};
constexpr Colour right_ink{0.1, 0.5, 0.2};
constexpr Colour wrong_ink{0.75, 0.15, 0.1};

/// The longer side of an image.
double side_of(const CaptionPicture& picture) {
  return picture.is_photograph ? static_cast<double>(photograph_side) : 112;
}

std::size_t panels_in_line(const CaptionPicture& picture) { return picture.is_photograph ? 6 : 8; }

/// One for each word and one for the image itself.
std::size_t panels_of(const CaptionPicture& picture) { return picture.words.size() + 1; }

std::size_t lines_of(const CaptionPicture& picture) {
  return (panels_of(picture) + panels_in_line(picture) - 1) / panels_in_line(picture);
}

double width_of(const CaptionPicture& picture) {
  const auto panels = static_cast<double>(std::min(panels_of(picture), panels_in_line(picture)));
  return panels * (side_of(picture) + gap) - gap;
}

double zoom_of(const CaptionPicture& picture) {
  return side_of(picture) / static_cast<double>(std::max(picture.width, picture.height));
}

double line_height(const CaptionPicture& picture) {
  return zoom_of(picture) * static_cast<double>(picture.height) + label_height + gap;
}

using Lines = std::vector<std::string>;

/// As many words a line as there is room for, one at least.
Lines wrapped(cairo_t* cr, const std::string& text, double width) {
  set_font(cr, text_size);
  Lines lines;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const std::string longer = lines.empty() ? word : lines.back() + " " + word;
    if (lines.empty() || text_width(cr, longer) > width) {
      lines.push_back(word);
    } else {
      lines.back() = longer;
    }
  }
  return lines;
}

double height_of(const Lines& lines) { return lines.empty() ? 0 : static_cast<double>(lines.size()) * text_line + gap; }

void write_lines(cairo_t* cr, Point at, const Lines& lines, const Colour& colour) {
  set_colour(cr, colour);
  set_font(cr, text_size);
  for (const std::string& line : lines) {
    write(cr, at, line);
    at.y += text_line;
  }
}

double height_of_panels(const CaptionPicture& picture) {
  return static_cast<double>(lines_of(picture)) * line_height(picture);
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

/// Of the heaviest weight.
double share(const AttendedWord& word, std::size_t place) {
  const float heaviest = *std::max_element(word.weights.begin(), word.weights.end());
  return heaviest > 0 ? static_cast<double>(word.weights[place] / heaviest) : 0;
}

void tint_cells(cairo_t* cr, const CaptionPicture& picture, const Rectangle& panel, const AttendedWord& word) {
  for (std::size_t place = 0; place < word.weights.size(); ++place) {
    const Rectangle r = cell(picture, panel, place);
    set_colour(cr, tint, 0.7 * share(word, place));
    cairo_rectangle(cr, r.left, r.top, r.width, r.height);
    cairo_fill(cr);
  }
}

/// How dark each place becomes, as the opacity of an image of a pixel each.
cairo_surface_t* shadows(const CaptionPicture& picture, const AttendedWord& word) {
  cairo_surface_t* surface =
      cairo_image_surface_create(CAIRO_FORMAT_A8, static_cast<int>(picture.columns), static_cast<int>(picture.rows));
  unsigned char* bytes = cairo_image_surface_get_data(surface);
  const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface));
  for (std::size_t place = 0; place < word.weights.size(); ++place) {
    bytes[place / picture.columns * stride + place % picture.columns] =
        static_cast<unsigned char>(std::lround(255 * darkest * (1 - share(word, place))));
  }
  cairo_surface_mark_dirty(surface);
  return surface;
}

/// A place is as dark as its shadow at its centre; between centres one passes into the other.
void dim(cairo_t* cr, const CaptionPicture& picture, const Rectangle& panel, const AttendedWord& word) {
  cairo_surface_t* surface = shadows(picture, word);
  cairo_pattern_t* mask = cairo_pattern_create_for_surface(surface);
  cairo_pattern_set_filter(mask, CAIRO_FILTER_BILINEAR);
  cairo_pattern_set_extend(mask, CAIRO_EXTEND_PAD);
  cairo_save(cr);
  cairo_rectangle(cr, panel.left, panel.top, panel.width, panel.height);
  cairo_clip(cr);
  cairo_translate(cr, panel.left, panel.top);
  cairo_scale(cr, panel.width / static_cast<double>(picture.columns), panel.height / static_cast<double>(picture.rows));
  set_colour(cr, {0, 0, 0});
  cairo_mask(cr, mask);
  cairo_restore(cr);
  cairo_pattern_destroy(mask);
  cairo_surface_destroy(surface);
}

void mark_places(cairo_t* cr, const CaptionPicture& picture, const Rectangle& panel, const AttendedWord& word) {
  if (word.weights.empty()) return;
  (picture.is_photograph ? dim : tint_cells)(cr, picture, panel, word);
  if (word.place < 0) return;
  set_colour(cr, picture.is_photograph ? tint : frame_on_tint);
  frame(cr, cell(picture, panel, static_cast<std::size_t>(word.place)), 2.5);
}

/// As much of the text as there is room for, whole letters only.
std::string shortened(cairo_t* cr, const std::string& text, double width) {
  if (text_width(cr, text) <= width) return text;
  std::string part = text;
  while (!part.empty() && text_width(cr, part + "…") > width) {
    while ((static_cast<unsigned char>(part.back()) & 0xC0U) == 0x80U && part.size() > 1) part.pop_back();
    part.pop_back();
  }
  return part + "…";
}

/// Centred, on one base line for all.
void write_label(cairo_t* cr, const Rectangle& panel, const std::string& text) {
  write(cr, {panel.left + (panel.width - text_width(cr, text)) / 2, panel.top + panel.height + 14}, text);
}

void label_image(cairo_t* cr, const CaptionPicture& picture, const Rectangle& panel) {
  set_colour(cr, picture.right ? (*picture.right ? right_ink : wrong_ink) : faint_ink);
  set_font(cr, picture.right ? 12 : 11, picture.right.has_value());
  if (picture.right) return write_label(cr, panel, *picture.right ? "✓ right" : "✗ not right");
  write_label(cr, panel, shortened(cr, picture.name, panel.width));
}

/// Over how many places the weight is spread: e to the entropy.
double spread_of(const AttendedWord& word) {
  double entropy = 0;
  for (const float weight : word.weights) {
    const auto w = static_cast<double>(weight);
    if (w > 0) entropy -= w * std::log(w);
  }
  return std::exp(entropy);
}

void label_word(cairo_t* cr, const AttendedWord& word, Rectangle panel) {
  set_colour(cr, ink);
  set_font(cr, 12);
  write_label(cr, panel, shortened(cr, word.text, panel.width));
  if (word.weights.empty()) return;
  panel.height += 12;
  set_colour(cr, faint_ink);
  set_font(cr, 9);
  write_label(cr, panel, fmt::format("{:.1f} of {}", spread_of(word), word.weights.size()));
}

template <typename Predicate>
bool any_word(const std::vector<CaptionPicture>& pictures, const Predicate& holds) {
  return std::any_of(pictures.begin(), pictures.end(), [&](const CaptionPicture& picture) {
    return std::any_of(picture.words.begin(), picture.words.end(), holds);
  });
}

std::string legend_of(const std::vector<CaptionPicture>& pictures) {
  if (!any_word(pictures, [](const AttendedWord& word) { return !word.weights.empty(); })) return {};
  const bool has_frames = any_word(pictures, [](const AttendedWord& word) { return word.place >= 0; });
  return fmt::format(
      "{}: weight of a place beside the heaviest;{} N of L: weight is spread as over N of L places, e to the entropy",
      pictures.front().is_photograph ? "brightness" : "tint", has_frames ? " frame: the place that was read;" : "");
}

void draw_panel(cairo_t* cr, const CaptionPicture& picture, const Rectangle& panel, const AttendedWord* word) {
  paint(cr, {picture.image.data(), picture.height, picture.width, picture.channels}, {panel.left, panel.top},
        zoom_of(picture), picture.is_photograph ? Pixels::smooth : Pixels::squares);
  if (word != nullptr) mark_places(cr, picture, panel, *word);
  set_colour(cr, hair_ink);
  frame(cr, panel, 1);
  if (word != nullptr) return label_word(cr, *word, panel);
  label_image(cr, picture, panel);
}

void draw_caption(cairo_t* cr, const CaptionPicture& picture, double top) {
  const double zoom = zoom_of(picture);
  const double width = zoom * static_cast<double>(picture.width), height = zoom * static_cast<double>(picture.height);
  for (std::size_t i = 0; i <= picture.words.size(); ++i) {
    const std::size_t line = i / panels_in_line(picture), column = i % panels_in_line(picture);
    const Rectangle panel{margin + static_cast<double>(column) * (side_of(picture) + gap),
                          top + static_cast<double>(line) * line_height(picture), width, height};
    draw_panel(cr, picture, panel, i == 0 ? nullptr : &picture.words[i - 1]);
  }
  if (!picture.words.empty()) return;
  set_colour(cr, faint_ink);
  set_font(cr, 12);
  write(cr, {margin + width + 2 * gap, top + height / 2}, "says no word");
}

std::string reference_text(const CaptionPicture& picture) {
  return picture.reference.empty() ? "" : "reference: " + picture.reference;
}

double page_width(const std::vector<CaptionPicture>& pictures) {
  double width = least_width;
  for (const CaptionPicture& picture : pictures) width = std::max(width, 2 * margin + width_of(picture));
  return width;
}

}  // namespace

std::string draw_captions(const std::vector<CaptionPicture>& pictures, const std::string& title,
                          std::size_t pixel_ratio) {
  if (pictures.empty()) throw ArgumentError("draw_captions: there is no image");
  for (const CaptionPicture& picture : pictures) check(picture);
  const double width = page_width(pictures);
  const Canvas ruler(1, 1, pixel_ratio);
  std::vector<Lines> references;
  const Lines legend = wrapped(ruler.context(), legend_of(pictures), width - 2 * margin);
  double height = 2 * margin + title_height + height_of(legend);
  for (const CaptionPicture& picture : pictures) {
    references.push_back(wrapped(ruler.context(), reference_text(picture), width - 2 * margin));
    height += height_of_panels(picture) + height_of(references.back()) + gap;
  }
  const Canvas canvas(width, height, pixel_ratio);
  write_title(canvas, {margin, margin + 14}, title, width - 2 * margin);
  double top = margin + title_height;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    draw_caption(canvas.context(), pictures[i], top);
    top += height_of_panels(pictures[i]);
    write_lines(canvas.context(), {margin, top + 6}, references[i], ink);
    top += height_of(references[i]) + gap;
  }
  write_lines(canvas.context(), {margin, top + 12}, legend, faint_ink);
  return canvas.png();
}

}  // namespace saccade::experiments
