// One training step of Show, Attend and Tell, the whole of Trainer::step, beside its floor: annotations of 14x14 places
// with 512 numbers, 512 units throughout, 4,096 words, captions of 13 words with the end, Adam; hard attention with
// half of the captions read by expectation, as by default, and a moving average as the baseline or the self-critical
// one, for which a second pass says the captions with the likeliest places.
//
//   build/release/tests/benchmarks/saccade_benchmarks --benchmark_filter=caption_step
#include <fmt/format.h>

#include <algorithm>

#include "envs/captions/caption_world.hpp"
#include "tests/benchmarks/training_step.hpp"

namespace saccade::benchmarks {
namespace {

using namespace experiments;
using envs::captions::Vocabulary;

constexpr std::size_t words = 4096;
constexpr std::size_t caption_length = 12;  // of a caption without its end
constexpr std::size_t images = 64;
constexpr std::size_t captions = 1024;

Vocabulary make_vocabulary() {
  envs::captions::CaptionedImage image;
  for (std::size_t i = Vocabulary::first_word; i < words; ++i) image.captions.push_back({fmt::format("word{}", i)});
  return Vocabulary::of(std::span(&image, 1));
}

/// Captions of random words on annotations of noise.
class NoiseCaptions final : public envs::captions::CaptionWorld {
 public:
  NoiseCaptions() : CaptionWorld("noise", {{14, 14, 512}, 0, 1}, make_vocabulary(), caption_length) {
    random::Stream stream{1, random::Purpose{"benchmark annotations"}};
    annotations_.resize(images * spec().observation.shape.size());
    for (Real& x : annotations_) x = static_cast<Real>(stream.uniform());
  }

  [[nodiscard]] std::size_t size(rl::Split) const override { return captions; }
  void show(const rl::EpisodeKey& key, std::span<Real> observation, std::vector<std::int32_t>& said) const override {
    std::copy_n(annotations_.data() + key.index % images * observation.size(), observation.size(), observation.data());
    random::Stream stream{1, random::Purpose{"benchmark captions"}, 0, key.index};
    said.clear();
    for (std::size_t t = 0; t < caption_length; ++t) {
      said.push_back(static_cast<std::int32_t>(Vocabulary::first_word + stream.below(words - Vocabulary::first_word)));
    }
    said.push_back(static_cast<std::int32_t>(Vocabulary::end));
  }

 private:
  std::vector<Real> annotations_;
};

void measure(benchmark::State& state, const std::vector<std::string>& attention, Precision precision) {
  static const NoiseCaptions world;
  ConfigTree tree;
  for (const std::string& setting : attention) tree.set(setting);
  tree.set(fmt::format("precision={}", name(precision)));
  tree.set("agent.kind=show_attend_tell");
  tree.set("trainer.epochs=1000000");
  tree.set(fmt::format("trainer.batch={}", state.range(0)));
  tree.set("trainer.shard=32");
  measure_training_step(state, Experiment(tree), world);
}

void caption_step(benchmark::State& state, const std::vector<std::string>& attention) {
  measure(state, attention, Precision::float32);
}
/// The same with products of bfloat16, floor included; skipped with the reason where they cannot be had.
void caption_step_bfloat16(benchmark::State& state, const std::vector<std::string>& attention) {
  measure(state, attention, Precision::bfloat16);
}

void settings(benchmark::internal::Benchmark* b) { training_step_settings(b, {64}); }

const std::vector<std::string> soft{"agent.attention=soft"};
const std::vector<std::string> hard{"agent.attention=hard"};
const std::vector<std::string> self_critical{"agent.attention=hard", "agent.baseline=self_critical"};

BENCHMARK_CAPTURE(caption_step, soft, soft)->Apply(settings);
BENCHMARK_CAPTURE(caption_step, hard, hard)->Apply(settings);
BENCHMARK_CAPTURE(caption_step, self_critical, self_critical)->Apply(settings);
BENCHMARK_CAPTURE(caption_step_bfloat16, soft, soft)->Apply(settings);
BENCHMARK_CAPTURE(caption_step_bfloat16, hard, hard)->Apply(settings);
BENCHMARK_CAPTURE(caption_step_bfloat16, self_critical, self_critical)->Apply(settings);

}  // namespace
}  // namespace saccade::benchmarks
