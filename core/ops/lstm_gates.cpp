#include "core/ops/lstm_gates.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"
#include "core/ops/logistic.hpp"
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
    assign(gate(activated, n, k), logistic(flat(gate(p, n, k))));
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

/// One row of everything that the backward pass reads; c_prev is null where it is zero.
struct Row {
  const Real *i, *f, *g, *o, *tanh_c, *d_h, *d_c, *c_prev;
};

Row row_of(const Variable& c_prev, const LstmState& next, const Saved& saved, std::size_t n) {
  const auto gate_data = [&](std::size_t index) { return gate(saved.activated, n, index).data(); };
  return {gate_data(input_gate),
          gate_data(forget_gate),
          gate_data(candidate),
          gate_data(output_gate),
          saved.tanh_c.rows(n, 1).data(),
          next.h.grad().rows(n, 1).data(),
          next.c.grad().rows(n, 1).data(),
          c_prev ? c_prev.value().rows(n, 1).data() : nullptr};
}

/// Writes d_gates of a row (adds, if `add`) and d_c_prev, in one pass over memory.
template <bool add>
// NOLINTNEXTLINE(readability-non-const-parameter): written to through a reference
void backward_row(const Row& row, std::size_t width, Real* d_gates, Real* d_c_prev) {
  const Row r = row;  // a copy that no store can change
#pragma GCC ivdep
  for (std::size_t k = 0; k < width; ++k) {
    const Real i = r.i[k], f = r.f[k], g = r.g[k], o = r.o[k], tanh_c = r.tanh_c[k];
    const Real e = r.d_c[k] + r.d_h[k] * o * (1 - tanh_c * tanh_c);
    const Real before = r.c_prev != nullptr ? r.c_prev[k] : 0;
    d_c_prev[k] = e * f;
    const auto store = [&](std::size_t gate, Real value) {
      Real& d = d_gates[gate * width + k];
      d = add ? d + value : value;
    };
    store(input_gate, e * g * i * (1 - i));
    store(forget_gate, e * before * f * (1 - f));
    store(candidate, e * i * (1 - g * g));
    store(output_gate, r.d_h[k] * tanh_c * o * (1 - o));
  }
}

/// Memory for d_gates; scratch if nothing wants it.
GradientTarget gates_target(const Variable& gates) {
  if (gates.requires_grad()) return gradient_target(gates);
  return {gates.tape().arena().tensor(gates.shape()), false};
}

void lstm_backward(const Variable& gates, const Variable& c_prev, const LstmState& next, const Saved& saved) {
  const TensorView d_c_prev = gates.tape().arena().tensor(next.c.shape());
  const GradientTarget target = gates_target(gates);
  for (std::size_t n = 0; n < d_c_prev.dim(0); ++n) {
    const Row row = row_of(c_prev, next, saved, n);
    const std::size_t width = d_c_prev.dim(1);
    (target.add ? backward_row<true> : backward_row<false>)(row, width, target.view.rows(n, 1).data(),
                                                            d_c_prev.rows(n, 1).data());
  }
  if (c_prev) add_grad(c_prev, flat(d_c_prev));
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
