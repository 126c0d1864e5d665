#include "agents/registry.hpp"

#include <array>

#include "agents/convolutional/agent.hpp"
#include "agents/fully_connected/agent.hpp"
#include "agents/ram/agent.hpp"
#include "agents/show_attend_tell/agent.hpp"

namespace saccade::agents {
namespace {

template <typename Agent, typename Config>
class ConfiguredBuilder final : public Builder {
 public:
  void describe(config::Fields& fields) override { config_.describe(fields); }
  std::unique_ptr<rl::Agent> build(const rl::EnvironmentSpec& world, std::uint64_t seed) const override {
    return std::make_unique<Agent>(config_, world, seed);
  }

 private:
  Config config_;
};

template <typename Agent, typename Config>
std::unique_ptr<Builder> make() {
  return std::make_unique<ConfiguredBuilder<Agent, Config>>();
}

constexpr std::array entries{
    Entry{"ram", "recurrent attention model: glimpses placed by a policy trained with REINFORCE (Mnih et al. 2014)",
          make<RamAgent, RamConfig>},
    Entry{"fully_connected", "layers of rectifiers on the whole image, the paper's baseline",
          make<FullyConnectedAgent, FullyConnectedConfig>},
    Entry{"convolutional", "a layer of filters and one of rectifiers on the whole image, the paper's baseline",
          make<ConvolutionalAgent, ConvolutionalConfig>},
    Entry{"show_attend_tell", "captions by an LSTM with soft, hard or marginal attention (Xu et al. 2015)",
          make<ShowAttendTellAgent, ShowAttendTellConfig>},
};

}  // namespace

std::span<const Entry> registry() { return entries; }

}  // namespace saccade::agents
