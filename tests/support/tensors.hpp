#pragma once

#include <cstdint>
#include <deque>
#include <initializer_list>
#include <iosfwd>
#include <string>

#include "core/autograd/tape.hpp"

namespace saccade::tests {

/// What a comparison found. Converts to its verdict; Catch prints the text.
struct Check {
  bool ok = true;
  std::string worst;  ///< the element that is farthest off, or what else is wrong; empty if all is exact

  operator bool() const { return ok; }  // NOLINT(google-explicit-constructor): a check stands for its verdict
};
std::ostream& operator<<(std::ostream& out, const Check& check);

/// Twice a few hundred roundings of the precision at hand: what two ways to compute a number may differ by.
inline constexpr double rounding = sizeof(Real) == sizeof(double) ? 1e-12 : 2e-5;

/// A tensor of the given elements.
[[nodiscard]] Tensor tensor(const Shape& shape, std::initializer_list<double> elements);
/// Standard normal elements.
[[nodiscard]] Tensor randn(const Shape& shape, std::uint64_t seed);
/// Elements uniform in [low, high).
[[nodiscard]] Tensor uniform(const Shape& shape, double low, double high, std::uint64_t seed);
/// Every element moved away from 0 by `margin`, for functions with a kink there.
[[nodiscard]] Tensor away_from_zero(Tensor x, double margin = 0.1);
/// The transpose of a matrix.
[[nodiscard]] Tensor transposed(Tensor x);

/// Whether shapes agree and every |x - expected| <= tolerance (1 + |expected|); what is not a number never does.
[[nodiscard]] Check close(const TensorView& x, Tensor expected, double tolerance = rounding);
/// Whether no element is infinite or not a number.
[[nodiscard]] bool all_finite(const TensorView& x);

/// A tape without parameters that keeps the memory of what is put on it.
class Recording {
 public:
  explicit Recording(Tape::Mode mode = Tape::Mode::record) { tape_.begin(mode); }

  /// A value whose gradient is wanted.
  Variable input(Tensor value) { return tape_.input(keep(std::move(value))); }
  Variable constant(Tensor value) { return tape_.constant(keep(std::move(value))); }
  TensorView keep(Tensor value) { return {kept_.emplace_back(std::move(value))}; }
  Tape& tape() { return tape_; }

 private:
  ParameterStore store_;
  Tape tape_{store_};
  std::deque<Tensor> kept_;
};

}  // namespace saccade::tests
