#include "envs/digits/strokes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "core/errors.hpp"
#include "envs/digits/skeletons.hpp"

namespace saccade::envs {
namespace {

constexpr int side = static_cast<int>(digit_side);
constexpr int box_side = 20;
constexpr int margin = (side - box_side) / 2;
constexpr int steps_per_knot = 6;

// How differently people write. Lengths are in heights of the digit unless they are said to be in pixels.
constexpr float knot_jitter = 0.045F;
constexpr float tremor = 0.008F;  // of every point of the curve
constexpr float bend = 0.05F;
constexpr float mean_slant = 0.2F;
constexpr float slant_spread = 0.3F;
constexpr float turn_spread = 0.12F;  // radians
constexpr float mean_aspect = 0.85F;
constexpr float aspect_spread = 0.25F;     // of its logarithm
constexpr float mean_pen_radius = 1.3F;    // pixels
constexpr float pen_radius_spread = 0.3F;  // of its logarithm
constexpr float thinnest_pen = 0.6F;       // pixels, radius
constexpr float thickest_pen = 2.6F;       // pixels, radius
constexpr float pen_change = 0.32F;        // of the radius, from knot to knot
constexpr float sharpest_edge = 0.8F;      // pixels from full ink to none
constexpr float softest_edge = 1.2F;       // pixels

using Canvas = std::array<float, digit_side * digit_side>;

struct Point {
  float x;
  float y;
};

Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
Point operator*(float s, Point a) { return {s * a.x, s * a.y}; }
float dot(Point a, Point b) { return a.x * b.x + a.y * b.y; }

/// A piece of the drawn line, with the pen's radius at both ends.
struct Segment {
  Point from;
  Point to;
  float from_radius;
  float to_radius;
};

struct Pen {
  float radius;
  float edge;
};

float gauss(random::Stream& stream, float spread) { return spread * static_cast<float>(stream.normal()); }

const Skeleton& choose(std::span<const Skeleton> skeletons, random::Stream& stream) {
  float total = 0;
  for (const Skeleton& skeleton : skeletons) total += skeleton.weight;
  float rest = total * static_cast<float>(stream.uniform());
  for (const Skeleton& skeleton : skeletons) {
    rest -= skeleton.weight;
    if (rest < 0) return skeleton;
  }
  return skeletons.back();
}

/// A smooth random map of the plane: first the products of Legendre polynomials of degree 2 and 3, which bend, and then
/// an affine map, which stretches, slants and turns.
class Deformation {
 public:
  Deformation(random::Stream& stream, float variation) {
    for (Point& term : bends_) {
      term.x = gauss(stream, variation * bend);
      term.y = gauss(stream, variation * bend);
    }
    const float aspect = mean_aspect * std::exp(gauss(stream, variation * aspect_spread));
    const float slant = mean_slant + gauss(stream, variation * slant_spread);
    const float angle = gauss(stream, variation * turn_spread);
    const float cosine = std::cos(angle);
    const float sine = std::sin(angle);
    across_ = {aspect * cosine, aspect * sine};
    down_ = {-slant * cosine - sine, -slant * sine + cosine};
  }

  Point operator()(Point p) const {
    const float x = 2 * p.x - 1;
    const float y = 2 * p.y - 1;
    const float xx = 1.5F * x * x - 0.5F;
    const float yy = 1.5F * y * y - 0.5F;
    const std::array<float, terms> basis{xx, x * y, yy, xx * y, x * yy, (2.5F * y * y - 1.5F) * y};
    Point bent = p;
    for (std::size_t i = 0; i < terms; ++i) bent = bent + basis[i] * bends_[i];
    return bent.x * across_ + bent.y * down_;
  }

 private:
  static constexpr std::size_t terms = 6;

