#include "core/tensor/products.hpp"

#include "core/errors.hpp"
#include "core/tensor/bfloat16.hpp"
#include "core/tensor/kept_parameters.hpp"
#include "core/tensor/one_dnn.hpp"
#include "core/tensor/packed_products.hpp"

namespace saccade {
namespace {

/// Rounds operands, and leaves the rest to BLAS.
class EmulatedProducts final : public Products {
 public:
  explicit EmulatedProducts(const TensorView& parameters) : parameters_{parameters} {}

  void begin() override { parameters_.begin(); }

  void multiply(const GemmCall& call) override {
    GemmCall rounded = call;
    rounded.a = round(call.a, left_);
    rounded.b = round(call.b, right_);
    multiply_by_blas(rounded);
  }

 private:
  TensorView round(const TensorView& x, AlignedNumbers& scratch) {
    const auto round_into = [&](Real* to) { round_to_bfloat16(x.span(), std::span(to, x.size())); };
    if (parameters_.holds(x)) return {parameters_.get(x, Transpose::no, x.size(), round_into), x.shape()};
    if (scratch.size() < x.size()) scratch.resize(x.size());
    round_into(scratch.data());
    return {scratch.data(), x.shape()};
  }

  KeptParameters parameters_;
  AlignedNumbers left_;
  AlignedNumbers right_;
};

}  // namespace

std::unique_ptr<Products> make_products(Precision precision, const TensorView& parameters) {
  const std::string reason = reason_against(precision, product_support());
  if (!reason.empty()) throw ArgumentError(reason);
  if (precision == Precision::bfloat16_emulated) return std::make_unique<EmulatedProducts>(parameters);
  if (precision == Precision::bfloat16) return make_one_dnn_products(OneDnnOperands::bfloat16, parameters);
  return make_packed_products(parameters);
}

}  // namespace saccade
