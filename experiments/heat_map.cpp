#include "experiments/heat_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "experiments/canvas.hpp"
#include "experiments/figure.hpp"

namespace saccade::experiments {
namespace {

constexpr double margin = 24;
constexpr double title_height = 34;
constexpr double panel_side = 168;
constexpr double gap = 20;
constexpr double label_height = 22;
constexpr double legend_height = 40;
constexpr std::size_t panels_a_row = 4;
constexpr std::size_t longest_grid = 42;  // cells

/// White to dark purple.
Colour heat(double share) {
  constexpr std::array<Colour, 5> map{
      {{1, 1, 1}, {0.99, 0.80, 0.42}, {0.92, 0.44, 0.35}, {0.63, 0.10, 0.61}, {0.20, 0.01, 0.45}}};
  const double place = std::clamp(share, 0.0, 1.0) * (map.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(place), map.size() - 2);
  const double t = place - static_cast<double>(below);
  Colour colour{};
  for (std::size_t i = 0; i < colour.size(); ++i) colour[i] = (1 - t) * map[below][i] + t * map[below + 1][i];
  return colour;
}

/// Cells of a panel.
struct Grid {
  std::size_t columns, rows;
};

Grid make_grid(const HeatMaps& maps) {
  const auto longest = static_cast<double>(std::max(maps.width, maps.height));
  const auto cells = [&](std::size_t side) {
    const double share = static_cast<double>(side) / longest;
    return static_cast<std::size_t>(std::max(1.0, std::round(share * static_cast<double>(longest_grid))));
  };
  return {cells(maps.width), cells(maps.height)};
}

void draw_panel(cairo_t* cr, const Grid& grid, const HeatMaps& maps, std::size_t step, Point at) {
  const std::vector<std::size_t> counts = count_places(maps.steps[step], grid.columns, grid.rows);
  const double most = std::max(1.0, static_cast<double>(*std::max_element(counts.begin(), counts.end())));
  std::vector<float> pixels;
  for (const std::size_t count : counts) {
    for (const double part : heat(std::sqrt(static_cast<double>(count) / most))) {
      pixels.push_back(static_cast<float>(part));
    }
  }
  const double zoom = panel_side / static_cast<double>(longest_grid);
  paint(cr, {pixels.data(), grid.rows, grid.columns, 3}, at, zoom);
  set_colour(cr, faint_ink);
  frame(cr, grown({at.x, at.y, static_cast<double>(grid.columns) * zoom, static_cast<double>(grid.rows) * zoom}, 1), 1);
  set_colour(cr, ink);
  set_font(cr, 12);
  const double x = write(cr, {at.x, at.y - 6}, fmt::format("glimpse {}", step + 1));
  set_colour(cr, faint_ink);
  set_font(cr, 10);
  const double share = most / std::max(1.0, static_cast<double>(maps.steps[step].size()));
  write(cr, {x + 6, at.y - 6}, fmt::format("(most: {:.1f} %)", 100 * share));
}

void draw_legend(cairo_t* cr, Point at) {
  constexpr std::size_t swatches = 24;
  constexpr double swatch = 7;
  set_font(cr, 11);
  set_colour(cr, faint_ink);
  double x = write(cr, at, fmt::format("episodes in a cell of 1/{} of the image: none", longest_grid)) + 6;
  for (std::size_t i = 0; i < swatches; ++i, x += swatch) {
    set_colour(cr, heat(static_cast<double>(i) / (swatches - 1)));
    cairo_rectangle(cr, x, at.y - 10, swatch, 11);
    cairo_fill(cr);
  }
  set_colour(cr, faint_ink);
  write(cr, {x + 6, at.y}, "the panel's most");
}

}  // namespace

std::vector<std::size_t> count_places(const std::vector<Place>& places, std::size_t columns, std::size_t rows) {
  const auto cell = [](double place, std::size_t cells) {
    const double index = std::floor((place + 1) / 2 * static_cast<double>(cells));
    return static_cast<std::size_t>(std::clamp(index, 0.0, static_cast<double>(cells - 1)));
  };
  std::vector<std::size_t> counts(columns * rows);
  for (const Place& place : places) ++counts[cell(place.y, rows) * columns + cell(place.x, columns)];
  return counts;
}

std::string draw_heat_maps(const HeatMaps& maps, std::size_t pixel_ratio) {
  if (maps.steps.empty() || maps.width == 0 || maps.height == 0) {
    throw ArgumentError("draw_heat_maps: expected at least one step and one pixel");
  }
  const Grid grid = make_grid(maps);
  const std::size_t columns = std::min(maps.steps.size(), panels_a_row);
  const std::size_t rows = (maps.steps.size() + columns - 1) / columns;
  const double step_x = panel_side + gap;
  const double step_y = panel_side * static_cast<double>(grid.rows) / longest_grid + label_height + gap;
  const double width = std::max(2 * margin + static_cast<double>(columns) * step_x - gap, 560.0);
  const double height = margin + title_height + static_cast<double>(rows) * step_y + legend_height;
  const Canvas canvas(width, height, pixel_ratio);
  write_title(canvas, {margin, margin + 14}, maps.title, width - 2 * margin);
  for (std::size_t step = 0; step < maps.steps.size(); ++step) {
    const std::size_t row = step / columns;
    const std::size_t column = step % columns;
    const Point at{margin + static_cast<double>(column) * step_x,
                   margin + title_height + label_height + static_cast<double>(row) * step_y};
    draw_panel(canvas.context(), grid, maps, step, at);
  }
  draw_legend(canvas.context(), {margin, height - margin + 4});
  return canvas.png();
}

}  // namespace saccade::experiments
