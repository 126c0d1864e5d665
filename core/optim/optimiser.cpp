#include "core/optim/optimiser.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/errors.hpp"
#include "core/parallel/reduce.hpp"
#include "core/tensor/checks.hpp"

namespace saccade::optim {
namespace {

constexpr std::size_t grain = 16384;

class Sgd final : public Optimiser {
 public:
  Sgd(const OptimiserConfig& config, std::size_t size)
      : momentum_{static_cast<Real>(config.momentum)}, velocity_{zeros({size})} {}

  std::vector<NamedState> state() override { return {{"velocity", velocity_}}; }

 private:
  void update(std::size_t begin, std::size_t end, const TensorView& values, const TensorView& gradients,
              double rate) override {
    const auto step = static_cast<Real>(rate);
    Real* v = velocity_.data();
    Real* x = values.data();
    const Real* g = gradients.data();
    for (std::size_t i = begin; i < end; ++i) {
      v[i] = momentum_ * v[i] + g[i];
      x[i] -= step * v[i];
    }
  }

  Real momentum_;
  Tensor velocity_;
};

class RmsProp final : public Optimiser {
 public:
  RmsProp(const OptimiserConfig& config, std::size_t size)
      : momentum_{static_cast<Real>(config.momentum)},
        decay_{static_cast<Real>(config.decay)},
        epsilon_{static_cast<Real>(config.epsilon)},
        velocity_{zeros({size})},
        square_{zeros({size})} {}

  std::vector<NamedState> state() override { return {{"velocity", velocity_}, {"square", square_}}; }

 private:
  void update(std::size_t begin, std::size_t end, const TensorView& values, const TensorView& gradients,
              double rate) override {
    const Real step = static_cast<Real>(rate);
    Real* v = velocity_.data();
    Real* s = square_.data();
    Real* x = values.data();
    const Real* g = gradients.data();
    for (std::size_t i = begin; i < end; ++i) {
      s[i] = decay_ * s[i] + (1 - decay_) * g[i] * g[i];
      v[i] = momentum_ * v[i] + g[i] / (std::sqrt(s[i]) + epsilon_);
      x[i] -= step * v[i];
    }
  }

  Real momentum_;
  Real decay_;
  Real epsilon_;
  Tensor velocity_;
  Tensor square_;
};

class Adam final : public Optimiser {
 public:
  Adam(const OptimiserConfig& config, std::size_t size)
      : beta1_{config.beta1},
        beta2_{config.beta2},
        epsilon_{static_cast<Real>(config.epsilon)},
        mean_{zeros({size})},
        square_{zeros({size})} {}

  std::vector<NamedState> state() override { return {{"mean", mean_}, {"square", square_}}; }

 private:
  void update(std::size_t begin, std::size_t end, const TensorView& values, const TensorView& gradients,
              double rate) override {
    const auto t = static_cast<double>(steps());
    const Real step = static_cast<Real>(rate / (1 - std::pow(beta1_, t)));
    const auto correction = static_cast<Real>(1 / (1 - std::pow(beta2_, t)));
    const auto b1 = static_cast<Real>(beta1_);
    const auto b2 = static_cast<Real>(beta2_);
    Real* m = mean_.data();
    Real* s = square_.data();
    Real* x = values.data();
    const Real* g = gradients.data();
    for (std::size_t i = begin; i < end; ++i) {
      m[i] = b1 * m[i] + (1 - b1) * g[i];
      s[i] = b2 * s[i] + (1 - b2) * g[i] * g[i];
      x[i] -= step * m[i] / (std::sqrt(s[i] * correction) + epsilon_);
    }
  }

  double beta1_;
  double beta2_;
  Real epsilon_;
  Tensor mean_;
  Tensor square_;
};

}  // namespace

void OptimiserConfig::describe(config::Fields& fields) {
  fields.add("kind", &kind, "rule of the update", config::one_of({"sgd", "rmsprop", "adam"}));
  fields.add("momentum", &momentum, "share of the last step that is kept", config::at_least(0).below(1))
      .only_with("kind", {"sgd", "rmsprop"});
  fields.add("decay", &decay, "decay of the mean square gradient", config::at_least(0).below(1))
      .only_with("kind", {"rmsprop"});
  fields.add("beta1", &beta1, "decay of the mean gradient", config::at_least(0).below(1)).only_with("kind", {"adam"});
  fields.add("beta2", &beta2, "decay of the mean square gradient", config::at_least(0).below(1))
      .only_with("kind", {"adam"});
  fields.add("epsilon", &epsilon, "added to the root of the mean square", config::at_least(1e-30))
      .only_with("kind", {"rmsprop", "adam"});
}

void Optimiser::step(parallel::Workers& workers, const TensorView& values, const TensorView& gradients, double rate) {
  check_size("Optimiser::step", "gradients", gradients, values.size());
  ++steps_;
  workers.for_ranges(values.size(), grain,
                     [&](std::size_t begin, std::size_t end) { update(begin, end, values, gradients, rate); });
}

std::unique_ptr<Optimiser> make_optimiser(const OptimiserConfig& config, std::size_t size) {
  if (config.kind == "sgd") return std::make_unique<Sgd>(config, size);
  if (config.kind == "rmsprop") return std::make_unique<RmsProp>(config, size);
  if (config.kind == "adam") return std::make_unique<Adam>(config, size);
  throw ArgumentError(fmt::format("make_optimiser: kind must be sgd, rmsprop or adam, got {}", config.kind));
}

double clip_global_norm(parallel::Workers& workers, const TensorView& gradients, double limit) {
  const double norm = std::sqrt(parallel::sum_of_squares(workers, gradients));
  if (limit > 0 && std::isfinite(norm) && norm > limit) {
    const Real factor = static_cast<Real>(limit / norm);
    for (Real& gradient : gradients.span()) gradient *= factor;
  }
  return norm;
}

}  // namespace saccade::optim
