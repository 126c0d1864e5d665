#pragma once

#include <cmath>
#include <limits>

namespace saccade::tests {

/// The greatest of some distances. One that is no number is farther than all.
class Farthest {
 public:
  void add(double distance) {
    if (std::isnan(distance)) distance = std::numeric_limits<double>::infinity();
    if (std::abs(distance) > distance_) distance_ = std::abs(distance);
  }
  [[nodiscard]] double distance() const { return distance_; }

 private:
  double distance_ = 0;
};

}  // namespace saccade::tests
