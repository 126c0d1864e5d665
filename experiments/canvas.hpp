#pragma once

#include <cairo.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>

/// What all pictures are drawn with: a page on Cairo, and the strokes, letters and pixels that they share. Lengths are
/// in layout units, `pixel_ratio` dots each.
namespace saccade::experiments {

/// A colour as red, green and blue from 0 to 1.
using Colour = std::array<double, 3>;

constexpr Colour ink{0.13, 0.13, 0.15};
constexpr Colour faint_ink{0.42, 0.42, 0.45};
constexpr Colour hair_ink{0.86, 0.86, 0.88};
constexpr Colour paper{1, 1, 1};

struct Point {
  double x, y;
};

struct Rectangle {
  double left, top, width, height;
};

/// An image in memory.
struct Picture {
  const float* values;  ///< [height, width, channels], 0 to 1; clamped
  std::size_t height, width, channels;
};

/// A white page that becomes the contents of a PNG file.
class Canvas {
 public:
  /// @throws ArgumentError  if a side would be longer than Cairo's 32767 dots
  Canvas(double width, double height, std::size_t pixel_ratio);

  [[nodiscard]] cairo_t* context() const { return context_.get(); }
  /// @throws ArgumentError  if something could not be drawn, such as text that is not UTF-8
  [[nodiscard]] std::string png() const;
  /// Throws what png would throw. Cairo loses memory when it goes on after such a mistake, so ask after odd text.
  void check() const;

 private:
  struct Release {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
    void operator()(cairo_t* context) const { cairo_destroy(context); }
  };
  std::unique_ptr<cairo_surface_t, Release> surface_;
  std::unique_ptr<cairo_t, Release> context_;
};

void set_colour(cairo_t* cr, const Colour& colour, double alpha = 1);
void set_font(cairo_t* cr, double size, bool bold = false);

/// The width of text in the font that is set.
[[nodiscard]] double text_width(cairo_t* cr, const std::string& text);
/// Writes from `at`, on the base line, and returns where the text ends.
double write(cairo_t* cr, Point at, const std::string& text);
/// Writes so that the text ends at `at`.
void write_left_of(cairo_t* cr, Point at, const std::string& text);
void write_centred(cairo_t* cr, Point centre, const std::string& text);
/// A title from `at`, bold, in smaller letters if it would be wider than `width`.
void write_title(const Canvas& canvas, Point at, const std::string& title, double width);

[[nodiscard]] Rectangle grown(const Rectangle& r, double by);
/// Strokes within the rectangle, so that its outer edge stays where it is.
void frame(cairo_t* cr, const Rectangle& r, double line);
void line(cairo_t* cr, Point from, Point to, double width);
void dashed_line(cairo_t* cr, Point from, Point to, double width);
void disc(cairo_t* cr, Point centre, double radius);
enum class Pixels { squares, smooth };
/// Paints with pixels `zoom` units wide and high, as squares or, for photographs, with what lies between them.
void paint(cairo_t* cr, const Picture& picture, Point at, double zoom, Pixels pixels = Pixels::squares);

}  // namespace saccade::experiments
