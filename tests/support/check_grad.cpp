#include "tests/support/check_grad.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/random/stream.hpp"

namespace saccade::tests {
namespace {

/// Runs an op on a fresh tape; what it returns is valid until the next run.
using Run = std::function<Variable()>;

double loss(const Run& run, const Tensor& cotangent) {
  const TensorView y = run().value();
  double sum = 0;
  for (std::size_t i = 0; i < y.size(); ++i) sum += double{y[i]} * double{cotangent.data()[i]};
  return sum;
}

Tensor random_cotangent(const Shape& shape, std::uint64_t seed) {
  random::Stream stream{seed, random::Purpose{"test cotangent"}};
  Tensor cotangent = zeros(shape);
  std::generate(cotangent.begin(), cotangent.end(), [&] { return static_cast<Real>(stream.normal()); });
  return cotangent;
}

/// Compares gradients array by array and remembers where they differ most.
class Comparison {
 public:
  Comparison(const Run& run, const Tensor& cotangent, const GradOptions& options)
      : run_{run}, cotangent_{cotangent}, options_{options} {}

  void add(const std::string& name, const TensorView& values, const TensorView& analytic) {
    for (std::size_t i = 0; i < values.size(); ++i) add(name, i, analytic[i], numeric(values[i]));
  }
  [[nodiscard]] const GradCheck& found() const { return found_; }

 private:
  double numeric(Real& number) const {
    const Real before = number;
    const auto step = static_cast<Real>(options_.step);
    number = before + step;
    const double above = loss(run_, cotangent_);
    number = before - step;
    const double below = loss(run_, cotangent_);
    number = before;
    return (above - below) / (2 * options_.step);
  }

  void add(const std::string& name, std::size_t element, double analytic, double numeric) {
    const double allowed = options_.abs_tol + options_.rel_tol * std::max(std::abs(analytic), std::abs(numeric));
    const double error = std::abs(analytic - numeric) / allowed;
    if (error <= farthest_ || std::isnan(farthest_)) return;
    farthest_ = error;
    found_ = {error <= 1,
              fmt::format("{} element {}: analytic {:.9g}, numeric {:.9g}", name, element, analytic, numeric)};
  }

  const Run& run_;
  const Tensor& cotangent_;
  const GradOptions& options_;
  GradCheck found_;
  double farthest_ = 0;
};

}  // namespace

GradCheck check_grad(const InputOp& op, std::vector<Tensor> inputs, const GradOptions& options) {
  const ParameterStore store;
  Tape tape{store};
  std::vector<Variable> leaves;
  const Run run = [&] {
    tape.begin(Tape::Mode::record);
    leaves.clear();
    for (Tensor& input : inputs) leaves.push_back(tape.input(input));
    std::vector<Variable> in = leaves;
    return op(tape, in);
  };
  const Variable y = run();
  Tensor cotangent = random_cotangent(y.shape(), options.seed);
  tape.backward(y, cotangent);
  std::vector<Tensor> gradients;
  gradients.reserve(leaves.size());
  for (const Variable& leaf : leaves) gradients.push_back(to_tensor(leaf.grad()));

  Comparison comparison{run, cotangent, options};
  for (std::size_t i = 0; i < inputs.size(); ++i) comparison.add(fmt::format("input {}", i), inputs[i], gradients[i]);
  return comparison.found();
}

GradCheck check_parameter_grad(ParameterStore& store, const ParameterOp& op, const GradOptions& options) {
  Tape tape{store};
  const Run run = [&] {
    tape.begin(Tape::Mode::record);
    return op(tape);
  };
  const Variable y = run();
  Tensor cotangent = random_cotangent(y.shape(), options.seed);
  tape.backward(y, cotangent);
  Tensor gradients = to_tensor(tape.gradients());

  Comparison comparison{run, cotangent, options};
  for (std::size_t i = 0; i < store.size(); ++i) {
    const Parameter parameter{i};
    comparison.add(store.name(parameter), store.value(parameter), store.slice(gradients, parameter));
  }
  return comparison.found();
}

}  // namespace saccade::tests
