#pragma once

#include <optional>
#include <span>
#include <vector>

#include "agents/show_attend_tell/config.hpp"
#include "core/nn/convolution.hpp"
#include "core/nn/embedding.hpp"
#include "core/nn/linear.hpp"
#include "core/nn/lstm_cell.hpp"
#include "core/random/stream.hpp"

namespace saccade::agents {

/// What the decoder reads: annotations a_1 ... a_L of D numbers each, on a grid.
struct Annotations {
  Variable values;  ///< [B, L, D]
  std::size_t rows = 0;
  std::size_t columns = 0;
};

/// Makes annotations of observations [B, H, W, C]: each cell is one; or layers of filters and rectifiers come before.
/// A filter of stride s sees (s + 2) x (s + 2) pixels, its own s x s and a border of one, zeros beyond the image: the
/// cells of the grid are equal parts of the image, and each filter looks at the middle of its own. Such annotations get
/// a learned vector of their place added, as small filters do not see where they are.
///
/// Parameters: "0", "1", ... (layers), "place" [L D] from U(-0.5, 0.5).
class Encoder {
 public:
  Encoder(const nn::Scope& scope, const ShowAttendTellConfig& config, const Shape& observation);

  [[nodiscard]] Annotations operator()(const Variable& observations) const;
  [[nodiscard]] bool computes() const { return !layers_.empty(); }  ///< whether there are layers
  [[nodiscard]] std::size_t size() const { return size_; }          ///< D
  [[nodiscard]] std::size_t rows() const { return rows_; }          ///< of the grid
  [[nodiscard]] std::size_t columns() const { return columns_; }    ///< of the grid

 private:
  void add_layer(const nn::Scope& scope, const ShowAttendTellConfig& config, std::size_t index);

  std::vector<nn::Convolution> layers_;
  std::optional<Parameter> place_;
  Real gain_;
  std::size_t size_;
  std::size_t rows_;
  std::size_t columns_;
};

/// The parameters of f_att: v ("v"), the projection of the annotations ("key") and that of the state ("query").
struct AttentionNetwork {
  AttentionNetwork(const nn::Scope& scope, const ShowAttendTellConfig& config, std::size_t annotation_size);

  nn::Linear key;
  nn::Linear query;
  Parameter v;
};

/// The deep output of Xu et al. 2015, eq. 7, in the form of the authors' code:
///
///   o = tanh(E y_{t-1} + L_h dropout(h_t) + L_z z_t),  logits = L_o dropout(o)
///
/// Parameters: "state" (L_h), "context" (L_z), "word" (L_o).
class OutputNetwork {
 public:
  OutputNetwork(const nn::Scope& scope, const ShowAttendTellConfig& config, std::size_t annotation_size,
                std::size_t words);

  /// @param embedded, state, context  [N, m], [N, n], [N, D]
  /// @param streams  N, for dropout; none to go without
  /// @return         [N, words]
  [[nodiscard]] Variable operator()(const Variable& embedded, const Variable& state, const Variable& context,
                                    std::span<random::Stream> streams) const;

 private:
  Real dropout_;
  nn::Linear state_;
  Parameter context_;
  nn::Linear word_;
};

/// All networks. `initial_h` and `initial_c` make the first state of the mean annotation, tanh of a linear map; `gate`
/// is f_beta.
struct ShowAttendTellNetworks {
  ShowAttendTellNetworks(const nn::Scope& scope, const ShowAttendTellConfig& config, const Shape& observation,
                         std::size_t words);

  Encoder encoder;
  nn::Embedding embedding;
  nn::Linear initial_h;
  nn::Linear initial_c;
  AttentionNetwork attention;
  nn::Linear gate;
  nn::LstmCell core;
  OutputNetwork output;
};

}  // namespace saccade::agents
