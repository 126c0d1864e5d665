#pragma once

#include <variant>

#include "agents/ram/config.hpp"
#include "core/nn/linear.hpp"
#include "core/nn/lstm_cell.hpp"
#include "core/nn/rnn_cell.hpp"

namespace saccade::agents {

/// The glimpse network f_g of Mnih et al. 2014, section 3.1:
///
///   h_g = Rect(Linear(gain rho)),  h_l = Rect(Linear(l)),  g = Rect(Linear(h_g) + Linear(h_l))
///
/// The gain is 1 in the paper. A lit pixel of a dark screen is a hundredth of what a digit's strokes are, less at the
/// coarser scales, which show means; a gain makes it stand out against the location and the biases at the start.
///
/// Parameters: "what", "where" (layers of h_g and h_l), "join.what.weight", "join.where.weight", "join.bias".
class GlimpseNetwork {
 public:
  GlimpseNetwork(const nn::Scope& scope, const RamConfig& config, std::size_t channels);

  /// @param patches    [B, k g g C]
  /// @param locations  [B, 2]
  /// @return           [B, features]
  [[nodiscard]] Variable operator()(const Variable& patches, const Variable& locations) const;

 private:
  Real gain_;
  nn::Linear what_;
  nn::Linear where_;
  Parameter join_what_;
  Parameter join_where_;
  Parameter join_bias_;
};

/// The core f_h: rectifiers, h_t = Rect(Linear(h_{t-1}) + Linear(g_t)), or an LSTM.
class Core {
 public:
  Core(const nn::Scope& scope, const RamConfig& config);

  /// @param state  of the last step; no variables at the first
  [[nodiscard]] ops::LstmState operator()(const Variable& glimpse, const ops::LstmState& state) const;

 private:
  std::variant<nn::RnnCell, nn::LstmCell> cell_;
};

/// All networks of the model. `location` is f_l, `baseline` b_t; both read h without passing gradients into it unless
/// the configuration says so (location).
struct RamNetworks {
  RamNetworks(const nn::Scope& scope, const RamConfig& config, std::size_t channels, std::size_t actions);

  GlimpseNetwork glimpse;
  Core core;
  nn::Linear action;
  nn::Linear location;
  nn::Linear baseline;
};

}  // namespace saccade::agents
