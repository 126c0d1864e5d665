#pragma once

#include <limits>
#include <string>
#include <vector>

#include "experiments/plot.hpp"

/// Numbers of several series for several rows, side by side on one axis: what a table says, to look at.
namespace saccade::experiments {

struct ChartMark {
  std::size_t series = 0;
  double value = 0;       ///< on a logarithmic axis above 0; others are left out
  double half_width = 0;  ///< of an interval around it; 0: none
};

struct ChartRow {
  std::string name;
  std::vector<ChartMark> marks;
};

struct RowChart {
  std::string title;
  std::string axis;  ///< what the numbers are, with the unit
  std::vector<ChartSeries> series;
  std::vector<ChartRow> rows;
  double most = std::numeric_limits<double>::infinity();  ///< that a number can be; intervals end there
  bool logarithmic = true;                                ///< or linear from 0, for shares of all sizes
};

/// A PNG file's contents: a line a row, a dot a mark with its interval, an arrow where that goes on beyond the axis,
/// published figures as hollow squares, a legend.
/// @throws ArgumentError  if a mark names no series
[[nodiscard]] std::string draw_row_chart(const RowChart& chart, std::size_t pixel_ratio = 2);

}  // namespace saccade::experiments
