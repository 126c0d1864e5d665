#include "experiments/figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"

namespace saccade::experiments {
namespace {

// Lengths are in layout units of `pixel_ratio` dots.
constexpr double margin = 24;
constexpr double panel_side = 224;  // an image is enlarged by a whole number to at most this
constexpr double strip_gap = 20;    // between an image and its glimpses
constexpr double smallest_strip = 190;
constexpr double tile_gap = 10;
constexpr double scale_gap = 7;
constexpr double verdict_height = 28;
constexpr double number_height = 20;
constexpr double scale_names_width = 26;
constexpr double row_gap = 24;
constexpr double column_gap = 44;
constexpr double title_height = 34;
constexpr double legend_height = 34;
constexpr double badge_radius = 6.5;
constexpr double box_line = 2;

constexpr Colour right_colour{0.00, 0.45, 0.33};
constexpr Colour wrong_colour{0.78, 0.24, 0.08};

// ---- Arguments ----

[[noreturn]] void fail(const std::string& what) { throw ArgumentError("draw_glimpse_paths: " + what); }

void check_count(std::size_t example, std::string_view name, std::size_t got, std::size_t expected) {
  if (got != expected) fail(fmt::format("example {}: {} must have {} values, got {}", example, name, expected, got));
}

void check_step(const GlimpsePath& path, std::size_t example, const GlimpseStep& step) {
  const std::size_t size = path.glimpse_size;
  check_count(example, "patches", step.patches.size(), path.scales * size * size * path.channels);
  if (!std::isfinite(step.x) || !std::isfinite(step.y)) {
    fail(fmt::format("example {}: a location must be finite, got ({}, {})", example, step.x, step.y));
  }
}

void check_extent(std::size_t example, std::string_view name, std::size_t value, std::size_t largest) {
  if (value >= 1 && value <= largest) return;
  fail(fmt::format("example {}: {} must be from 1 to {}, got {}", example, name, largest, value));
}

void check_path(const GlimpsePath& path, std::size_t example) {
  constexpr std::size_t largest_side = 8192;
  constexpr std::size_t most_scales = 16;
  check_extent(example, "height", path.height, largest_side);
  check_extent(example, "width", path.width, largest_side);
  check_extent(example, "glimpse_size", path.glimpse_size, largest_side);
  check_extent(example, "scales", path.scales, most_scales);
  check_extent(example, "the number of glimpses", path.steps.size(), largest_side);
  if (path.channels != 1 && path.channels != 3) {
    fail(fmt::format("example {}: channels must be 1 or 3, got {}", example, path.channels));
  }
  check_count(example, "image", path.image.size(), path.height * path.width * path.channels);
  for (const GlimpseStep& step : path.steps) check_step(path, example, step);
}

void check_arguments(std::span<const GlimpsePath> paths, const FigureOptions& options) {
  if (paths.empty()) fail("paths must have at least one example, got none");
  if (options.pixel_ratio < 1 || options.pixel_ratio > 8) {
    fail(fmt::format("pixel_ratio must be from 1 to 8, got {}", options.pixel_ratio));
  }
  for (std::size_t i = 0; i < paths.size(); ++i) check_path(paths[i], i);
}

// ---- Layout ----

/// Layout units per pixel, so that a pixel is a whole number of dots.
double enlargement(double target, std::size_t pixels, double ratio) {
  return std::max(1.0, std::floor(target * ratio / static_cast<double>(pixels))) / ratio;
}

double panel_zoom(const GlimpsePath& path, double ratio) {
  return enlargement(panel_side, std::max(path.height, path.width), ratio);
}

double tile_zoom(const GlimpsePath& path, double ratio) {
  const auto scales = static_cast<double>(path.scales);
  const double room = panel_side - verdict_height - number_height - (scales - 1) * scale_gap;
  return enlargement(std::clamp(room / scales, 40.0, 76.0), path.glimpse_size, ratio);
}

double tile_side(const GlimpsePath& path, double ratio) {
  return static_cast<double>(path.glimpse_size) * tile_zoom(path, ratio);
}

double scale_names(const GlimpsePath& path) { return path.scales > 1 ? scale_names_width : 0; }

double strip_width(const GlimpsePath& path, double ratio) {
  const auto count = static_cast<double>(path.steps.size());
  return std::max(smallest_strip, scale_names(path) + count * (tile_side(path, ratio) + tile_gap));
}

double strip_height(const GlimpsePath& path, double ratio) {
  const auto scales = static_cast<double>(path.scales);
  return verdict_height + number_height + scales * tile_side(path, ratio) + (scales - 1) * scale_gap;
}

/// The sizes that all examples share: the largest of each.
struct Layout {
  double panel_width = 0;
  double cell_width = 0;
  double cell_height = 0;
  std::size_t columns = 1;
  std::size_t rows = 1;
  double top = margin;
  Rectangle page{};
};

void fit_cells(Layout& layout, std::span<const GlimpsePath> paths, double ratio) {
  double strip = 0;
  for (const GlimpsePath& path : paths) {
    const double zoom = panel_zoom(path, ratio);
    layout.panel_width = std::max(layout.panel_width, std::ceil(static_cast<double>(path.width) * zoom));
    layout.cell_height = std::max(
        {layout.cell_height, std::ceil(static_cast<double>(path.height) * zoom), std::ceil(strip_height(path, ratio))});
    strip = std::max(strip, std::ceil(strip_width(path, ratio)));
  }
  layout.cell_width = layout.panel_width + strip_gap + strip;
}

std::size_t choose_columns(const FigureOptions& options, std::size_t count, double cell_width) {
  constexpr std::size_t enough_for_two = 4;
  constexpr double widest_of_two = 800;
  const std::size_t automatic = count >= enough_for_two && cell_width <= widest_of_two ? 2 : 1;
  return std::min(count, options.columns == 0 ? automatic : options.columns);
}

Layout lay_out(std::span<const GlimpsePath> paths, const FigureOptions& options) {
  Layout layout;
  fit_cells(layout, paths, static_cast<double>(options.pixel_ratio));
  layout.columns = choose_columns(options, paths.size(), layout.cell_width);
  layout.rows = (paths.size() + layout.columns - 1) / layout.columns;
  if (!options.title.empty()) layout.top += title_height;
  const auto columns = static_cast<double>(layout.columns);
  const auto rows = static_cast<double>(layout.rows);
  layout.page = {0, 0, 2 * margin + columns * layout.cell_width + (columns - 1) * column_gap,
                 layout.top + rows * layout.cell_height + (rows - 1) * row_gap + legend_height + margin};
  return layout;
}

Rectangle cell_of(const Layout& layout, std::size_t index) {
  const std::size_t column = index % layout.columns;
  const std::size_t row = index / layout.columns;
  return {margin + static_cast<double>(column) * (layout.cell_width + column_gap),
          layout.top + static_cast<double>(row) * (layout.cell_height + row_gap), layout.cell_width,
          layout.cell_height};
}

// ---- Parts of the figure ----

void badge(cairo_t* cr, Point centre, std::size_t number, const Colour& colour) {
  constexpr double dark = 0.55;
  const double luminance = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2];
  set_colour(cr, colour);
  disc(cr, centre, badge_radius);
  set_colour(cr, luminance < dark ? paper : ink);
  set_font(cr, number < 10 ? 9 : 7.5, true);
  write_centred(cr, centre, std::to_string(number));
}

/// A tick or a cross of 11 units on the base line.
void verdict_mark(cairo_t* cr, Point at, bool right) {
  cairo_set_line_width(cr, 2.6);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  cairo_move_to(cr, at.x + 1, at.y - (right ? 4.5 : 9.5));
  if (right) {
    cairo_line_to(cr, at.x + 4.5, at.y - 1);
    cairo_line_to(cr, at.x + 11, at.y - 10);
  } else {
    cairo_line_to(cr, at.x + 10, at.y - 0.5);
    cairo_move_to(cr, at.x + 10, at.y - 9.5);
    cairo_line_to(cr, at.x + 1, at.y - 0.5);
  }
  cairo_stroke(cr);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
}

void draw_verdict(cairo_t* cr, const GlimpsePath& path, Point at) {
  const bool judged = path.rewarded || (path.label >= 0 && path.predicted >= 0);
  const bool right = path.rewarded.value_or(path.label == path.predicted);
  double x = at.x;
  set_colour(cr, judged ? (right ? right_colour : wrong_colour) : ink);
  if (judged) {
    verdict_mark(cr, at, right);
    x += 18;
  }
  if (path.rewarded) {
    set_font(cr, 14, true);
    x = write(cr, {x, at.y}, right ? "rewarded" : "not rewarded") + 14;
  }
  if (path.predicted >= 0) {
    set_font(cr, 14, true);
    x = write(cr, {x, at.y}, fmt::format("predicted {}", path.predicted)) + 8;
    set_font(cr, 12);
    x = write(cr, {x, at.y}, fmt::format("{:.0f} %", 100 * path.confidence)) + 14;
  }
  set_colour(cr, faint_ink);
  set_font(cr, 12);
  if (path.label >= 0) write(cr, {x, at.y}, fmt::format("label {}", path.label));
}

/// An image on the page.
struct Panel {
  Point at;
  double zoom;
  double width, height;  // of the image, in pixels