  std::array<Point, terms> bends_{};
  Point across_{};
  Point down_{};
};

struct JitteredKnot {
  Point at;
  Knot::Turn turn;
};

std::vector<JitteredKnot> jitter(const Stroke& stroke, random::Stream& stream, float variation) {
  std::vector<JitteredKnot> knots;
  knots.reserve(stroke.size());
  for (const Knot& knot : stroke) {
    const float dx = gauss(stream, variation * knot_jitter);
    const float dy = gauss(stream, variation * knot_jitter);
    knots.push_back({{knot.x + dx, knot.y + dy}, knot.turn});
  }
  return knots;
}

bool curved_at(const std::vector<JitteredKnot>& knots, std::size_t i) {
  return i > 0 && i + 1 < knots.size() && knots[i].turn == Knot::Turn::smooth;
}

/// The derivative, at the smooth knot `i`, of a piece with this chord: it has the direction of Catmull and Rom, and the
/// length that makes the piece a circle's arc when both of its ends meet the chord at the same angle.
Point smooth_derivative(const std::vector<JitteredKnot>& knots, std::size_t i, Point chord) {
  const Point direction = knots[i + 1].at - knots[i - 1].at;
  const float length = std::sqrt(std::max(dot(direction, direction), 1e-8F));
  const float chord_length = std::sqrt(std::max(dot(chord, chord), 1e-8F));
  const float cosine = std::max(dot(direction, chord) / (length * chord_length), 0.F);
  return (2 * chord_length / ((1 + cosine) * length)) * direction;
}

Point hermite(Point from, Point leaving, Point to, Point arriving, float t) {
  const float u = 1 - t;
  return (u * u * (1 + 2 * t)) * from + (u * u * t) * leaving + (t * t * (3 - 2 * t)) * to - (t * t * u) * arriving;
}

struct EndDerivatives {
  Point leaving;
  Point arriving;
};

/// The derivatives at both ends of the piece after knot `i`. At a corner or at the end of a stroke the piece
/// straightens out, as a natural spline does.
EndDerivatives end_derivatives(const std::vector<JitteredKnot>& knots, std::size_t i) {
  const Point chord = knots[i + 1].at - knots[i].at;
  const auto natural = [chord](Point other) { return 0.5F * (3 * chord - other); };
  const bool curved_start = curved_at(knots, i);
  const bool curved_end = curved_at(knots, i + 1);
  if (!curved_start && !curved_end) return {chord, chord};
  const Point leaving = curved_start ? smooth_derivative(knots, i, chord) : Point{};
  const Point arriving = curved_end ? smooth_derivative(knots, i + 1, chord) : natural(leaving);
  return {curved_start ? leaving : natural(arriving), arriving};
}

std::vector<Point> trace(const std::vector<JitteredKnot>& knots, const Deformation& deform, random::Stream& stream) {
  std::vector<Point> path{deform(knots.front().at)};
  path.reserve(knots.size() * steps_per_knot);
  for (std::size_t i = 0; i + 1 < knots.size(); ++i) {
    const auto [leaving, arriving] = end_derivatives(knots, i);
    for (int step = 1; step <= steps_per_knot; ++step) {
      const float t = static_cast<float>(step) / steps_per_knot;
      const float dx = gauss(stream, tremor);
      const float dy = gauss(stream, tremor);
      path.push_back(deform(hermite(knots[i].at, leaving, knots[i + 1].at, arriving, t)) + Point{dx, dy});
    }
  }
  return path;
}

/// Appends the pieces of one stroke. The pen's radius is drawn anew at every knot and changes linearly in between.
void append_segments(const std::vector<Point>& path, float radius, random::Stream& stream,
                     std::vector<Segment>& segments) {
  const auto draw_radius = [&] { return radius * (1 + std::clamp(gauss(stream, pen_change), -0.6F, 0.6F)); };
  float here = draw_radius();
  for (std::size_t start = 0; start + 1 < path.size(); start += steps_per_knot) {
    const float slope = (draw_radius() - here) / steps_per_knot;
    for (std::size_t i = start; i < start + steps_per_knot; ++i) {
      segments.push_back({path[i], path[i + 1], here, here + slope});
      here += slope;
    }
  }
}

Pen choose_pen(random::Stream& stream) {
  const float radius = mean_pen_radius * std::exp(gauss(stream, pen_radius_spread));
  const auto edge = static_cast<float>(stream.uniform(sharpest_edge, softest_edge));
  return {std::clamp(radius, thinnest_pen, thickest_pen), edge};
}

struct Box {
  Point low;
  Point high;

