#include "agents/ram/networks.hpp"

#include "core/nn/sizes.hpp"
#include "core/ops/multiply.hpp"

namespace saccade::agents {
namespace {

std::variant<nn::RnnCell, nn::LstmCell> make_cell(const nn::Scope& scope, const RamConfig& config) {
  if (config.core == "lstm") return nn::LstmCell(scope, config.glimpse_features, config.hidden);
  return nn::RnnCell(scope, config.glimpse_features, config.hidden);
}

}  // namespace

GlimpseNetwork::GlimpseNetwork(const nn::Scope& scope, const RamConfig& config, std::size_t channels)
    : gain_{static_cast<Real>(config.glimpse_gain)},
      what_{scope / "what", config.glimpse_scales * config.glimpse_size * config.glimpse_size * channels,
            config.what_hidden},
      where_{scope / "where", 2, config.where_hidden},
      join_what_{(scope / "join" / "what")
                     .uniform("weight", {config.glimpse_features, config.what_hidden},
                              nn::bound_for("GlimpseNetwork", config.what_hidden, config.glimpse_features))},
      join_where_{(scope / "join" / "where")
                      .uniform("weight", {config.glimpse_features, config.where_hidden},
                               nn::bound_for("GlimpseNetwork", config.where_hidden, config.glimpse_features))},
      join_bias_{(scope / "join")
                     .uniform("bias", {config.glimpse_features},
                              nn::bound_for("GlimpseNetwork", config.what_hidden, config.glimpse_features))} {}

Variable GlimpseNetwork::operator()(const Variable& patches, const Variable& locations) const {
  Tape& tape = patches.tape();
  const Variable pixels = gain_ == 1 ? patches : ops::scale(patches, gain_);
  const Variable what = what_(pixels, ops::Activation::relu);
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