  [[nodiscard]] Rectangle area() const { return {at.x, at.y, width * zoom, height * zoom}; }

  /// Where a location falls, in pixels of the image. Far outside it no longer matters where.
  [[nodiscard]] Point pixel(const GlimpseStep& step) const {
    constexpr double far = 8;
    return {(std::clamp(step.x, -far, far) + 1) / 2 * width, (std::clamp(step.y, -far, far) + 1) / 2 * height};
  }
  [[nodiscard]] Point centre(const GlimpseStep& step) const {
    const Point c = pixel(step);
    return {at.x + c.x * zoom, at.y + c.y * zoom};
  }
  /// Around what the retina reads: the finest patch falls on whole pixels, the coarser ones share its centre.
  /// @param factor  width of a cell, pixels
  [[nodiscard]] Rectangle box(const GlimpseStep& step, double size, double factor) const {
    const Point c = pixel(step);
    const double grown = size * (factor - 1) / 2;
    return {at.x + (std::floor(c.x - size / 2 + 0.5) - grown) * zoom,
            at.y + (std::floor(c.y - size / 2 + 0.5) - grown) * zoom, size * factor * zoom, size * factor * zoom};
  }
};

void draw_coarse_boxes(cairo_t* cr, const GlimpsePath& path, const Panel& panel) {
  constexpr std::array<double, 2> dashes{4, 3};
  cairo_set_dash(cr, dashes.data(), static_cast<int>(dashes.size()), 0);
  const auto size = static_cast<double>(path.glimpse_size);
  double factor = 1;
  set_colour(cr, glimpse_colour(path.steps.size() - 1, path.steps.size()), 0.75);
  for (std::size_t scale = 1; scale < path.scales; ++scale) {
    factor *= 2;
    frame(cr, panel.box(path.steps.back(), size, factor), 1);
  }
  cairo_set_dash(cr, nullptr, 0, 0);
}

void trace_path(cairo_t* cr, const GlimpsePath& path, const Panel& panel) {
  for (const GlimpseStep& step : path.steps) {
    const Point centre = panel.centre(step);
    cairo_line_to(cr, centre.x, centre.y);
  }
}

void draw_line(cairo_t* cr, const GlimpsePath& path, const Panel& panel) {
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  trace_path(cr, path, panel);
  set_colour(cr, ink, 0.6);
  cairo_set_line_width(cr, 3);
  cairo_stroke(cr);
  trace_path(cr, path, panel);
  set_colour(cr, paper, 0.95);
  cairo_set_line_width(cr, 1.2);
  cairo_stroke(cr);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_MITER);
}

