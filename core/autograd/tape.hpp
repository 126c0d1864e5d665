#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <vector>

#include "core/autograd/parameters.hpp"
#include "core/tensor/arena.hpp"
#include "core/tensor/gemm.hpp"
#include "core/tensor/tensor.hpp"

/// Reverse-mode automatic differentiation on a tape.
///
/// An op computes its value at once and pushes a closure that, given d loss / d output, adds to d loss / d input of
/// each input that wants it. `Tape::backward` walks the closures from last to first. Values, gradients and closures
/// live in the tape's arena, so nothing of a step survives the next `begin`.
///
///     Variable relu(const Variable& x) {
///       Variable y = x.tape().result(x.value().shape(), {x});
///       assign(y.value(), xt::maximum(Real{0}, flat(x.value())));
///       x.tape().record(y, [x, y] { add_grad(x, xt::where(flat(y.value()) > Real{0}, flat(y.grad()), Real{0})); });
///       return y;
///     }
namespace saccade {

class Tape;

namespace detail {

/// A weight gradient that waits for the end of the walk: d_weight += d_y^T x.
struct DeferredProduct {
  TensorView d_y;
  TensorView x;
  DeferredProduct* next;
};

struct Node {
  TensorView value;
  TensorView grad;
  Tape* tape;
  DeferredProduct* deferred;
  bool requires_grad;
  bool has_grad;
  bool is_parameter;
};

}  // namespace detail

/// A value on a tape and, after backward, its gradient. A handle: copies name the same value. Valid until the tape
/// begins anew.
class Variable {
 public:
  /// No value; tests false. Some ops accept it for an absent operand.
  Variable() = default;
  explicit Variable(detail::Node* node) : node_{node} {}

  [[nodiscard]] explicit operator bool() const { return node_ != nullptr; }
  [[nodiscard]] const TensorView& value() const { return node_->value; }
  [[nodiscard]] const Shape& shape() const { return node_->value.shape(); }
  /// d loss / d value in the shape of value(); zeros where no gradient has arrived.
  [[nodiscard]] TensorView grad() const;
  [[nodiscard]] bool requires_grad() const { return node_->requires_grad; }
  [[nodiscard]] bool has_grad() const { return node_->has_grad; }
  [[nodiscard]] Tape& tape() const { return *node_->tape; }
  [[nodiscard]] detail::Node& node() const { return *node_; }

 private:
  detail::Node* node_ = nullptr;
};

/// The record of one shard's computation. Used by one thread at a time.
class Tape {
 public:
  enum class Mode {
    record,  ///< keep what backward needs
    infer    ///< values only: no closure is kept and no gradient exists
  };

  /// A tape over the parameters of `store`, which must outlive it and be complete, with products of its precision.
  /// Parameters change between one begin and the next only before the first of them is used.
  /// @throws ArgumentError  if this build on this machine has no such products
  explicit Tape(const ParameterStore& store);
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;

  /// Forgets everything recorded and starts anew: all variables and views from before are invalid.
  void begin(Mode mode);

  /// A parameter as a variable. Its gradient ends up in its slice of gradients().
  [[nodiscard]] Variable operator[](Parameter parameter);
  /// A value that gets no gradient. The memory must stay as it is until the next begin.
  [[nodiscard]] Variable constant(const TensorView& value);
  /// A value whose gradient is wanted (tests, visualisation), if the tape records.
  [[nodiscard]] Variable input(const TensorView& value);

