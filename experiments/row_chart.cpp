#include "experiments/row_chart.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"

namespace saccade::experiments {
namespace {

constexpr double margin = 24;
constexpr double title_height = 34;
constexpr double row_height = 30;
constexpr double names_width = 300;
constexpr double plot_width = 560;
constexpr double axis_height = 44;

Range range_of(const RowChart& chart) {
  Range range;
  if (!chart.logarithmic) range.add(0);
  for (const ChartRow& row : chart.rows) {
    for (const ChartMark& mark : row.marks) {
      if (mark.series >= chart.series.size()) throw ArgumentError("draw_row_chart: a mark names no series");
      if (chart.logarithmic) range.add_positive(mark.value, mark.half_width);
      if (!chart.logarithmic) range.add(mark.value + mark.half_width);
      range.high = std::min(range.high, std::max(chart.most, mark.value));
    }
  }
  return range;
}

/// Where things are.
class Layout {
 public:
  explicit Layout(const RowChart& chart)
      : chart_{&chart},
        axis_{(chart.logarithmic ? Axis::logarithmic : Axis::linear)(range_of(chart), left(), left() + plot_width)} {}

  [[nodiscard]] const Axis& axis() const { return axis_; }
  [[nodiscard]] double x(double value) const { return axis_.at(value); }
  [[nodiscard]] double y(std::size_t row) const { return top() + (static_cast<double>(row) + 0.5) * row_height; }
  [[nodiscard]] static double left() { return margin + names_width; }
  [[nodiscard]] static double top() { return margin + title_height; }
  [[nodiscard]] double bottom() const { return top() + static_cast<double>(chart_->rows.size()) * row_height; }
  [[nodiscard]] static double width() { return left() + plot_width + margin + 16; }
  [[nodiscard]] double height() const {
    return bottom() + axis_height + legend_line * static_cast<double>(chart_->series.size()) + margin;
  }

 private:
  const RowChart* chart_;
  Axis axis_;
};

void draw_axis(cairo_t* cr, const RowChart& chart, const Layout& at) {
  grid_down(cr, at.axis(), Layout::top(), at.bottom());
  write_left_of(
      cr, {Layout::left() + plot_width, at.bottom() + 34},
      fmt::format("{}{}; bars: 95 % interval over seeds", chart.axis, chart.logarithmic ? ", logarithmic" : ""));
}

/// Its lower end may lie far to the left, or nowhere on a logarithmic axis: an arrow says so.
void draw_interval(cairo_t* cr, const RowChart& chart, const Layout& at, const ChartMark& mark, double y) {
  const double low = mark.value - mark.half_width;
  const double from = low > 0 ? at.x(low) : Layout::left();
  line(cr, {from, y}, {at.x(std::min(mark.value + mark.half_width, chart.most)), y}, 2);
  if (!chart.logarithmic || (low > 0 && low >= at.axis().ticks().front())) return;
  line(cr, {from, y}, {from + 6, y - 4}, 2);
  line(cr, {from, y}, {from + 6, y + 4}, 2);
}

void draw_mark(cairo_t* cr, const RowChart& chart, const Layout& at, const ChartMark& mark, double y) {
  if (chart.logarithmic && !(mark.value > 0)) return;
  set_colour(cr, series_colour(chart.series, mark.series));
  if (chart.series[mark.series].published) {
    square(cr, {at.x(mark.value), y});
    return;
  }
  if (mark.half_width > 0) draw_interval(cr, chart, at, mark, y);
  disc(cr, {at.x(mark.value), y}, 4);
}

/// The marks of a row a little above each other, so that none hides another.
void draw_row(cairo_t* cr, const RowChart& chart, const Layout& at, std::size_t row) {
  constexpr double spread = 14;
  set_colour(cr, hair_ink);
  line(cr, {margin, at.y(row) + row_height / 2}, {Layout::left() + plot_width, at.y(row) + row_height / 2}, 1);
  write_within(cr, {margin, at.y(row) + 4}, chart.rows[row].name, 12, names_width - 16);
  const auto count = static_cast<double>(chart.series.size());
  for (const ChartMark& mark : chart.rows[row].marks) {
    const double place = count > 1 ? static_cast<double>(mark.series) / (count - 1) - 0.5 : 0;
    draw_mark(cr, chart, at, mark, at.y(row) + place * spread);
  }
}

}  // namespace

std::string draw_row_chart(const RowChart& chart, std::size_t pixel_ratio) {
  const Layout at(chart);
  const Canvas canvas(Layout::width(), at.height(), pixel_ratio);
  cairo_t* cr = canvas.context();
  write_title(canvas, {margin, margin + 14}, chart.title, Layout::width() - 2 * margin);
  draw_axis(cr, chart, at);
  for (std::size_t row = 0; row < chart.rows.size(); ++row) draw_row(cr, chart, at, row);
  legend(cr, chart.series, {Layout::left(), at.bottom() + axis_height + 10});
  return canvas.png();
}

}  // namespace saccade::experiments
