#include "experiments/attention_statistics.hpp"

#include <algorithm>
#include <cmath>

namespace saccade::experiments {
namespace {

double entropy(const TensorView& weights) {
  double total = 0;
  for (const Real w : weights) {
    if (w > 0) total -= static_cast<double>(w) * std::log(static_cast<double>(w));
  }
  return total;
}

double total_variation(const TensorView& a, const TensorView& b) {
  double total = 0;
  for (std::size_t i = 0; i < a.size(); ++i) total += std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
  return total / 2;
}

/// Whether one place was read, or weighs more than others. The mean of all points nowhere.
bool points(const rl::Reading& reading, std::size_t b) {
  const TensorView weights = reading.weights.rows(b, 1);
  return !reading.places.empty() ||
         std::any_of(weights.begin(), weights.end(), [&](Real w) { return w != weights[0]; });
}

std::size_t place_of(const rl::Reading& reading, std::size_t b) {
  if (!reading.places.empty()) return static_cast<std::size_t>(reading.places[b]);
  const TensorView weights = reading.weights.rows(b, 1);
  return static_cast<std::size_t>(std::max_element(weights.begin(), weights.end()) - weights.begin());
}

/// As fractions of the image's width and height.
struct Point {
  double x = 0;
  double y = 0;
};

Point middle_of(const rl::Reading& reading, std::size_t place) {
  const std::size_t row = place / reading.columns, column = place % reading.columns;
  return {(static_cast<double>(column) + 0.5) / static_cast<double>(reading.columns),
          (static_cast<double>(row) + 0.5) / static_cast<double>(reading.rows)};
}

Point looked_at(const rl::Reading& reading, std::size_t b) {
  if (!reading.places.empty()) return middle_of(reading, place_of(reading, b));
  const TensorView weights = reading.weights.rows(b, 1);
  Point mean;
  for (std::size_t place = 0; place < weights.size(); ++place) {
    const auto w = static_cast<double>(weights[place]);
    const Point middle = middle_of(reading, place);
    mean.x += w * middle.x;
    mean.y += w * middle.y;
  }
  return mean;
}

double distance(const Point& a, const Point& b) { return std::hypot(a.x - b.x, a.y - b.y); }

bool lies_in(const rl::Reading& reading, std::size_t place, std::span<const rl::Box> parts) {
  const auto [x, y] = middle_of(reading, place);
  return std::any_of(parts.begin(), parts.end(), [&, x = x, y = y](const rl::Box& box) { return box.contains(x, y); });
}

double chance(const rl::Reading& reading, std::span<const rl::Box> parts) {
  const std::size_t places = reading.rows * reading.columns;
  std::size_t inside = 0;
  for (std::size_t place = 0; place < places; ++place) inside += lies_in(reading, place, parts) ? 1 : 0;
  return static_cast<double>(inside) / static_cast<double>(places);
}

}  // namespace

AttentionSums& AttentionSums::operator+=(const AttentionSums& other) {
  readings += other.readings;
  entropy += other.entropy;
  uniform_entropy += other.uniform_entropy;
  places_read += other.places_read;
  moves += other.moves;
  shift += other.shift;
  distance += other.distance;
  words += other.words;
  pointed += other.pointed;
  chance += other.chance;
  steps.resize(std::max(steps.size(), other.steps.size()));
  for (std::size_t t = 0; t < other.steps.size(); ++t) {
    steps[t].readings += other.steps[t].readings;
    steps[t].entropy += other.steps[t].entropy;
  }
  return *this;
}

AttentionSums attention_sums(std::span<const rl::Reading> readings, std::span<const std::size_t> rows,
                             const rl::Actions& actions, const rl::Judge* judge, rl::Split split, std::uint64_t index) {
  AttentionSums sums;
  for (std::size_t t = 0; t < std::min(readings.size(), rows.size()); ++t) {
    const rl::Reading& reading = readings[t];
    const TensorView weights = reading.weights.rows(rows[t], 1);
    sums.readings += 1;
    sums.steps.push_back({1, entropy(weights)});
    sums.entropy += sums.steps.back().entropy;
    sums.uniform_entropy += std::log(static_cast<double>(weights.size()));
    sums.places_read += reading.places.empty() ? static_cast<double>(weights.size()) : 1;
    if (t > 0) {
      sums.moves += 1;
      sums.shift += total_variation(weights, readings[t - 1].weights.rows(rows[t - 1], 1));
      sums.distance += distance(looked_at(reading, rows[t]), looked_at(readings[t - 1], rows[t - 1]));
    }
    if (judge == nullptr || t >= actions.size() || !points(reading, rows[t])) continue;
    const std::vector<rl::Box> parts = judge->parts(split, index, actions, t);
    if (parts.empty()) continue;
    sums.words += 1;
    sums.pointed += lies_in(reading, place_of(reading, rows[t]), parts) ? 1 : 0;
    sums.chance += chance(reading, parts);
  }
  return sums;
}

rl::Report attention_report(const AttentionSums& sums) {
  if (sums.readings == 0) return {};
  rl::Report report{{"attention_entropy", sums.entropy / sums.readings},
                    {"uniform_entropy", sums.uniform_entropy / sums.readings},
                    {"places_read", sums.places_read / sums.readings}};
  if (sums.moves > 0) {
    report.emplace_back("attention_shift", sums.shift / sums.moves);
    report.emplace_back("attention_distance", sums.distance / sums.moves);
  }
  if (sums.words > 0) {
    report.emplace_back("pointing", sums.pointed / sums.words);
    report.emplace_back("pointing_chance", sums.chance / sums.words);
  }
  return report;
}

std::vector<double> entropy_by_step(const AttentionSums& sums) {
  std::vector<double> means;
  for (const AttentionSums::Step& step : sums.steps) means.push_back(step.entropy / step.readings);
  return means;
}

}  // namespace saccade::experiments
