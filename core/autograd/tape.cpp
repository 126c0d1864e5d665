#include "core/autograd/tape.hpp"

#include <algorithm>

#include "core/errors.hpp"
#include "core/tensor/checks.hpp"
#include "core/tensor/products.hpp"

namespace saccade {

using detail::DeferredProduct;
using detail::Node;

TensorView Variable::grad() const {
  if (!node_->has_grad) fill(gradient_target(*this).view, 0);
  return node_->grad;
}

Tape::Tape(const ParameterStore& store)
    : store_{&store},
      gradients_{zeros(store.values().shape())},
      products_{make_products(store.precision(), store.values())},
      parameter_nodes_(store.size(), nullptr) {
  begin(Mode::infer);
}

void Tape::begin(Mode mode) {
  mode_ = mode;
  walked_ = false;
  last_ = nullptr;
  arena_.rewind();
  if (products_) products_->begin();
  std::fill(parameter_nodes_.begin(), parameter_nodes_.end(), nullptr);
}

Variable Tape::operator[](Parameter parameter) {
  Node*& node = parameter_nodes_.at(parameter.index);
  if (node == nullptr) {
    node = make_node(store_->value(parameter), mode_ == Mode::record);
    node->grad = store_->slice(gradients(), parameter);
    node->is_parameter = true;
  }
  return Variable{node};
}

Variable Tape::constant(const TensorView& value) { return Variable{make_node(value, false)}; }

Variable Tape::input(const TensorView& value) { return Variable{make_node(value, mode_ == Mode::record)}; }

Variable Tape::result(const Shape& shape, std::span<const Variable> inputs) {
  return alias(arena_.tensor(shape), inputs);
}

Variable Tape::alias(const TensorView& value, std::span<const Variable> inputs) {
  const bool wanted =
      std::any_of(inputs.begin(), inputs.end(), [](const Variable& x) { return x && x.requires_grad(); });
  return Variable{make_node(value, wanted)};
}

void Tape::backward(const Variable& loss) {
  check_size("Tape::backward", "loss", loss.value(), 1);
  Real one = 1;
  backward(loss, TensorView{&one, {1}});
}

void Tape::backward(const Variable& y, const TensorView& d_y) {
  check_size("Tape::backward", "d_y", d_y, y.value().size());
  if (mode_ == Mode::infer) throw ArgumentError("Tape::backward: expected a tape that records, got one that infers");
  if (walked_) throw ArgumentError("Tape::backward: expected a tape that was not walked yet; begin it anew");
  walked_ = true;
  add_grad(y, flat(d_y));
  walk();
  finish_parameters();
}

TensorView Tape::gradients() const { return {gradients_}; }

Node* Tape::make_node(const TensorView& value, bool requires_grad) {
  return arena_.create<Node>(value, TensorView{}, this, nullptr, requires_grad, false, false);
}

void Tape::walk() {
  for (const Record* record = last_; record != nullptr; record = record->previous) {
    const auto [first, second] = record->outputs;
    if (first->has_grad || (second != nullptr && second->has_grad)) record->run(record->closure);
  }
}

namespace {

/// Puts the operands of deferred products below one another, so that one product over all rows does for the sum of
/// them. A recurrent net uses one array in several products: what ends like something stacked before is a part of it.
class Stacker {
 public:
  explicit Stacker(Arena& arena) : arena_{&arena} {}

  using Operand = TensorView DeferredProduct::*;

  TensorView stack(const DeferredProduct* products, Operand operand) {
    const std::size_t count = length(products);
    for (const Stacked* known = last_; known != nullptr; known = known->previous) {
      const std::size_t rows = rows_of(products, operand);
      if (ends_with(*known, products, operand, count)) return known->all.rows(known->all.dim(0) - rows, rows);
    }
    last_ = arena_->create<Stacked>(products, operand, count, copy_all(products, operand), last_);
    return last_->all;
  }

 private:
  struct Stacked {
    const DeferredProduct* products;
    Operand operand;
    std::size_t count;
    TensorView all;
    const Stacked* previous;
  };

