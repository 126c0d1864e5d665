#include "experiments/compare_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/errors.hpp"
#include "experiments/canvas.hpp"

namespace saccade::experiments {
namespace {

constexpr double margin = 24;
constexpr double title_height = 40;
constexpr double axis_height = 44;
constexpr double curves_width = 460;
constexpr double names_width = 230;
constexpr double bars_width = 300;
constexpr double row_height = 26;
constexpr double legend_line = 18;
constexpr double gap = 40;

/// Wong 2011, "Points of view: Color blindness": apart for every eye.
constexpr std::array<Colour, 7> hues{{{0.00, 0.45, 0.70},
                                      {0.84, 0.37, 0.00},
                                      {0.00, 0.62, 0.45},
                                      {0.80, 0.47, 0.65},
                                      {0.90, 0.62, 0.00},
                                      {0.34, 0.71, 0.91},
                                      {0.35, 0.35, 0.38}}};

const Colour& hue(std::size_t group) { return hues.at(group % hues.size()); }

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  [[nodiscard]] bool empty() const { return low > high; }
};

/// A linear map of numbers onto a stretch of the page.
class Axis {
 public:
  Axis(Range range, double from, double to)
      : ticks_{range.empty() ? std::vector<double>{0, 1} : linear_ticks(range.low, range.high)}, from_{from}, to_{to} {}

  [[nodiscard]] double at(double value) const {
    return from_ + (value - ticks_.front()) / (ticks_.back() - ticks_.front()) * (to_ - from_);
  }
  [[nodiscard]] const std::vector<double>& ticks() const { return ticks_; }

