#include "tests/support/tensors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ostream>
#include <stdexcept>

#include "core/random/stream.hpp"

namespace saccade::tests {

std::ostream& operator<<(std::ostream& out, const Check& check) {
  return out << (check.ok ? "ok" : "not ok") << (check.worst.empty() ? "" : ", worst is ") << check.worst;
}

Tensor tensor(const Shape& shape, std::initializer_list<double> elements) {
  Tensor x = zeros(shape);
  if (elements.size() != x.size()) throw std::invalid_argument("tensor: wrong number of elements");
  std::transform(elements.begin(), elements.end(), x.begin(), [](double e) { return static_cast<Real>(e); });
  return x;
}

Tensor randn(const Shape& shape, std::uint64_t seed) {
  random::Stream stream{seed, random::Purpose{"test randn"}};
  Tensor x = zeros(shape);
  std::generate(x.begin(), x.end(), [&] { return static_cast<Real>(stream.normal()); });
  return x;
}

Tensor uniform(const Shape& shape, double low, double high, std::uint64_t seed) {
  random::Stream stream{seed, random::Purpose{"test uniform"}};
  Tensor x = zeros(shape);
  std::generate(x.begin(), x.end(), [&] { return static_cast<Real>(stream.uniform(low, high)); });
  return x;
}

Tensor away_from_zero(Tensor x, double margin) {
  for (Real& element : x) element += std::copysign(static_cast<Real>(margin), element);
  return x;
}

Tensor transposed(Tensor x) {
  const TensorView from{x};
  Tensor to = zeros({from.dim(1), from.dim(0)});
  for (std::size_t i = 0; i < from.size(); ++i) TensorView{to}(i % from.dim(1), i / from.dim(1)) = from[i];
  return to;
}

Check close(const TensorView& x, Tensor expected, double tolerance) {
  const TensorView wanted{expected};
  if (x.shape() != wanted.shape()) {
    return {false, fmt::format("shape {}, expected {}", to_string(x.shape()), to_string(wanted.shape()))};
  }
  Check check;
  double farthest = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double error = std::abs(double{x[i]} - double{wanted[i]}) / (1 + std::abs(double{wanted[i]}));
    if (error <= farthest) continue;
    check.ok = check.ok && error <= tolerance;
    check.worst = fmt::format("element {}: {}, expected {}", i, x[i], wanted[i]);
    if (std::isnan(error)) return check;
    farthest = error;
  }
  return check;
}

bool all_finite(const TensorView& x) {
  return std::all_of(x.begin(), x.end(), [](Real element) { return std::isfinite(element); });
}

}  // namespace saccade::tests
