#include "agents/ram/networks.hpp"

#include <cmath>

namespace saccade::agents {
namespace {

double bound(std::size_t fan_in) { return 1.0 / std::sqrt(static_cast<double>(fan_in)); }

std::variant<nn::RnnCell, nn::LstmCell> make_cell(const nn::Scope& scope, const RamConfig& config) {
  if (config.core == "lstm") return nn::LstmCell(scope, config.glimpse_features, config.hidden);
  return nn::RnnCell(scope, config.glimpse_features, config.hidden);
}

}  // namespace

GlimpseNetwork::GlimpseNetwork(const nn::Scope& scope, const RamConfig& config, std::size_t channels)
    : what_{scope / "what", config.glimpse_scales * config.glimpse_size * config.glimpse_size * channels,
            config.what_hidden},
      where_{scope / "where", 2, config.where_hidden},
      join_what_{(scope / "join" / "what")
                     .uniform("weight", {config.glimpse_features, config.what_hidden}, bound(config.what_hidden))},
      join_where_{(scope / "join" / "where")
                      .uniform("weight", {config.glimpse_features, config.where_hidden}, bound(config.where_hidden))},
      join_bias_{(scope / "join").uniform("bias", {config.glimpse_features}, bound(config.what_hidden))} {}

Variable GlimpseNetwork::operator()(const Variable& patches, const Variable& locations) const {
  Tape& tape = patches.tape();
  const Variable what = what_(patches, ops::Activation::relu);
  const Variable where = where_(locations, ops::Activation::relu);
  return ops::affine({{what, tape[join_what_]}, {where, tape[join_where_]}}, tape[join_bias_], ops::Activation::relu);
}

Core::Core(const nn::Scope& scope, const RamConfig& config) : cell_{make_cell(scope, config)} {}

ops::LstmState Core::operator()(const Variable& glimpse, const ops::LstmState& state) const {
  if (const auto* rnn = std::get_if<nn::RnnCell>(&cell_)) return {(*rnn)(glimpse, state.h), {}};
  return std::get<nn::LstmCell>(cell_)(glimpse, state);
}

RamNetworks::RamNetworks(const nn::Scope& scope, const RamConfig& config, std::size_t channels, std::size_t actions)
    : glimpse{scope / "glimpse", config, channels},
      core{scope / "core", config},
      action{scope / "action", config.hidden, actions},
      location{scope / "location", config.hidden, 2},
      baseline{scope / "baseline", config.hidden, 1} {}

}  // namespace saccade::agents