  static std::size_t length(const DeferredProduct* products) {
    std::size_t count = 0;
    for (; products != nullptr; products = products->next) ++count;
    return count;
  }

  static std::size_t rows_of(const DeferredProduct* products, Operand operand) {
    std::size_t rows = 0;
    for (; products != nullptr; products = products->next) rows += (products->*operand).dim(0);
    return rows;
  }

  static bool ends_with(const Stacked& known, const DeferredProduct* products, Operand operand, std::size_t count) {
    if (count > known.count) return false;
    const DeferredProduct* theirs = known.products;
    for (std::size_t skip = known.count - count; skip > 0; --skip) theirs = theirs->next;
    for (; products != nullptr && theirs != nullptr; products = products->next, theirs = theirs->next) {
      const TensorView& a = products->*operand;
      const TensorView& b = theirs->*known.operand;
      if (a.data() != b.data() || a.shape() != b.shape()) return false;
    }
    return true;
  }

  TensorView copy_all(const DeferredProduct* products, Operand operand) {
    const TensorView all = arena_->tensor({rows_of(products, operand), (products->*operand).dim(1)});
    std::size_t row = 0;
    for (; products != nullptr; products = products->next) {
      const TensorView& part = products->*operand;
      copy(part, all.rows(row, part.dim(0)));
      row += part.dim(0);
    }
    return all;
  }

  Arena* arena_;
  const Stacked* last_ = nullptr;
};

}  // namespace

void Tape::finish_parameters() {
  Stacker stacker(arena_);
  for (std::size_t i = 0; i < parameter_nodes_.size(); ++i) {
    Node* node = parameter_nodes_[i];
    if (node == nullptr) {
      fill(store_->slice(gradients(), Parameter{i}), 0);
      continue;
    }
    if (node->deferred != nullptr) {
      const bool one = node->deferred->next == nullptr;
      const TensorView d_y = one ? node->deferred->d_y : stacker.stack(node->deferred, &DeferredProduct::d_y);
      const TensorView x = one ? node->deferred->x : stacker.stack(node->deferred, &DeferredProduct::x);
      add_grad_product(Variable{node}, d_y, Transpose::yes, x, Transpose::no);
      node->deferred = nullptr;
    }
    if (!node->has_grad) fill(gradient_target(Variable{node}).view, 0);
  }
}

GradientTarget gradient_target(const Variable& x) {
  Node& node = x.node();
  if (node.grad.empty()) node.grad = node.tape->arena().tensor(node.value.shape());
  const bool add = node.has_grad;
  node.has_grad = true;
  return {node.grad, add};
}

void add_grad_product(const Variable& x, const TensorView& a, Transpose transpose_a, const TensorView& b,
                      Transpose transpose_b) {
  if (!x.requires_grad()) return;
  const GradientTarget target = gradient_target(x);
  gemm(a, transpose_a, b, transpose_b, as_rows(target.view), target.add ? Real{1} : Real{0}, x.tape().products());
}

void add_grad_weight(const Variable& weight, const TensorView& d_y, const TensorView& x) {
  if (!weight.requires_grad()) return;
  Node& node = weight.node();
  if (node.is_parameter) {
    node.deferred = node.tape->arena().create<DeferredProduct>(d_y, x, node.deferred);
  } else {
    add_grad_product(weight, d_y, Transpose::yes, x, Transpose::no);
  }
}

void add_grad_row_sum(const Variable& bias, const TensorView& d_y) {
  if (!bias.requires_grad()) return;
  const GradientTarget target = gradient_target(bias);
  if (!target.add) fill(target.view, 0);
  const std::size_t columns = d_y.dim(1);
  Real* sum = target.view.data();
  for (std::size_t row = 0; row < d_y.dim(0); ++row) {
    const Real* d = d_y.data() + row * columns;
    for (std::size_t column = 0; column < columns; ++column) sum[column] += d[column];
  }
}

TensorView as_rows(const TensorView& x) {
  if (x.rank() == 0) throw ShapeError("as_rows: expected at least one axis, got none");
  const std::size_t columns = x.dim(x.rank() - 1);
  return x.reshaped({columns == 0 ? 0 : x.size() / columns, columns});
}

}  // namespace saccade
