#include "experiments/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"

namespace saccade::experiments {
namespace {

constexpr std::array<Colour, 7> hues{{{0.00, 0.45, 0.70},
                                      {0.84, 0.37, 0.00},
                                      {0.00, 0.62, 0.45},
                                      {0.80, 0.47, 0.65},
                                      {0.90, 0.62, 0.00},
                                      {0.34, 0.71, 0.91},
                                      {0.35, 0.35, 0.38}}};
constexpr std::array<Colour, 2> greys{{{0.60, 0.60, 0.62}, {0.20, 0.20, 0.22}}};

}  // namespace

const Colour& hue(std::size_t n) { return hues.at(n % hues.size()); }

void Range::add(double value) {
  low = std::min(low, value);
  high = std::max(high, value);
}

void Range::add_positive(double value, double half_width) {
  if (!(value > 0)) return;
  const double below = value - half_width;
  add(below > value / 4 ? below : value);
  add(value + half_width);
}

std::vector<double> linear_ticks(double low, double high, std::size_t count) {
  if (!std::isfinite(low) || !std::isfinite(high) || low > high)
    throw ArgumentError("linear_ticks: expected finite low <= high");
  const double length = high > low ? high - low : std::max(std::abs(low), 1.0);
  const double rough = length / static_cast<double>(count);
  const double power = std::pow(10, std::floor(std::log10(rough)));
  const double mantissa = rough / power;
  const double step = power * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10);
  std::vector<double> ticks;
  const auto first = static_cast<std::int64_t>(std::floor(low / step + 1e-9));
  const auto last = std::max(static_cast<std::int64_t>(std::ceil(high / step - 1e-9)), first + 1);
  for (std::int64_t i = first; i <= last; ++i) ticks.push_back(static_cast<double>(i) * step);
  return ticks;
}

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

Axis::Axis(std::vector<double> ticks, bool logarithmic, double from, double to)
    : ticks_{std::move(ticks)}, logarithmic_{logarithmic}, from_{from}, to_{to} {}

Axis Axis::linear(const Range& range, double from, double to) {
  return {range.empty() ? std::vector<double>{0, 1} : linear_ticks(range.low, range.high), false, from, to};
}

Axis Axis::logarithmic(const Range& range, double from, double to) {
  return {range.empty() ? log_ticks(1, 10) : log_ticks(range.low, range.high), true, from, to};
}

Axis Axis::with_ticks(std::vector<double> ticks, double from, double to) {
  if (ticks.size() < 2) throw ArgumentError("Axis: expected two ticks or more");
  return {std::move(ticks), false, from, to};
}

double Axis::at(double value) const {
  const double first = ticks_.front(), last = ticks_.back();
  if (!logarithmic_) return from_ + (value - first) / (last - first) * (to_ - from_);
  const double share = value > 0 ? std::log(value / first) / std::log(last / first) : 0;
  return from_ + std::clamp(share, 0.0, 1.0) * (to_ - from_);
}

void grid_down(cairo_t* cr, const Axis& x, double top, double bottom) {
  set_font(cr, 10.5);
  for (const double tick : x.ticks()) {
    set_colour(cr, hair_ink);
    line(cr, {x.at(tick), top}, {x.at(tick), bottom}, 1);
    set_colour(cr, faint_ink);
    write_centred(cr, {x.at(tick), bottom + 12}, fmt::format("{:g}", tick));
  }
}

void grid_across(cairo_t* cr, const Axis& y, double left, double right) {
  set_font(cr, 10.5);
  for (const double tick : y.ticks()) {
    set_colour(cr, hair_ink);
    line(cr, {left, y.at(tick)}, {right, y.at(tick)}, 1);
    set_colour(cr, faint_ink);
    write_left_of(cr, {left - 6, y.at(tick) + 4}, fmt::format("{:g}", tick));
  }
}

void square(cairo_t* cr, Point centre) {
  constexpr double side = 8;
  frame(cr, {centre.x - side / 2, centre.y - side / 2, side, side}, 1.8);
}

void polyline(cairo_t* cr, const std::vector<Point>& points, double width) {
  cairo_set_line_width(cr, width);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  cairo_new_path(cr);  // a text before leaves a point
  for (const Point& point : points) cairo_line_to(cr, point.x, point.y);
  cairo_stroke(cr);
}

void write_within(cairo_t* cr, Point at, const std::string& text, double size, double width) {
  set_colour(cr, ink);
  set_font(cr, size);
  set_font(cr, std::min(size, size * width / std::max(text_width(cr, text), 1.0)));
  write(cr, at, text);
}

Colour series_colour(const std::vector<ChartSeries>& all, std::size_t series) {
  std::size_t before = 0;
  for (std::size_t i = 0; i < series; ++i) before += all[i].published == all[series].published ? 1 : 0;
  return all[series].published ? greys.at(before % greys.size()) : hue(before);
}

void legend(cairo_t* cr, const std::vector<ChartSeries>& all, Point at) {
  for (std::size_t i = 0; i < all.size(); ++i, at.y += legend_line) {
    set_colour(cr, series_colour(all, i));
    if (all[i].published) {
      square(cr, {at.x + 4, at.y});
    } else {
      disc(cr, {at.x + 4, at.y}, 4);
    }
    set_colour(cr, ink);
    set_font(cr, 11);
    write(cr, {at.x + 18, at.y + 4}, all[i].name);
  }
}

}  // namespace saccade::experiments