void draw_box(cairo_t* cr, const Rectangle& box, const Colour& colour) {
  set_colour(cr, paper, 0.55);
  frame(cr, grown(box, 0.75), box_line + 1.5);
  set_colour(cr, colour);
  frame(cr, box, box_line);
}

void draw_dot(cairo_t* cr, Point centre, const Colour& colour) {
  set_colour(cr, paper);
  disc(cr, centre, 3.2);
  set_colour(cr, colour);
  disc(cr, centre, 2.2);
}

/// The nearest point at which a badge is within the panel.
Point badge_within(Point p, const Rectangle& panel) {
  const double inset = badge_radius + 1;
  return {std::clamp(p.x, panel.left + inset, std::max(panel.left + inset, panel.left + panel.width - inset)),
          std::clamp(p.y, panel.top + inset, std::max(panel.top + inset, panel.top + panel.height - inset))};
}

/// How far a badge would be from the nearest one; more than side by side is no better.
double clearance(Point p, std::span<const Point> others) {
  double nearest = 2 * badge_radius + 1;
  for (const Point& other : others) nearest = std::min(nearest, std::hypot(p.x - other.x, p.y - other.y));
  return nearest;
}

/// The corner of a box that is clearest of the badges so far, the top left one if it can be.
Point badge_place(const Rectangle& box, const Rectangle& panel, std::span<const Point> others) {
  const double right = box.left + box.width;
  const double bottom = box.top + box.height;
  const std::array<Point, 4> corners{{{box.left, box.top}, {right, box.top}, {right, bottom}, {box.left, bottom}}};
  Point best{};
  double widest = -1;
  for (const Point& corner : corners) {
    const Point place = badge_within(corner, panel);
    const double room = clearance(place, others);
    if (room > widest) {
      widest = room;
      best = place;
    }
  }
  return best;
}

