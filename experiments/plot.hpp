#pragma once

#include <limits>
#include <vector>

#include "experiments/canvas.hpp"

/// What charts share: colours, axes and their grids.
namespace saccade::experiments {

/// The colour of the n-th thing of several (Wong 2011, "Points of view: Color blindness": apart for every eye); after
/// seven they come again.
[[nodiscard]] const Colour& hue(std::size_t n);

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void add(double value);
  /// A value with its interval, for a logarithmic axis: none that is not above 0, no lower end far below the value.
  void add_positive(double value, double half_width);
  [[nodiscard]] bool empty() const { return low > high; }
};

/// Ticks of a linear axis that cover [low, high]: multiples of 1, 2 or 5 times a power of ten, about `count` of them.
/// @throws ArgumentError  unless low <= high, both finite
[[nodiscard]] std::vector<double> linear_ticks(double low, double high, std::size_t count = 5);

/// The ticks of a logarithmic axis from `low` to `high`: 1, 2 and 5 times powers of ten, from the last one that is not
/// above low to the first one that is not below high.
/// @throws ArgumentError  unless 0 < low <= high
[[nodiscard]] std::vector<double> log_ticks(double low, double high);

/// A map of numbers onto a stretch of the page, from its first to its last tick.
class Axis {
 public:
  /// Of an empty range: from 0 to 1.
  [[nodiscard]] static Axis linear(const Range& range, double from, double to);
  /// Of an empty range: from 1 to 10. What lies beyond the ticks is drawn at the end.
  [[nodiscard]] static Axis logarithmic(const Range& range, double from, double to);
  /// From one number to another, with ticks where they are said.
  [[nodiscard]] static Axis with_ticks(std::vector<double> ticks, double from, double to);

  [[nodiscard]] double at(double value) const;
  [[nodiscard]] const std::vector<double>& ticks() const { return ticks_; }

 private:
  Axis(std::vector<double> ticks, bool logarithmic, double from, double to);

  std::vector<double> ticks_;
  bool logarithmic_;
  double from_;
  double to_;
};

/// Lines at the ticks of an axis across the page, and their numbers below.
void grid_down(cairo_t* cr, const Axis& x, double top, double bottom);
/// Lines at the ticks of an axis up the page, and their numbers on the left.
void grid_across(cairo_t* cr, const Axis& y, double left, double right);

/// What stands for a published figure: a hollow square.
void square(cairo_t* cr, Point centre);
/// A line through points.
void polyline(cairo_t* cr, const std::vector<Point>& points, double width);

/// Writes in letters of `size`, or of less if the text would be wider than `width`.
void write_within(cairo_t* cr, Point at, const std::string& text, double size, double width);

/// Some numbers under one name.
struct ChartSeries {
  std::string name;
  bool published = false;  ///< hollow: what others report; filled: what was run
};

/// Grey for what is published, a hue of its own for what was run.
[[nodiscard]] Colour series_colour(const std::vector<ChartSeries>& all, std::size_t series);

/// The names of series from `at` down, a line of `legend_line` each.
inline constexpr double legend_line = 20;
void legend(cairo_t* cr, const std::vector<ChartSeries>& all, Point at);

}  // namespace saccade::experiments
