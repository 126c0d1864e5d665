#include "core/ops/lstm_gates.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"
#include "core/tensor/checks.hpp"

namespace saccade::ops {
namespace {

/// The quarter of one row of [N, 4 H] that belongs to a gate.
TensorView gate(const TensorView& all, std::size_t row, std::size_t index) {
  const std::size_t width = all.dim(1) / 4;
  return {all.data() + row * all.dim(1) + index * width, {width}};
}

enum : std::size_t { input_gate, forget_gate, candidate, output_gate };

void squash_row(const TensorView& p, const TensorView& activated, std::size_t n) {
  for (const std::size_t k : {input_gate, forget_gate, output_gate}) {
    assign(gate(activated, n, k), Real{0.5} + Real{0.5} * xt::tanh(Real{0.5} * flat(gate(p, n, k))));
  }
  assign(gate(activated, n, candidate), xt::tanh(flat(gate(p, n, candidate))));
}

struct Saved {
  TensorView activated;  // [N, 4 H]: i, f, g, o
  TensorView tanh_c;     // [N, H]
};

void forward_row(const Variable& gates, const Variable& c_prev, const LstmState& next, const Saved& saved,
                 std::size_t n) {
  squash_row(gates.value(), saved.activated, n);
  const TensorView& a = saved.activated;
  const TensorView c = next.c.value().rows(n, 1);
  assign(c, flat(gate(a, n, input_gate)) * flat(gate(a, n, candidate)));
  if (c_prev) add_to(c, flat(gate(a, n, forget_gate)) * flat(c_prev.value().rows(n, 1)));
  const TensorView tanh_c = saved.tanh_c.rows(n, 1);
  assign(tanh_c, xt::tanh(flat(c)));
  assign(next.h.value().rows(n, 1), flat(gate(a, n, output_gate)) * flat(tanh_c));
}

/// From d_h and d_c of a row: `d` receives d_p (added if `add`), d_c_prev is accumulated by the caller from `e`.
void backward_row(const Variable& c_prev, const LstmState& next, const Saved& saved, const TensorView& d,
                  const TensorView& e, std::size_t n) {
  const TensorView& a = saved.activated;
  const auto i = flat(gate(a, n, input_gate));
  const auto f = flat(gate(a, n, forget_gate));
  const auto g = flat(gate(a, n, candidate));
  const auto o = flat(gate(a, n, output_gate));
  const auto tanh_c = flat(saved.tanh_c.rows(n, 1));
  const auto d_h = flat(next.h.grad().rows(n, 1));
  const TensorView e_row = e.rows(n, 1);
  const auto e_flat = flat(e_row);
  assign(e_row, flat(next.c.grad().rows(n, 1)) + d_h * o * (Real{1} - tanh_c * tanh_c));
  add_to(gate(d, n, input_gate), e_flat * g * i * (Real{1} - i));
  if (c_prev) add_to(gate(d, n, forget_gate), e_flat * flat(c_prev.value().rows(n, 1)) * f * (Real{1} - f));
  add_to(gate(d, n, candidate), e_flat * i * (Real{1} - g * g));
  add_to(gate(d, n, output_gate), d_h * tanh_c * o * (Real{1} - o));
  assign(e_row, e_flat * f);
}

/// Memory for d_gates; scratch if nothing wants it.
GradientTarget gates_target(const Variable& gates) {
  if (gates.requires_grad()) return gradient_target(gates);
  return {gates.tape().arena().tensor(gates.shape()), false};
}

void lstm_backward(const Variable& gates, const Variable& c_prev, const LstmState& next, const Saved& saved) {
  const TensorView e = gates.tape().arena().tensor(next.c.shape());
  const GradientTarget target = gates_target(gates);
  if (!target.add) fill(target.view, 0);
  for (std::size_t n = 0; n < e.dim(0); ++n) backward_row(c_prev, next, saved, target.view, e, n);
  if (c_prev) add_grad(c_prev, flat(e));
}

}  // namespace

LstmState lstm_gates(const Variable& gates, const Variable& c_prev) {
  check_rank("lstm_gates", "gates", gates.value(), 2);
  const std::size_t rows = gates.shape()[0];
  const std::size_t width = gates.shape()[1] / 4;
  check_shape("lstm_gates", "gates", gates.value(), {rows, 4 * width});
  if (c_prev) check_shape("lstm_gates", "c_prev", c_prev.value(), {rows, width});

  Tape& tape = gates.tape();
  const Saved saved{tape.arena().tensor(gates.shape()), tape.arena().tensor({rows, width})};
  const LstmState next{tape.result({rows, width}, {gates, c_prev}), tape.result({rows, width}, {gates, c_prev})};
  for (std::size_t n = 0; n < rows; ++n) forward_row(gates, c_prev, next, saved, n);
  tape.record(next.h, next.c, [gates, c_prev, next, saved] { lstm_backward(gates, c_prev, next, saved); });
  return next;
}

}  // namespace saccade::ops