/// The glimpses with a box and a number over the image: all, or of a long path the first, the last and every fifth
/// between, so that the image can still be seen.
std::vector<std::size_t> boxed_steps(std::size_t count) {
  constexpr std::size_t most = 10;
  constexpr std::size_t apart = 5;
  std::vector<std::size_t> steps;
  for (std::size_t i = 0; i < count; ++i) {
    const bool between = (i + 1) % apart == 0 && i + apart / 2 < count;
    if (count <= most || i == 0 || i + 1 == count || between) steps.push_back(i);
  }
  return steps;
}

void draw_badges(cairo_t* cr, std::span<const std::size_t> steps, std::span<const Rectangle> boxes, const Panel& panel,
                 std::size_t count) {
  std::vector<Point> places;
  for (const Rectangle& box : boxes) places.push_back(badge_place(box, panel.area(), places));
  for (std::size_t i = 0; i < steps.size(); ++i) badge(cr, places[i], steps[i] + 1, glimpse_colour(steps[i], count));
}

void draw_glimpses_over(cairo_t* cr, const GlimpsePath& path, const Panel& panel) {
  const std::size_t count = path.steps.size();
  const std::vector<std::size_t> steps = boxed_steps(count);
  std::vector<Rectangle> boxes;
  for (const std::size_t i : steps)
    boxes.push_back(panel.box(path.steps[i], static_cast<double>(path.glimpse_size), 1));
  draw_coarse_boxes(cr, path, panel);
  for (std::size_t i = 0; i < steps.size(); ++i) draw_box(cr, boxes[i], glimpse_colour(steps[i], count));
  draw_line(cr, path, panel);
  for (std::size_t i = 0; i < count; ++i) draw_dot(cr, panel.centre(path.steps[i]), glimpse_colour(i, count));
  draw_badges(cr, steps, boxes, panel, count);
}

void draw_panel(cairo_t* cr, const GlimpsePath& path, Point at, double ratio) {
  const Panel panel{at, panel_zoom(path, ratio), static_cast<double>(path.width), static_cast<double>(path.height)};
  const Rectangle area = panel.area();
  cairo_save(cr);
  cairo_rectangle(cr, area.left, area.top, area.width, area.height);
  cairo_clip(cr);
  paint(cr, {path.image.data(), path.height, path.width, path.channels}, at, panel.zoom);
  draw_glimpses_over(cr, path, panel);
  cairo_restore(cr);
  set_colour(cr, faint_ink);
  frame(cr, grown(area, 1), 1);
}

/// What one glimpse saw, the finest scale on top, below its number.
void draw_tiles(cairo_t* cr, const GlimpsePath& path, std::size_t step, Point at, double ratio) {
  const std::size_t size = path.glimpse_size;
  const double side = tile_side(path, ratio);
  const Colour colour = glimpse_colour(step, path.steps.size());
  badge(cr, {at.x + side / 2, at.y - number_height / 2 - 1}, step + 1, colour);
  for (std::size_t scale = 0; scale < path.scales; ++scale) {
    const float* values = path.steps[step].patches.data() + scale * size * size * path.channels;
    paint(cr, {values, size, size, path.channels}, at, tile_zoom(path, ratio));
    set_colour(cr, colour);
    frame(cr, grown({at.x, at.y, side, side}, box_line), box_line);
    at.y += side + scale_gap;
  }
}

/// How many times as wide as the finest scale each is.
void draw_scale_names(cairo_t* cr, const GlimpsePath& path, Point at, double ratio) {
  const double side = tile_side(path, ratio);
  set_colour(cr, faint_ink);
  set_font(cr, 10);
  for (std::size_t scale = 0; scale < path.scales; ++scale) {
    const double y = at.y + static_cast<double>(scale) * (side + scale_gap) + side / 2 + 3.5;
    write(cr, {at.x, y}, fmt::format("{}×", std::size_t{1} << scale));
  }
}

