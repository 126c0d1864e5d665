#include "experiments/row_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "experiments/canvas.hpp"

namespace saccade::experiments {
namespace {

constexpr double margin = 24;
constexpr double title_height = 34;
constexpr double row_height = 30;
constexpr double names_width = 300;
constexpr double plot_width = 560;
constexpr double axis_height = 44;
constexpr double legend_line = 20;

/// Wong 2011, "Points of view: Color blindness": apart for every eye.
constexpr std::array<Colour, 6> hues{{{0.00, 0.45, 0.70},
                                      {0.84, 0.37, 0.00},
                                      {0.00, 0.62, 0.45},
                                      {0.80, 0.47, 0.65},
                                      {0.90, 0.62, 0.00},
                                      {0.34, 0.71, 0.91}}};
constexpr std::array<Colour, 2> greys{{{0.60, 0.60, 0.62}, {0.20, 0.20, 0.22}}};

Colour colour_of(const RowChart& chart, std::size_t series) {
  std::size_t before = 0;
  for (std::size_t i = 0; i < series; ++i)
    before += chart.series[i].published == chart.series[series].published ? 1 : 0;
  return chart.series[series].published ? greys.at(before % greys.size()) : hues.at(before % hues.size());
}

struct Range {
  double low, high;
};

Range range_of(const RowChart& chart) {
  Range range{0, 0};
  for (const ChartRow& row : chart.rows) {
    for (const ChartMark& mark : row.marks) {
      if (mark.series >= chart.series.size()) throw ArgumentError("draw_row_chart: a mark names no series");
      if (!(mark.value > 0)) continue;
      const double below = mark.value - mark.half_width;
      const double low = below > mark.value / 4 ? below : mark.value;
      range.low = range.low > 0 ? std::min(range.low, low) : low;
      range.high = std::max(range.high, mark.value + mark.half_width);
    }
  }
  return range.high > 0 ? range : Range{1, 10};
}

/// Where things are.
class Layout {
 public:
  explicit Layout(const RowChart& chart)
      : chart_{&chart}, ticks_{log_ticks(range_of(chart).low, range_of(chart).high)} {}

  [[nodiscard]] double x(double value) const {
    const double share = std::log(value / ticks_.front()) / std::log(ticks_.back() / ticks_.front());
    return left() + std::clamp(share, 0.0, 1.0) * plot_width;
  }
  [[nodiscard]] double y(std::size_t row) const { return top() + (static_cast<double>(row) + 0.5) * row_height; }
  [[nodiscard]] static double left() { return margin + names_width; }
  [[nodiscard]] static double top() { return margin + title_height; }
  [[nodiscard]] double bottom() const { return top() + static_cast<double>(chart_->rows.size()) * row_height; }
  [[nodiscard]] static double width() { return left() + plot_width + margin + 16; }
  [[nodiscard]] double height() const {
    return bottom() + axis_height + legend_line * static_cast<double>(chart_->series.size()) + margin;
  }
  [[nodiscard]] const std::vector<double>& ticks() const { return ticks_; }

 private:
  const RowChart* chart_;
  std::vector<double> ticks_;
};

void draw_axis(cairo_t* cr, const RowChart& chart, const Layout& at) {
  set_font(cr, 11);
  for (const double tick : at.ticks()) {
    set_colour(cr, hair_ink);
    line(cr, {at.x(tick), Layout::top()}, {at.x(tick), at.bottom()}, 1);
    set_colour(cr, faint_ink);
    write_centred(cr, {at.x(tick), at.bottom() + 12}, fmt::format("{:g}", tick));
  }
  write_left_of(cr, {Layout::left() + plot_width, at.bottom() + 34},
                fmt::format("{}, logarithmic; bars: 95 % interval over seeds", chart.axis));
}

void draw_square(cairo_t* cr, Point centre) {
  constexpr double side = 8;
  frame(cr, {centre.x - side / 2, centre.y - side / 2, side, side}, 1.8);
}

void draw_mark(cairo_t* cr, const RowChart& chart, const Layout& at, const ChartMark& mark, double y) {
  if (!(mark.value > 0)) return;
  set_colour(cr, colour_of(chart, mark.series));
  if (chart.series[mark.series].published) {
    draw_square(cr, {at.x(mark.value), y});
    return;
  }
  const double low = std::max(mark.value - mark.half_width, at.ticks().front());
  if (mark.half_width > 0) line(cr, {at.x(low), y}, {at.x(mark.value + mark.half_width), y}, 2);
  disc(cr, {at.x(mark.value), y}, 4);
}

/// In smaller letters if it would run into the plot.
void draw_name(cairo_t* cr, const std::string& name, Point at) {
  constexpr double size = 12;
  set_colour(cr, ink);
  set_font(cr, size);
  set_font(cr, std::min(size, size * (names_width - 16) / std::max(text_width(cr, name), 1.0)));
  write(cr, at, name);
}

/// The marks of a row a little above each other, so that none hides another.
void draw_row(cairo_t* cr, const RowChart& chart, const Layout& at, std::size_t row) {
  constexpr double spread = 14;
  set_colour(cr, hair_ink);
  line(cr, {margin, at.y(row) + row_height / 2}, {Layout::left() + plot_width, at.y(row) + row_height / 2}, 1);
  draw_name(cr, chart.rows[row].name, {margin, at.y(row) + 4});
  const auto count = static_cast<double>(chart.series.size());
  for (const ChartMark& mark : chart.rows[row].marks) {
    const double place = count > 1 ? static_cast<double>(mark.series) / (count - 1) - 0.5 : 0;
    draw_mark(cr, chart, at, mark, at.y(row) + place * spread);
  }
}

void draw_legend(cairo_t* cr, const RowChart& chart, const Layout& at) {
  double y = at.bottom() + axis_height + 10;
  for (std::size_t i = 0; i < chart.series.size(); ++i, y += legend_line) {
    set_colour(cr, colour_of(chart, i));
    if (chart.series[i].published) {
      draw_square(cr, {Layout::left() + 4, y});
    } else {
      disc(cr, {Layout::left() + 4, y}, 4);
    }
    set_colour(cr, ink);
    set_font(cr, 11);
    write(cr, {Layout::left() + 18, y + 4}, chart.series[i].name);
  }
}

}  // namespace

std::vector<double> log_ticks(double low, double high) {
  if (!(low > 0) || !(low <= high)) throw ArgumentError("log_ticks: expected 0 < low <= high");
  constexpr std::array<double, 3> mantissas{1, 2, 5};
  std::vector<double> ticks;
  for (int power = static_cast<int>(std::floor(std::log10(low)));; ++power) {
    for (const double mantissa : mantissas) {
      const double tick = mantissa * std::pow(10, power);
      if (tick <= low) ticks.clear();
      ticks.push_back(tick);
      if (tick >= high && ticks.size() > 1) return ticks;
    }
  }
}

std::string draw_row_chart(const RowChart& chart, std::size_t pixel_ratio) {
  const Layout at(chart);
  const Canvas canvas(Layout::width(), at.height(), pixel_ratio);
  cairo_t* cr = canvas.context();
  write_title(canvas, {margin, margin + 14}, chart.title, Layout::width() - 2 * margin);
  draw_axis(cr, chart, at);
  for (std::size_t row = 0; row < chart.rows.size(); ++row) draw_row(cr, chart, at, row);
  draw_legend(cr, chart, at);
  return canvas.png();
}

}  // namespace saccade::experiments
