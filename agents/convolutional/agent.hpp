#pragma once

#include "agents/classifier/classifier.hpp"
#include "core/config/fields.hpp"
#include "core/nn/convolution.hpp"
#include "core/nn/linear.hpp"

namespace saccade::agents {

/// Settings of the convolutional network. The paper's captions say 8 filters, its text 16.
struct ConvolutionalConfig {
  std::size_t filters = 8;
  std::size_t size = 10;  // of a filter, pixels
  std::size_t stride = 5;
  std::size_t hidden = 256;  // units of the fully connected layer
  double gain = 1;           // on the pixels

  void describe(config::Fields& fields);
};

/// The convolutional baseline of Mnih et al. 2014 ("two layers"): filters, then a fully connected layer, each with
/// rectifiers, and a softmax. Parameters: "filters", "hidden", "action".
class ConvolutionalAgent final : public Classifier {
 public:
  /// @throws ConfigError  unless the world shows images that a filter fits, and names the right action of its one step
  ConvolutionalAgent(const ConvolutionalConfig& config, const rl::EnvironmentSpec& world, std::uint64_t seed);

  [[nodiscard]] Variable logits(const Variable& observations) const override;

 private:
  nn::Convolution filters_;
  nn::Linear hidden_;
  nn::Linear action_;
};

}  // namespace saccade::agents