void draw_strip(cairo_t* cr, const GlimpsePath& path, Point at, double ratio) {
  draw_verdict(cr, path, {at.x, at.y + 13});
  Point tiles{at.x + box_line, at.y + verdict_height + number_height};
  if (path.scales > 1) draw_scale_names(cr, path, {at.x, tiles.y}, ratio);
  tiles.x += scale_names(path);
  for (std::size_t step = 0; step < path.steps.size(); ++step) {
    draw_tiles(cr, path, step, tiles, ratio);
    tiles.x += tile_side(path, ratio) + tile_gap;
  }
}

void draw_example(cairo_t* cr, const GlimpsePath& path, const Layout& layout, const Rectangle& cell, double ratio) {
  draw_panel(cr, path, {cell.left, cell.top}, ratio);
  const double spare = cell.height - strip_height(path, ratio);
  draw_strip(cr, path, {cell.left + layout.panel_width + strip_gap, cell.top + std::floor(spare / 2)}, ratio);
}

double draw_legend_colours(cairo_t* cr, Point at, std::size_t count) {
  constexpr double swatch = 11;
  for (std::size_t i = 0; i < count; ++i) {
    set_colour(cr, glimpse_colour(i, count));
    cairo_rectangle(cr, at.x, at.y - swatch + 1, swatch, swatch);
    cairo_fill(cr);
    at.x += swatch;
  }
  return at.x;
}

void draw_legend(cairo_t* cr, std::span<const GlimpsePath> paths, const Layout& layout) {
  const bool coarse = std::any_of(paths.begin(), paths.end(), [](const GlimpsePath& path) { return path.scales > 1; });
  std::size_t count = 0;
  for (const GlimpsePath& path : paths) count = std::max(count, path.steps.size());
  const double y = layout.page.height - margin;
  set_font(cr, 11);
  set_colour(cr, faint_ink);
  double x = write(cr, {margin, y}, "first glimpse") + 6;
  x = draw_legend_colours(cr, {x, y}, std::min<std::size_t>(count, 8)) + 6;
  set_colour(cr, faint_ink);
  x = write(cr, {x, y}, "last") + 18;
  if (coarse) write(cr, {x, y}, "dashed: coarser scales of the last");
}

void draw_page(const Canvas& canvas, std::span<const GlimpsePath> paths, const FigureOptions& options,
               const Layout& layout) {
  cairo_t* cr = canvas.context();
  const auto ratio = static_cast<double>(options.pixel_ratio);
  if (!options.title.empty()) write_title(canvas, {margin, margin + 14}, options.title, layout.page.width - 2 * margin);
  for (std::size_t i = 0; i < paths.size(); ++i) draw_example(cr, paths[i], layout, cell_of(layout, i), ratio);
  draw_legend(cr, paths, layout);
}

}  // namespace

Colour glimpse_colour(std::size_t step, std::size_t count) {
  // The middle of Matplotlib's map "plasma", whose lightness grows evenly.
  constexpr std::array<Colour, 7> map{{{0.494, 0.012, 0.659},
                                       {0.627, 0.102, 0.612},
                                       {0.745, 0.208, 0.537},
                                       {0.839, 0.322, 0.443},
                                       {0.918, 0.443, 0.353},
                                       {0.973, 0.584, 0.255},
                                       {0.992, 0.733, 0.169}}};
  const double along = count < 2 ? 0 : static_cast<double>(step) / static_cast<double>(count - 1);
  const double place = std::clamp(along, 0.0, 1.0) * (map.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(place), map.size() - 2);
  const double t = place - static_cast<double>(below);
  Colour colour{};
  for (std::size_t i = 0; i < colour.size(); ++i) colour[i] = (1 - t) * map[below][i] + t * map[below + 1][i];
  return colour;
}

std::string draw_glimpse_paths(std::span<const GlimpsePath> paths, const FigureOptions& options) {
  check_arguments(paths, options);
  const Layout layout = lay_out(paths, options);
  const Canvas canvas(layout.page.width, layout.page.height, options.pixel_ratio);
  draw_page(canvas, paths, options, layout);
  return canvas.png();
}

}  // namespace saccade::experiments
