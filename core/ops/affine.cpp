#include "core/ops/affine.hpp"

#include <algorithm>
#include <array>

#include "core/errors.hpp"
#include "core/ops/logistic.hpp"
#include "core/tensor/checks.hpp"

namespace saccade::ops {
namespace {

constexpr std::size_t max_terms = 4;

/// The terms that are present, kept in place so that a closure can own them.
struct Terms {
  std::array<AffineTerm, max_terms> items;
  std::size_t count = 0;

  [[nodiscard]] const AffineTerm* begin() const { return items.data(); }
  [[nodiscard]] const AffineTerm* end() const { return items.data() + count; }
};

Terms present_terms(std::initializer_list<AffineTerm> all) {
  Terms terms;
  for (const AffineTerm& term : all) {
    if (!term.x) continue;
    if (terms.count == max_terms) throw ArgumentError("affine: expected at most four terms, got more");
    terms.items[terms.count++] = term;
  }
  if (terms.count == 0) throw ArgumentError("affine: expected at least one term, got none");
  return terms;
}

void check_terms(const Terms& terms, const Variable& bias) {
  for (const AffineTerm& term : terms) {
    check_rank("affine", "x", term.x.value(), std::max<std::size_t>(term.x.shape().rank(), 1));
  }
  const TensorView first = as_rows(terms.items[0].x.value());
  check_rank("affine", "weight", terms.items[0].weight.value(), 2);
  const std::size_t out = terms.items[0].weight.shape()[0];
  for (const AffineTerm& term : terms) {
    const TensorView x = as_rows(term.x.value());
    check_dim("affine", "x", x, 0, first.dim(0));
    check_shape("affine", "weight", term.weight.value(), {out, x.dim(1)});
  }
  if (bias) check_shape("affine", "bias", bias.value(), {out});
}

Shape output_shape(const Terms& terms) {
  const Shape& shape = terms.items[0].x.shape();
  std::array<std::size_t, Shape::max_rank> extents{};
  std::copy(shape.begin(), shape.end(), extents.begin());
  extents[shape.rank() - 1] = terms.items[0].weight.shape()[0];
  return Shape(std::span{extents.data(), shape.rank()});
}

Variable make_output(const Terms& terms, const Variable& bias) {
  Tape& tape = terms.items[0].x.tape();
  const auto& t = terms.items;
  return tape.result(output_shape(terms),
                     {t[0].x, t[0].weight, t[1].x, t[1].weight, t[2].x, t[2].weight, t[3].x, t[3].weight, bias});
}

/// Every row of p starts as the bias, so that the products only add. @return whether there is something to add to
bool start_from_bias(const TensorView& p, const Variable& bias) {
  if (!bias) return false;
  for (std::size_t n = 0; n < p.dim(0); ++n) {
    std::copy_n(bias.value().data(), p.dim(1), p.data() + n * p.dim(1));
  }
  return true;
}

/// p becomes f(p), in place.
void activate(const TensorView& p, Activation activation) {
  switch (activation) {
    case Activation::none: break;
    case Activation::relu: assign(p, xt::maximum(Real{0}, flat(p))); break;
    case Activation::tanh: assign(p, xt::tanh(flat(p))); break;
    case Activation::sigmoid: assign(p, logistic(flat(p))); break;
  }
}

/// d_p from d_y.
TensorView through_activation(const Variable& y, Activation activation) {
  const TensorView d_y = as_rows(y.grad());
  if (activation == Activation::none) return d_y;
  const TensorView d_p = y.tape().arena().tensor(d_y.shape());
  const auto v = flat(y.value());
  switch (activation) {
    case Activation::none: break;
    case Activation::relu: assign(d_p, xt::where(v > Real{0}, flat(d_y), Real{0})); break;
    case Activation::tanh: assign(d_p, flat(d_y) * (Real{1} - v * v)); break;
    case Activation::sigmoid: assign(d_p, flat(d_y) * v * (Real{1} - v)); break;
  }
  return d_p;
}

void affine_backward(const Terms& terms, const Variable& bias, const Variable& y, Activation activation) {
  const TensorView d = through_activation(y, activation);
  if (bias) add_grad_row_sum(bias, d);
  for (const AffineTerm& term : terms) {
    add_grad_product(term.x, d, Transpose::no, term.weight.value(), Transpose::no);
    add_grad_weight(term.weight, d, as_rows(term.x.value()));
  }
}

}  // namespace

Variable affine(std::initializer_list<AffineTerm> terms, const Variable& bias, Activation activation) {
  const Terms present = present_terms(terms);
  check_terms(present, bias);
  const Variable y = make_output(present, bias);
  const TensorView rows = as_rows(y.value());
  bool add = start_from_bias(rows, bias);
  for (const AffineTerm& term : present) {
    gemm(as_rows(term.x.value()), Transpose::no, term.weight.value(), Transpose::yes, rows, add ? Real{1} : Real{0},
         y.tape().products());
    add = true;
  }
  activate(rows, activation);
  y.tape().record(y, [present, bias, y, activation] { affine_backward(present, bias, y, activation); });
  return y;
}

Variable linear(const Variable& x, const Variable& weight, const Variable& bias) { return affine({{x, weight}}, bias); }

}  // namespace saccade::ops
