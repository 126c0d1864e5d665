#include "core/tensor/products.hpp"

#include <algorithm>
#include <deque>
#include <functional>

#include "core/errors.hpp"
#include "core/tensor/bfloat16.hpp"
#include "core/tensor/one_dnn.hpp"

namespace saccade {
namespace {

/// Rounds operands, and leaves the rest to BLAS.
class EmulatedProducts final : public Products {
 public:
  explicit EmulatedProducts(const TensorView& parameters) : parameters_{parameters} {}

  void begin() override {
    for (Rounded& rounded : kept_) rounded.fresh = false;
  }

  void multiply(const GemmCall& call) override {
    GemmCall rounded = call;
    rounded.a = round(call.a, left_);
    rounded.b = round(call.b, right_);
    multiply_by_blas(rounded);
  }

 private:
  using Numbers = std::vector<Real, xsimd::aligned_allocator<Real, 64>>;

  /// A parameter as rounded in this step, if fresh.
  struct Rounded {
    const Real* from;
    Numbers numbers;
    bool fresh;
  };

  TensorView round(const TensorView& x, Numbers& scratch) {
    if (lies_within(x, parameters_)) return {fresh(x).numbers.data(), x.shape()};
    if (scratch.size() < x.size()) scratch.resize(x.size());
    round_to_bfloat16(x.span(), std::span(scratch).first(x.size()));
    return {scratch.data(), x.shape()};
  }

  Rounded& fresh(const TensorView& parameter) {
    Rounded& rounded = kept(parameter);
    if (!rounded.fresh) round_to_bfloat16(parameter.span(), rounded.numbers);
    rounded.fresh = true;
    return rounded;
  }

  Rounded& kept(const TensorView& parameter) {
    const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const Rounded& rounded) {
      return rounded.from == parameter.data() && rounded.numbers.size() == parameter.size();
    });
    if (found != kept_.end()) return *found;
    kept_.push_back({parameter.data(), Numbers(parameter.size()), false});
    return kept_.back();
  }

  TensorView parameters_;
  std::deque<Rounded> kept_;
  Numbers left_;
  Numbers right_;
};

}  // namespace

bool lies_within(const TensorView& x, const TensorView& all) {
  const std::less<> before;
  return !before(x.begin(), all.begin()) && before(x.begin(), all.end());
}

std::unique_ptr<Products> make_products(Precision precision, const TensorView& parameters) {
  const std::string reason = reason_against(precision, product_support());
  if (!reason.empty()) throw ArgumentError(reason);
  if (precision == Precision::bfloat16_emulated) return std::make_unique<EmulatedProducts>(parameters);
  if (precision == Precision::bfloat16) return make_one_dnn_products(OneDnnOperands::bfloat16, parameters);
  return nullptr;
}

}  // namespace saccade
