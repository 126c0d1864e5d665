#include "agents/show_attend_tell/networks.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/errors.hpp"
#include "core/nn/sizes.hpp"
#include "core/ops/add.hpp"
#include "core/ops/add_bias.hpp"
#include "core/ops/dropout.hpp"
#include "core/ops/multiply.hpp"
#include "core/ops/reshape.hpp"
#include "core/ops/tanh.hpp"

namespace saccade::agents {
namespace {

/// A filter sees the square of its cell and a pixel more on each side.
ops::Window window(std::size_t stride) { return {stride + 2, stride + 2, stride, 1}; }

}  // namespace

Encoder::Encoder(const nn::Scope& scope, const ShowAttendTellConfig& config, const Shape& observation)
    : gain_{static_cast<Real>(config.encoder_gain)},
      size_{observation[2]},
      rows_{observation[0]},
      columns_{observation[1]} {
  if (config.encoder == "none") return;
  if (config.encoder_filters.empty() || config.encoder_filters.size() != config.encoder_strides.size()) {
    throw ConfigError(fmt::format("agent.encoder: filters and strides must have as many numbers, got {} and {}",
                                  config.encoder_filters.size(), config.encoder_strides.size()));
  }
  for (std::size_t i = 0; i < config.encoder_filters.size(); ++i) add_layer(scope, config, i);
  place_ = scope.uniform("place", {rows_ * columns_ * size_}, 0.5);
}

void Encoder::add_layer(const nn::Scope& scope, const ShowAttendTellConfig& config, std::size_t index) {
  const auto filters = static_cast<std::size_t>(config.encoder_filters[index]);
  const auto stride = static_cast<std::size_t>(config.encoder_strides[index]);
  if (rows_ % stride != 0 || columns_ % stride != 0) {
    throw ConfigError(fmt::format("agent.encoder.strides: layer {} cannot go over {}x{} in steps of {}", index, rows_,
                                  columns_, stride));
  }
  const ops::Window seen = window(stride);
  layers_.emplace_back(scope / fmt::format("{}", index), size_, filters, seen, std::sqrt(6.0));
  size_ = filters;
  rows_ = seen.count(rows_, seen.height);
  columns_ = seen.count(columns_, seen.width);
}

Annotations Encoder::operator()(const Variable& observations) const {
  Variable cells = gain_ == 1 ? observations : ops::scale(observations, gain_);
  for (const nn::Convolution& layer : layers_) cells = layer(cells, ops::Activation::relu);
  const std::size_t batch = observations.shape()[0];
  if (place_) {
    cells = ops::add_bias(ops::reshape(cells, {batch, rows_ * columns_ * size_}), observations.tape()[*place_]);
  }
  return {ops::reshape(cells, {batch, rows_ * columns_, size_}), rows_, columns_};
}

AttentionNetwork::AttentionNetwork(const nn::Scope& scope, const ShowAttendTellConfig& config,
                                   std::size_t annotation_size)
    : key{scope / "key", annotation_size, config.attention_hidden},
      query{scope / "query", config.hidden, config.attention_hidden},
      v{scope.uniform("v", {config.attention_hidden}, nn::bound_for("AttentionNetwork", config.attention_hidden, 1))} {}

OutputNetwork::OutputNetwork(const nn::Scope& scope, const ShowAttendTellConfig& config, std::size_t annotation_size,
                             std::size_t words)
    : dropout_{static_cast<Real>(config.dropout)},
      state_{scope / "state", config.hidden, config.embedding},
      context_{(scope / "context")
                   .uniform("weight", {config.embedding, annotation_size},
                            nn::bound_for("OutputNetwork", annotation_size, config.embedding))},
      word_{scope / "word", config.embedding, words} {}

Variable OutputNetwork::operator()(const Variable& embedded, const Variable& state, const Variable& context,
                                   std::span<random::Stream> streams) const {
  Tape& tape = embedded.tape();
  const auto drop = [&](const Variable& x) { return streams.empty() ? x : ops::dropout(x, dropout_, streams); };
  const Variable read =
      ops::affine({{drop(state), tape[state_.weight()]}, {context, tape[context_]}}, tape[state_.bias()]);
  return word_(drop(ops::tanh(ops::add(embedded, read))));
}

ShowAttendTellNetworks::ShowAttendTellNetworks(const nn::Scope& scope, const ShowAttendTellConfig& config,
                                               const Shape& observation, std::size_t words)
    : encoder{scope / "encoder", config, observation},
      embedding{scope / "embedding", words, config.embedding},
      initial_h{scope / "initial" / "h", encoder.size(), config.hidden},
      initial_c{scope / "initial" / "c", encoder.size(), config.hidden},
      attention{scope / "attention", config, encoder.size()},
      gate{scope / "gate", config.hidden, 1},
      core{scope / "core", config.embedding + encoder.size(), config.hidden},
      output{scope / "output", config, encoder.size(), words} {}

}  // namespace saccade::agents