  /// For ops: an output of this shape with unspecified contents. It wants a gradient if any input does.
  [[nodiscard]] Variable result(const Shape& shape, std::span<const Variable> inputs);
  [[nodiscard]] Variable result(const Shape& shape, std::initializer_list<Variable> inputs) {
    return result(shape, std::span{inputs.begin(), inputs.size()});
  }
  /// For ops: an output that shares memory with an existing value.
  [[nodiscard]] Variable alias(const TensorView& value, std::span<const Variable> inputs);
  [[nodiscard]] Variable alias(const TensorView& value, std::initializer_list<Variable> inputs) {
    return alias(value, std::span{inputs.begin(), inputs.size()});
  }
  /// For ops: runs `backward` during the walk if a gradient has arrived at y. The closure must be trivially
  /// destructible: capture variables, views and numbers.
  template <typename Backward>
  void record(const Variable& y, const Backward& backward) {
    if (y.requires_grad()) push({&y.node(), nullptr}, backward);
  }
  /// The same for an op with two outputs: runs if a gradient has arrived at either.
  template <typename Backward>
  void record(const Variable& y, const Variable& z, const Backward& backward) {
    if (y.requires_grad() || z.requires_grad()) push({&y.node(), &z.node()}, backward);
  }

  /// Walks the tape back from a scalar: seeds d loss / d loss = 1. A tape is walked once: a second walk would count
  /// what the first one found twice.
  /// @throws ShapeError  unless loss has one element; ArgumentError for a second walk or a tape that infers
  void backward(const Variable& loss);
  /// Walks the tape back from y with the given d loss / d y, of y's size.
  void backward(const Variable& y, const TensorView& d_y);

  /// The gradient of every parameter in the layout of ParameterStore::values(); complete after backward.
  [[nodiscard]] TensorView gradients() const;
  /// Memory that lasts until the next begin.
  [[nodiscard]] Arena& arena() { return arena_; }
  /// For ops: what gemm is to compute products with.
  [[nodiscard]] Products* products() const { return products_.get(); }

 private:
  friend class Variable;
  struct Outputs {
    detail::Node* first;
    detail::Node* second;
  };
  struct Record {
    Outputs outputs;
    const void* closure;
    void (*run)(const void* closure);
    Record* previous;
  };

  template <typename Backward>
  void push(Outputs outputs, const Backward& backward) {
    const Backward* closure = arena_.create<Backward>(backward);
    last_ = arena_.create<Record>(
        outputs, closure, [](const void* erased) { (*static_cast<const Backward*>(erased))(); }, last_);
  }
  detail::Node* make_node(const TensorView& value, bool requires_grad);
  void walk();
  void finish_parameters();

  const ParameterStore* store_;
  mutable Tensor gradients_;
  Arena arena_;
  std::unique_ptr<Products> products_;
  std::vector<detail::Node*> parameter_nodes_;
  Record* last_ = nullptr;
  Mode mode_ = Mode::infer;
  bool walked_ = false;
};

/// For ops, during the walk: memory for the gradient of x, and whether it already holds something to add to.
struct GradientTarget {
  TensorView view;
  bool add;
};
/// Marks x as having a gradient; the caller must write (or add to, if `add`) every element of the view.
[[nodiscard]] GradientTarget gradient_target(const Variable& x);

/// For ops, during the walk: d_x += expression, a one-dimensional expression of x's size. Nothing if x wants no
/// gradient.
template <typename Expression>
void add_grad(const Variable& x, const Expression& expression) {
  if (!x.requires_grad()) return;
  const GradientTarget target = gradient_target(x);
  put(target.view, target.add, expression);
}

/// For ops, during the walk: d_x += op(a) op(b), of the shape [rows, columns] that the product has.
void add_grad_product(const Variable& x, const TensorView& a, Transpose transpose_a, const TensorView& b,
                      Transpose transpose_b);
/// For ops, during the walk: d_weight += d_y^T x, with d_y [N, out], x [N, in], weight [out, in]. If weight is a
/// parameter the product waits for the end of the walk and all uses of the parameter become one product, so both views
/// must stay as they are until then.
void add_grad_weight(const Variable& weight, const TensorView& d_y, const TensorView& x);
/// For ops, during the walk: d_bias[j] += sum_n d_y[n, j].
void add_grad_row_sum(const Variable& bias, const TensorView& d_y);

/// x seen as a matrix [size / last extent, last extent]. @throws ShapeError for rank 0.
[[nodiscard]] TensorView as_rows(const TensorView& x);

}  // namespace saccade