  Point middle() const { return 0.5F * (low + high); }
  float longer_side() const { return std::max(high.x - low.x, high.y - low.y); }
};

/// The box around the line when it is drawn at this scale; the pen's radius is in pixels and does not scale.
Box bounds(const std::vector<Segment>& segments, float scale, bool with_pen) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  Box box{{infinity, infinity}, {-infinity, -infinity}};
  const auto include = [&](Point point, float radius) {
    const Point p = scale * point;
    box.low = {std::min(box.low.x, p.x - radius), std::min(box.low.y, p.y - radius)};
    box.high = {std::max(box.high.x, p.x + radius), std::max(box.high.y, p.y + radius)};
  };
  for (const Segment& segment : segments) {
    include(segment.from, with_pen ? segment.from_radius : 0);
    include(segment.to, with_pen ? segment.to_radius : 0);
  }
  return box;
}

/// Scales and moves the line so that its ink fills the 20x20 box in the middle of the picture. The ink grows with the
/// scale by at most the line's own size, so that the steps come nearer to the box's side from below.
void fit_to_box(std::vector<Segment>& segments) {
  constexpr int steps = 3;
  constexpr auto target = static_cast<float>(box_side);
  const float line = std::max(bounds(segments, 1, false).longer_side(), 1e-3F);
  float scale = 0;
  for (int step = 0; step < steps; ++step) {
    scale += (target - bounds(segments, scale, true).longer_side()) / line;
  }
  const Point centre{0.5F * static_cast<float>(side), 0.5F * static_cast<float>(side)};
  const Point shift = centre - bounds(segments, scale, true).middle();
  for (Segment& segment : segments) {
    segment.from = scale * segment.from + shift;
    segment.to = scale * segment.to + shift;
  }
}

/// Inks the pixels near one piece of the line: full within the pen, falling to none over the width of its edge.
void ink(const Segment& segment, float edge, Canvas& canvas) {
  const float reach = std::max(segment.from_radius, segment.to_radius) + 0.5F * edge + 0.5F;
  const auto pixel = [](float position) { return std::clamp(static_cast<int>(std::floor(position)), 0, side - 1); };
  const int left = pixel(std::min(segment.from.x, segment.to.x) - reach);
  const int right = pixel(std::max(segment.from.x, segment.to.x) + reach);
  const int top = pixel(std::min(segment.from.y, segment.to.y) - reach);
  const int bottom = pixel(std::max(segment.from.y, segment.to.y) + reach);
  const Point along = segment.to - segment.from;
  const float inverse_square = 1 / std::max(dot(along, along), 1e-12F);
  const float widening = segment.to_radius - segment.from_radius;
  const float sharpness = 1 / edge;
  for (int y = top; y <= bottom; ++y) {
    float* row = canvas.data() + y * side;
    for (int x = left; x <= right; ++x) {
      const Point offset = Point{static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F} - segment.from;
      const float t = std::clamp(dot(offset, along) * inverse_square, 0.F, 1.F);
      const Point gap = offset - t * along;
      const float inside = segment.from_radius + t * widening - std::sqrt(dot(gap, gap));
      row[x] = std::max(row[x], std::min(inside * sharpness + 0.5F, 1.F));
    }
  }
}

/// By how many whole pixels the centre of mass lies off the picture's centre; at most the margin, so that no ink is
/// lost.
std::array<int, 2> mass_offset(const Canvas& canvas) {
  float mass = 1e-6F;
  Point moment{0, 0};
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const float weight = canvas[static_cast<std::size_t>(y * side + x)];
      mass += weight;
      moment = moment + weight * Point{static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F};
    }
  }
  const auto whole = [mass](float sum) {
    return std::clamp(static_cast<int>(std::lround(sum / mass - 0.5F * static_cast<float>(side))), -margin, margin);
  };
  return {whole(moment.x), whole(moment.y)};
}

DigitImage centred(const Canvas& canvas) {
  const auto [dx, dy] = mass_offset(canvas);
  DigitImage image{};
  for (int y = std::max(0, -dy); y < std::min(side, side - dy); ++y) {
    for (int x = std::max(0, -dx); x < std::min(side, side - dx); ++x) {
      const float value = canvas[static_cast<std::size_t>((y + dy) * side + x + dx)];
      // NOLINTNEXTLINE(bugprone-incorrect-roundings): ink is never negative
      image[static_cast<std::size_t>(y * side + x)] = static_cast<std::uint8_t>(255 * value + 0.5F);
    }
  }
  return image;
}

}  // namespace

DigitImage draw_digit(int label, random::Stream& stream, float variation) {
  if (label < 0 || label > 9) {
    throw ArgumentError("draw_digit: label must be a digit from 0 to 9, got " + std::to_string(label));
  }
  const Skeleton& skeleton = choose(skeletons_of(label), stream);
  const Deformation deform{stream, variation};
  const Pen pen = choose_pen(stream);
  std::vector<Segment> segments;
  for (const Stroke& stroke : skeleton.strokes) {
    append_segments(trace(jitter(stroke, stream, variation), deform, stream), pen.radius, stream, segments);
  }
  fit_to_box(segments);
  Canvas canvas{};
  for (const Segment& segment : segments) ink(segment, pen.edge, canvas);
  return centred(canvas);
}

}  // namespace saccade::envs
