#include "experiments/line_chart.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"

namespace saccade::experiments {
namespace {

constexpr double margin = 24;
constexpr double title_height = 34;
constexpr double numbers_width = 34;
constexpr double plot_width = 420;
constexpr double plot_height = 300;
constexpr double names_width = 330;  // of levels, at the right
constexpr double axis_height = 44;

void check_series(const LineChart& chart, std::size_t series) {
  if (series >= chart.series.size()) throw ArgumentError("draw_line_chart: a point or a level names no series");
}

Range values_of(const LineChart& chart) {
  Range range;
  for (const ChartPoint& point : chart.points) {
    check_series(chart, point.series);
    range.add_positive(point.value, point.half_width);
  }
  for (const ChartLevel& level : chart.levels) {
    check_series(chart, level.series);
    range.add_positive(level.value, 0);
  }
  return range;
}

/// Each x that there is has a tick; half a step of room on both sides.
std::vector<double> ticks_of(const LineChart& chart) {
  std::vector<double> ticks;
  for (const ChartPoint& point : chart.points) ticks.push_back(point.x);
  std::sort(ticks.begin(), ticks.end());
  ticks.erase(std::unique(ticks.begin(), ticks.end()), ticks.end());
  while (ticks.size() < 2) ticks.push_back(ticks.empty() ? 0 : ticks.back() + 1);
  return ticks;
}

/// Its lower end may lie far below, or nowhere on a logarithmic axis: an arrow says so.
void draw_interval(cairo_t* cr, const ChartPoint& point, Point at, const Axis& y) {
  const double low = point.value - point.half_width, end = y.at(low);
  line(cr, {at.x, end}, {at.x, y.at(point.value + point.half_width)}, 2);
  if (low > 0 && low >= y.ticks().front()) return;
  line(cr, {at.x, end}, {at.x - 4, end - 6}, 2);
  line(cr, {at.x, end}, {at.x + 4, end - 6}, 2);
}

void draw_point(cairo_t* cr, const LineChart& chart, const ChartPoint& point, Point at, const Axis& y) {
  if (chart.series[point.series].published) return square(cr, at);
  if (point.half_width > 0) draw_interval(cr, point, at, y);
  disc(cr, at, 4);
}

/// Series lie a little beside each other, so that no interval hides another.
void draw_series(cairo_t* cr, const LineChart& chart, std::size_t series, const Axis& x, const Axis& y) {
  constexpr double apart = 4;
  const double aside = apart * (static_cast<double>(series) - static_cast<double>(chart.series.size() - 1) / 2);
  std::vector<Point> line;
  set_colour(cr, series_colour(chart.series, series));
  for (const ChartPoint& point : chart.points) {
    if (point.series != series || !(point.value > 0)) continue;
    line.push_back({x.at(point.x) + aside, y.at(point.value)});
    draw_point(cr, chart, point, line.back(), y);
  }
  polyline(cr, line, chart.series[series].published ? 1 : 1.8);
}

/// Names keep apart from each other, the one of the greatest value on top.
void draw_levels(cairo_t* cr, const LineChart& chart, const Axis& y, double left, double right) {
  constexpr double line_height = 14;
  std::vector<ChartLevel> levels = chart.levels;
  std::erase_if(levels, [](const ChartLevel& level) { return !(level.value > 0); });
  std::sort(levels.begin(), levels.end(), [](const auto& a, const auto& b) { return a.value > b.value; });
  double lowest = -std::numeric_limits<double>::infinity();
  set_font(cr, 10.5);
  for (const ChartLevel& level : levels) {
    const double at = y.at(level.value);
    lowest = std::max(lowest + line_height, at);
    set_colour(cr, series_colour(chart.series, level.series));
    dashed_line(cr, {left, at}, {right, at}, 1);
    set_colour(cr, faint_ink);
    line(cr, {right, at}, {right + 10, lowest}, 1);
    write(cr, {right + 14, lowest + 4}, level.name);
  }
}

}  // namespace

std::string draw_line_chart(const LineChart& chart, std::size_t pixel_ratio) {
  const double left = margin + numbers_width, top = margin + title_height, bottom = top + plot_height;
  const double width = left + plot_width + names_width + margin;
  const double height = bottom + axis_height + legend_line * static_cast<double>(chart.series.size()) + margin;
  const std::vector<double> ticks = ticks_of(chart);
  const double room = plot_width / static_cast<double>(2 * ticks.size());
  const Axis x = Axis::with_ticks(ticks, left + room, left + plot_width - room);
  const Axis y = Axis::logarithmic(values_of(chart), bottom, top);
  const Canvas canvas(width, height, pixel_ratio);
  cairo_t* cr = canvas.context();
  write_title(canvas, {margin, margin + 14}, chart.title, width - 2 * margin);
  grid_down(cr, x, top, bottom);
  grid_across(cr, y, left, left + plot_width);
  write_left_of(cr, {left + plot_width, bottom + 30}, chart.x_axis);
  draw_levels(cr, chart, y, left, left + plot_width);
  for (std::size_t series = 0; series < chart.series.size(); ++series) draw_series(cr, chart, series, x, y);
  legend(cr, chart.series, {left, bottom + axis_height + 10});
  set_colour(cr, faint_ink);
  set_font(cr, 10.5);
  write(cr, {left + 200, bottom + axis_height + 14}, chart.y_axis + ", logarithmic; bars: 95 % interval over seeds");
  return canvas.png();
}

}  // namespace saccade::experiments