 private:
  std::vector<double> ticks_;
  double from_;
  double to_;
};

std::string first_measure(const Comparison& c) { return c.groups.front().modes().front().measures.front().first; }

void heading(cairo_t* cr, Point at, const std::string& text) {
  set_colour(cr, ink);
  set_font(cr, 12, true);
  write(cr, at, text);
}

void grid_down(cairo_t* cr, const Axis& x, double top, double bottom) {
  set_font(cr, 10);
  for (const double tick : x.ticks()) {
    set_colour(cr, hair_ink);
    line(cr, {x.at(tick), top}, {x.at(tick), bottom}, 1);
    set_colour(cr, faint_ink);
    write_centred(cr, {x.at(tick), bottom + 11}, fmt::format("{:g}", tick));
  }
}

void grid_across(cairo_t* cr, const Axis& y, double left, double right) {
  set_font(cr, 10);
  for (const double tick : y.ticks()) {
    set_colour(cr, hair_ink);
    line(cr, {left, y.at(tick)}, {right, y.at(tick)}, 1);
    set_colour(cr, faint_ink);
    write_left_of(cr, {left - 6, y.at(tick) + 4}, fmt::format("{:g}", tick));
  }
}

/// Mean over the runs of a group, as far as all go.
std::vector<CurvePoint> mean_curve(const ComparedGroup& group) {
  std::vector<CurvePoint> mean = group.details.front().curve;
  for (const RunDetails& run : group.details) mean.resize(std::min(mean.size(), run.curve.size()));
  for (std::size_t i = 0; i < mean.size(); ++i) {
    mean[i].value = 0;
    for (const RunDetails& run : group.details)
      mean[i].value += run.curve[i].value / static_cast<double>(group.details.size());
  }
  return mean;
}

void draw_curve(cairo_t* cr, const std::vector<CurvePoint>& curve, const Axis& x, const Axis& y, double width) {
  cairo_set_line_width(cr, width);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  cairo_new_path(cr);  // a text before leaves a point
  for (const CurvePoint& point : curve) cairo_line_to(cr, x.at(point.epoch), y.at(100 * point.value));
  cairo_stroke(cr);
}

void draw_curves(cairo_t* cr, const Comparison& c, const Rectangle& box) {
  Range epochs, values;
  epochs.add(0);
  for (const ComparedGroup& group : c.groups) {
    for (const RunDetails& run : group.details) {
      for (const CurvePoint& point : run.curve) {
        epochs.add(point.epoch);
        values.add(100 * point.value);
      }
    }
  }
  heading(cr, {box.left - 34, box.top - 14}, fmt::format("validation {}, %", first_measure(c)));
  const Axis x(epochs.high > 0 ? epochs : Range{}, box.left, box.left + box.width);
  const Axis y(values, box.top + box.height, box.top);
  grid_down(cr, x, box.top, box.top + box.height);
  grid_across(cr, y, box.left, box.left + box.width);
  write_left_of(cr, {box.left + box.width, box.top + box.height + 28}, "epochs");
  for (std::size_t g = 0; g < c.groups.size(); ++g) {
    set_colour(cr, hue(g), 0.35);
    if (c.groups[g].details.size() > 1) {
      for (const RunDetails& run : c.groups[g].details) draw_curve(cr, run.curve, x, y, 1);
    }
    set_colour(cr, hue(g));
    draw_curve(cr, mean_curve(c.groups[g]), x, y, 2.2);
  }
}

void draw_legend(cairo_t* cr, const Comparison& c, Point at) {
  for (std::size_t g = 0; g < c.groups.size(); ++g, at.y += legend_line) {
    set_colour(cr, hue(g));
    line(cr, {at.x, at.y - 4}, {at.x + 18, at.y - 4}, 3);
    set_colour(cr, ink);
    set_font(cr, 11);
    write(cr, {at.x + 26, at.y},
          fmt::format("{}: {}, {} seed{}", c.groups[g].row.name, c.leading[g], c.groups[g].row.runs.size(),
                      c.groups[g].row.runs.size() == 1 ? "" : "s"));
  }
}

/// In smaller letters if it would run into the plot.
void row_name(cairo_t* cr, const std::string& name, Point at) {
  constexpr double size = 11;
  set_colour(cr, ink);
  set_font(cr, size);
  set_font(cr, std::min(size, size * (names_width - 12) / std::max(text_width(cr, name), 1.0)));
  write(cr, at, name);
}

SeedStatistics statistics_of(const Comparison& c, std::size_t g) {
  std::vector<double> values = c.groups[g].values(c.leading[g], first_measure(c));
  for (double& value : values) value *= 100;
  return seed_statistics(values);
}

void draw_measures(cairo_t* cr, const Comparison& c, Point at) {
  Range range;
  range.add(0);
  for (std::size_t g = 0; g < c.groups.size(); ++g) {
    const SeedStatistics s = statistics_of(c, g);
    range.add(s.mean - s.half_width);
    range.add(s.mean + s.half_width);
  }
  heading(cr, {at.x, at.y - 14}, fmt::format("test {}, %, and 95 % interval over seeds", first_measure(c)));
  const Axis x(range, at.x + names_width, at.x + names_width + bars_width);
  const double bottom = at.y + row_height * static_cast<double>(c.groups.size());
  grid_down(cr, x, at.y, bottom);
  for (std::size_t g = 0; g < c.groups.size(); ++g) {
    const double y = at.y + (static_cast<double>(g) + 0.5) * row_height;
    row_name(cr, c.groups[g].row.name, {at.x, y + 4});
    const SeedStatistics s = statistics_of(c, g);
    set_colour(cr, hue(g), 0.35);
    cairo_rectangle(cr, x.at(0), y - 7, x.at(s.mean) - x.at(0), 14);
    cairo_fill(cr);
    set_colour(cr, hue(g));
    line(cr, {x.at(s.mean - s.half_width), y}, {x.at(s.mean + s.half_width), y}, 2);
    disc(cr, {x.at(s.mean), y}, 3.5);
  }
}

void draw_difference(cairo_t* cr, const MeasureDifference& d, const Axis& x, double y) {
  if (d.seeds) line(cr, {x.at(d.seeds->low), y + 4}, {x.at(d.seeds->high), y + 4}, 1.2);
  if (d.items) line(cr, {x.at(d.items->low), y - 3}, {x.at(d.items->high), y - 3}, 4);
  disc(cr, {x.at(d.points), y}, 4);
}

std::vector<const GroupPair*> drawn_pairs(const Comparison& c) {
  std::vector<const GroupPair*> pairs;
  for (const GroupPair& pair : c.pairs) {
    if (!pair.modes.front().differences.empty()) pairs.push_back(&pair);
  }
  return pairs;
}

void draw_differences(cairo_t* cr, const Comparison& c, Point at) {
  const std::vector<const GroupPair*> pairs = drawn_pairs(c);
  Range range;
  range.add(0);
  for (const GroupPair* pair : pairs) {
    const MeasureDifference& d = pair->modes.front().differences.front();
    range.add(d.points);
    if (d.items) range.add(d.items->low), range.add(d.items->high);
    if (d.seeds) range.add(d.seeds->low), range.add(d.seeds->high);
  }
  heading(cr, {at.x, at.y - 14}, "differences, points; 95 % over items (thick), over seeds (thin)");
  const Axis x(range, at.x + names_width, at.x + names_width + bars_width);
  const double bottom = at.y + row_height * static_cast<double>(pairs.size());
  grid_down(cr, x, at.y, bottom);
  set_colour(cr, faint_ink);
  line(cr, {x.at(0), at.y}, {x.at(0), bottom}, 1.5);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const double y = at.y + (static_cast<double>(i) + 0.5) * row_height;
    row_name(cr, fmt::format("{} less {}", c.groups[pairs[i]->second].row.name, c.groups[pairs[i]->first].row.name),
             {at.x, y + 4});
    set_colour(cr, hue(pairs[i]->second));
    draw_difference(cr, pairs[i]->modes.front().differences.front(), x, y);
  }
}

std::string title_of(const Comparison& c) {
  std::string names;
  for (const ComparedGroup& group : c.groups) names += (names.empty() ? "" : ", ") + group.row.name;
  return fmt::format("{}: {}", c.groups.front().world, names);
}

}  // namespace

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

std::string draw_comparison(const Comparison& c, std::size_t pixel_ratio) {
  const double top = margin + title_height + 16;
  const double measures_height = row_height * static_cast<double>(c.groups.size());
  const double right_height =
      measures_height + axis_height + 24 + row_height * static_cast<double>(drawn_pairs(c).size());
  const double plot_height = std::max(right_height, 240.0);
  const double width = 2 * margin + 34 + curves_width + gap + names_width + bars_width + 12;
  const double height = top + plot_height + axis_height + legend_line * static_cast<double>(c.groups.size()) + margin;
  const Canvas canvas(width, height, pixel_ratio);
  cairo_t* cr = canvas.context();
  write_title(canvas, {margin, margin + 14}, title_of(c), width - 2 * margin);
  draw_curves(cr, c, {margin + 34, top, curves_width, plot_height});
  const double right = margin + 34 + curves_width + gap;
  draw_measures(cr, c, {right, top});
  draw_differences(cr, c, {right, top + measures_height + axis_height + 24});
  draw_legend(cr, c, {margin + 34, top + plot_height + axis_height + 10});
  return canvas.png();
}

}  // namespace saccade::experiments
