#include "experiments/canvas.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <numbers>

#include "core/errors.hpp"

namespace saccade::experiments {
namespace {

constexpr double largest_picture = 32767;  // dots, the limit of Cairo

void check_status(cairo_status_t status) {
  if (status == CAIRO_STATUS_SUCCESS) return;
  throw ArgumentError(fmt::format("cannot draw: {}", cairo_status_to_string(status)));
}

cairo_surface_t* make_surface(double width, double height) {
  if (width > largest_picture || height > largest_picture) {
    throw ArgumentError(fmt::format("a picture must have at most {} dots a side, got {} by {}; draw less of it",
                                    largest_picture, width, height));
  }
  return cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(width), static_cast<int>(height));
}

cairo_status_t append(void* closure, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

std::uint32_t byte_of(float value) {
  return value > 0 ? static_cast<std::uint32_t>(std::lround(255 * std::min(value, 1.0F))) : 0U;  // no number becomes 0
}

std::uint32_t packed_pixel(const Picture& picture, std::size_t index) {
  const float* value = picture.values + index * picture.channels;
  const std::size_t step = picture.channels == 1 ? 0 : 1;
  return byte_of(value[0]) << 16U | byte_of(value[step]) << 8U | byte_of(value[2 * step]);
}

void fill_surface(cairo_surface_t* surface, const Picture& picture) {
  unsigned char* bytes = cairo_image_surface_get_data(surface);
  const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface));
  for (std::size_t row = 0; row < picture.height; ++row) {
    for (std::size_t column = 0; column < picture.width; ++column) {
      const std::uint32_t pixel = packed_pixel(picture, row * picture.width + column);
      std::memcpy(bytes + row * stride + column * sizeof(pixel), &pixel, sizeof(pixel));
    }
  }
  cairo_surface_mark_dirty(surface);
}

}  // namespace

Canvas::Canvas(double width, double height, std::size_t pixel_ratio) {
  const auto ratio = static_cast<double>(pixel_ratio);
  surface_.reset(make_surface(std::ceil(width * ratio), std::ceil(height * ratio)));
  context_.reset(cairo_create(surface_.get()));
  cairo_scale(context(), ratio, ratio);
  set_colour(context(), paper);
  cairo_paint(context());
}

void Canvas::check() const { check_status(cairo_status(context())); }

std::string Canvas::png() const {
  check();
  std::string png;
  check_status(cairo_surface_write_to_png_stream(surface_.get(), append, &png));
  return png;
}

void set_colour(cairo_t* cr, const Colour& colour, double alpha) {
  cairo_set_source_rgba(cr, colour[0], colour[1], colour[2], alpha);
}

void set_font(cairo_t* cr, double size, bool bold) {
  cairo_select_font_face(cr, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                         bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cr, size);
}

double text_width(cairo_t* cr, const std::string& text) {
  cairo_text_extents_t extents;
  cairo_text_extents(cr, text.c_str(), &extents);
  return extents.x_advance;
}

double write(cairo_t* cr, Point at, const std::string& text) {
  cairo_move_to(cr, at.x, at.y);
  cairo_show_text(cr, text.c_str());
  return at.x + text_width(cr, text);
}

void write_left_of(cairo_t* cr, Point at, const std::string& text) {
  write(cr, {at.x - text_width(cr, text), at.y}, text);
}

void write_centred(cairo_t* cr, Point centre, const std::string& text) {
  cairo_text_extents_t extents;
  cairo_text_extents(cr, text.c_str(), &extents);
  cairo_move_to(cr, centre.x - extents.x_bearing - extents.width / 2,
                centre.y - extents.y_bearing - extents.height / 2);
  cairo_show_text(cr, text.c_str());
}

void write_title(const Canvas& canvas, Point at, const std::string& title, double width) {
  constexpr double size = 17;
  cairo_t* cr = canvas.context();
  set_colour(cr, ink);
  set_font(cr, size, true);
  set_font(cr, std::min(size, size * width / std::max(text_width(cr, title), 1.0)), true);
  write(cr, at, title);
  canvas.check();
}

Rectangle grown(const Rectangle& r, double by) {
  return {r.left - by, r.top - by, r.width + 2 * by, r.height + 2 * by};
}

void frame(cairo_t* cr, const Rectangle& r, double line) {
  cairo_set_line_width(cr, line);
  cairo_rectangle(cr, r.left + line / 2, r.top + line / 2, r.width - line, r.height - line);
  cairo_stroke(cr);
}

void line(cairo_t* cr, Point from, Point to, double width) {
  cairo_set_line_width(cr, width);
  cairo_move_to(cr, from.x, from.y);
  cairo_line_to(cr, to.x, to.y);
  cairo_stroke(cr);
}

void dashed_line(cairo_t* cr, Point from, Point to, double width) {
  constexpr double dash = 4;
  cairo_set_dash(cr, &dash, 1, 0);
  line(cr, from, to, width);
  cairo_set_dash(cr, nullptr, 0, 0);
}

void disc(cairo_t* cr, Point centre, double radius) {
  cairo_new_sub_path(cr);
  cairo_arc(cr, centre.x, centre.y, radius, 0, 2 * std::numbers::pi);
  cairo_fill(cr);
}

void paint(cairo_t* cr, const Picture& picture, Point at, double zoom, Pixels pixels) {
  cairo_surface_t* surface =
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(picture.width), static_cast<int>(picture.height));
  if (cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS) fill_surface(surface, picture);
  cairo_save(cr);
  cairo_translate(cr, at.x, at.y);
  cairo_scale(cr, zoom, zoom);
  cairo_set_source_surface(cr, surface, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cr), pixels == Pixels::squares ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_GOOD);
  cairo_pattern_set_extend(cairo_get_source(cr), CAIRO_EXTEND_PAD);
  cairo_rectangle(cr, 0, 0, static_cast<double>(picture.width), static_cast<double>(picture.height));
  cairo_fill(cr);
  cairo_restore(cr);
  cairo_surface_destroy(surface);
}

}  // namespace saccade::experiments
