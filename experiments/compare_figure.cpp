#include "experiments/compare_figure.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "experiments/plot.hpp"

namespace saccade::experiments {
namespace {

constexpr double margin = 24;
constexpr double title_height = 40;
constexpr double axis_height = 44;
constexpr double curves_width = 460;
constexpr double names_width = 230;
constexpr double bars_width = 300;
constexpr double row_height = 26;
constexpr double gap = 40;
constexpr double entropy_height = 160;

std::string first_measure(const Comparison& c) { return c.groups.front().modes().front().measures.front().first; }

void heading(cairo_t* cr, Point at, const std::string& text) {
  set_colour(cr, ink);
  set_font(cr, 12, true);
  write(cr, at, text);
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
  std::vector<Point> points;
  for (const CurvePoint& point : curve) points.push_back({x.at(point.epoch), y.at(100 * point.value)});
  polyline(cr, points, width);
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
  const Axis x = Axis::linear(epochs.high > 0 ? epochs : Range{}, box.left, box.left + box.width);
  const Axis y = Axis::linear(values, box.top + box.height, box.top);
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

/// ln L of those that wrote their entropy; 0 if none did.
double uniform_entropy(const Comparison& c) {
  double greatest = 0;
  for (std::size_t g = 0; g < c.groups.size(); ++g) {
    if (c.groups[g].entropy_by_step(c.leading[g]).empty()) continue;
    for (const double nats : c.groups[g].values(c.leading[g], "uniform_entropy")) greatest = std::max(greatest, nats);
  }
  return greatest;
}

void draw_entropies(cairo_t* cr, const Comparison& c, double uniform, const Rectangle& box) {
  Range steps, nats;
  steps.add(1);
  nats.add(0);
  nats.add(uniform);
  for (std::size_t g = 0; g < c.groups.size(); ++g) {
    steps.add(static_cast<double>(c.groups[g].entropy_by_step(c.leading[g]).size()));
  }
  heading(cr, {box.left - 34, box.top - 14}, "attention entropy by reading, nats; dashed: uniform attention, ln L");
  const Axis x = Axis::linear(steps, box.left, box.left + box.width);
  const Axis y = Axis::linear(nats, box.top + box.height, box.top);
  grid_down(cr, x, box.top, box.top + box.height);
  grid_across(cr, y, box.left, box.left + box.width);
  write_left_of(cr, {box.left + box.width, box.top + box.height + 28}, "readings");
  set_colour(cr, faint_ink);
  dashed_line(cr, {box.left, y.at(uniform)}, {box.left + box.width, y.at(uniform)}, 1.5);
  for (std::size_t g = 0; g < c.groups.size(); ++g) {
    const std::vector<double> entropy = c.groups[g].entropy_by_step(c.leading[g]);
    std::vector<Point> points;
    for (std::size_t t = 0; t < entropy.size(); ++t)
      points.push_back({x.at(static_cast<double>(t + 1)), y.at(entropy[t])});
    set_colour(cr, hue(g));
    polyline(cr, points, 2.2);
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

void row_name(cairo_t* cr, const std::string& name, Point at) { write_within(cr, at, name, 11, names_width - 12); }

SeedStatistics statistics_of(const Comparison& c, std::size_t g) {
  return seed_statistics(times(100, c.groups[g].values(c.leading[g], first_measure(c))));
}

void draw_measures(cairo_t* cr, const Comparison& c, Point at) {
  Range range;
  range.add(0);
  for (std::size_t g = 0; g < c.groups.size(); ++g) {
    const SeedStatistics s = statistics_of(c, g);
    range.add(std::max(s.mean - s.half_width, 0.0));  // no share is below 0
    range.add(s.mean + s.half_width);
  }
  heading(cr, {at.x, at.y - 14}, fmt::format("test {}, %, and 95 % interval over seeds", first_measure(c)));
  const Axis x = Axis::linear(range, at.x + names_width, at.x + names_width + bars_width);
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
    line(cr, {x.at(std::max(s.mean - s.half_width, 0.0)), y}, {x.at(s.mean + s.half_width), y}, 2);
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

/// Names the mode where it is not the one of the legend.
std::string name_of(const Comparison& c, const GroupPair& pair) {
  const ModePair& modes = pair.modes.front();
  const bool leads = modes.first == c.leading[pair.first] && modes.second == c.leading[pair.second];
  return fmt::format("{} less {}{}", c.groups[pair.second].row.name, c.groups[pair.first].row.name,
                     leads ? "" : fmt::format(" ({})", modes.second));
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
  const Axis x = Axis::linear(range, at.x + names_width, at.x + names_width + bars_width);
  const double bottom = at.y + row_height * static_cast<double>(pairs.size());
  grid_down(cr, x, at.y, bottom);
  set_colour(cr, faint_ink);
  line(cr, {x.at(0), at.y}, {x.at(0), bottom}, 1.5);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const double y = at.y + (static_cast<double>(i) + 0.5) * row_height;
    row_name(cr, name_of(c, *pairs[i]), {at.x, y + 4});
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

std::string draw_comparison(const Comparison& c, std::size_t pixel_ratio) {
  const double top = margin + title_height + 16;
  const double measures_height = row_height * static_cast<double>(c.groups.size());
  const double right_height =
      measures_height + axis_height + 24 + row_height * static_cast<double>(drawn_pairs(c).size());
  const double plot_height = std::max(right_height, 240.0);
  const double width = 2 * margin + 34 + curves_width + gap + names_width + bars_width + 12;
  const double uniform = uniform_entropy(c);
  const double entropies_height = uniform > 0 ? axis_height + 24 + entropy_height : 0;
  const double legend_top = top + plot_height + entropies_height + axis_height + 10;
  const double height = legend_top + legend_line * static_cast<double>(c.groups.size()) + margin - 10;
  const Canvas canvas(width, height, pixel_ratio);
  cairo_t* cr = canvas.context();
  write_title(canvas, {margin, margin + 14}, title_of(c), width - 2 * margin);
  draw_curves(cr, c, {margin + 34, top, curves_width, plot_height});
  const double right = margin + 34 + curves_width + gap;
  draw_measures(cr, c, {right, top});
  draw_differences(cr, c, {right, top + measures_height + axis_height + 24});
  if (uniform > 0) {
    draw_entropies(cr, c, uniform, {margin + 34, top + plot_height + axis_height + 24, curves_width, entropy_height});
  }
  draw_legend(cr, c, {margin + 34, legend_top});
  return canvas.png();
}

}  // namespace saccade::experiments
