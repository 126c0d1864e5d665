#pragma once

#include <string>
#include <vector>

#include "experiments/plot.hpp"

/// Numbers of several series over a few whole numbers, on a logarithmic axis: error against glimpses, say.
namespace saccade::experiments {

struct ChartPoint {
  std::size_t series = 0;
  double x = 0;
  double value = 0;       ///< above 0; others are left out
  double half_width = 0;  ///< of an interval around it; 0: none
};

/// Something that does not depend on x, to compare with.
struct ChartLevel {
  std::string name;
  double value = 0;        ///< above 0; others are left out
  std::size_t series = 0;  ///< whose colour it has
};

struct LineChart {
  std::string title;
  std::string x_axis;  ///< what x is
  std::string y_axis;  ///< what the numbers are, with the unit
  std::vector<ChartSeries> series;
  std::vector<ChartPoint> points;
  std::vector<ChartLevel> levels;
};

/// A PNG file's contents: a line a series, published ones hollow, intervals as bars, levels as dashes with their names
/// at the right, a legend.
/// @throws ArgumentError  if a point or a level names no series
[[nodiscard]] std::string draw_line_chart(const LineChart& chart, std::size_t pixel_ratio = 2);

}  // namespace saccade::experiments
