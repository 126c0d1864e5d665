#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <utility>
#include <vector>
#include <xsimd/xsimd.hpp>

#include "core/tensor/gemm.hpp"

namespace saccade {

/// Numbers that a kernel reads by whole cache lines.
using AlignedNumbers = std::vector<Real, xsimd::aligned_allocator<Real, 64>>;

/// Whether x is a part of `all`.
[[nodiscard]] inline bool lies_within(const TensorView& x, const TensorView& all) {
  const std::less<> before;
  return !before(x.begin(), all.begin()) && before(x.begin(), all.end());
}

/// For Products: parameters in another form, each made at most once a step, in memory that is kept.
class KeptParameters {
 public:
  /// @param all  of a ParameterStore
  explicit KeptParameters(const TensorView& all) : all_{all} {}

  /// Parameters may have changed.
  void begin() {
    for (Kept& kept : kept_) kept.fresh = kept.asked_for = false;
  }

  [[nodiscard]] bool holds(const TensorView& x) const { return lies_within(x, all_); }

  /// Whether this has been asked of the same form since begin(), so that it pays to make it.
  /// @param transpose  tells two forms of one parameter apart
  [[nodiscard]] bool is_used_again(const TensorView& parameter, Transpose transpose) {
    return std::exchange(find(parameter, transpose).asked_for, true);
  }

  /// @param size  of the form
  /// @param make  fills the numbers that it is given
  template <typename Make>
  [[nodiscard]] Real* get(const TensorView& parameter, Transpose transpose, std::size_t size, const Make& make) {
    Kept& kept = find(parameter, transpose);
    kept.numbers.resize(size);
    if (!kept.fresh) make(kept.numbers.data());
    kept.fresh = true;
    return kept.numbers.data();
  }

 private:
  struct Kept {
    const Real* from;
    Shape shape;
    Transpose transpose;
    AlignedNumbers numbers = {};
    bool fresh = false;
    bool asked_for = false;
  };

  Kept& find(const TensorView& parameter, Transpose transpose) {
    const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const Kept& kept) {
      return kept.from == parameter.data() && kept.shape == parameter.shape() && kept.transpose == transpose;
    });
    if (found != kept_.end()) return *found;
    kept_.push_back({parameter.data(), parameter.shape(), transpose});
    return kept_.back();
  }

  TensorView all_;
  std::deque<Kept> kept_;
};

}  // namespace saccade
