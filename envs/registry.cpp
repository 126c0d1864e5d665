#include "envs/registry.hpp"

#include <fmt/format.h>

#include <array>

#include "core/errors.hpp"
#include "envs/catch/catch.hpp"
#include "envs/digits/digits.hpp"
#include "envs/mnist/mnist.hpp"
#include "envs/scenes/scenes.hpp"

namespace saccade::envs {
namespace {

class DigitsBuilder final : public Builder {
 public:
  void describe(config::Fields& fields) override { config_.describe(fields); }
  std::unique_ptr<rl::Environment> build(const Resources& resources) const override {
    return std::make_unique<ImageRecognition>("digits", draw_digits(config_, *resources.workers));
  }

 private:
  DigitsConfig config_;
};

class MnistBuilder final : public Builder {
 public:
  void describe(config::Fields& fields) override { config_.describe(fields); }
  std::unique_ptr<rl::Environment> build(const Resources& resources) const override {
    return std::make_unique<ImageRecognition>("mnist", load_mnist(find_data(resources, "mnist", has_mnist), config_));
  }

 private:
  MnistConfig config_;
};

/// Scenes of either source; worlds differ in the number of pieces to begin with.
template <std::size_t pieces>
class ScenesBuilder final : public Builder {
 public:
  ScenesBuilder() { config_.pieces = pieces; }
  void describe(config::Fields& fields) override { config_.describe(fields); }
  std::unique_ptr<rl::Environment> build(const Resources& resources) const override {
    const char* name = pieces == 0 ? "translated_mnist" : "cluttered_mnist";
    return std::make_unique<Scenes>(name, config_, sources(resources));
  }

 private:
  [[nodiscard]] ImageSplits sources(const Resources& resources) const {
    if (config_.source == "digits") return draw_digits({}, *resources.workers);
    return load_mnist(find_data(resources, "mnist", has_mnist), {});
  }

  SceneConfig config_;
};

class CatchBuilder final : public Builder {
 public:
  void describe(config::Fields& fields) override { config_.describe(fields); }
  std::unique_ptr<rl::Environment> build(const Resources& /*resources*/) const override {
    return std::make_unique<CatchGame>(config_);
  }

 private:
  CatchConfig config_;
};

template <typename T>
std::unique_ptr<Builder> make() {
  return std::make_unique<T>();
}

constexpr std::array entries{
    Entry{"digits", "28x28 handwritten-looking digits from our own stroke generator; needs no data",
          make<DigitsBuilder>},
    Entry{"mnist", "28x28 handwritten digits, 50,000 / 10,000 / 10,000 (LeCun et al.); needs the four IDX files",
          make<MnistBuilder>},
    Entry{"translated_mnist", "a digit somewhere on a larger canvas, drawn anew at each visit (Mnih et al. 2014)",
          make<ScenesBuilder<0>>},
    Entry{"cluttered_mnist", "the same among pieces of other digits", make<ScenesBuilder<4>>},
    Entry{"catch", "a game: move a paddle to where a ball comes down (Mnih et al. 2014); needs no data",
          make<CatchBuilder>},
};

}  // namespace

std::span<const Entry> registry() { return entries; }

std::filesystem::path find_data(const Resources& resources, std::string_view name,
                                bool (*holds)(const std::filesystem::path&)) {
  std::string searched;
  for (const std::filesystem::path& folder : resources.data_folders) {
    std::filesystem::path candidate = folder / name;
    if (holds(candidate)) return candidate;
    searched += (searched.empty() ? "" : ", ") + candidate.string();
  }
  throw IoError(fmt::format("no {} data found; searched {}; name the folder that holds {}/ with --data or SACCADE_DATA",
                            name, searched.empty() ? "nowhere" : searched, name));
}

}  // namespace saccade::envs
