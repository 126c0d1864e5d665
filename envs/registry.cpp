#include "envs/registry.hpp"

#include <fmt/format.h>

#include <array>

#include "core/errors.hpp"
#include "envs/captions/digit_scenes.hpp"
#include "envs/captions/flickr8k.hpp"
#include "envs/captions/karpathy.hpp"
#include "envs/captions/photographs.hpp"
#include "envs/catch/catch.hpp"
#include "envs/data_sets.hpp"
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

/// What scenes are made of: "mnist" or "digits".
ImageSplits scene_sources(const std::string& source, const Resources& resources, const DigitsConfig& digits = {}) {
  if (source == "digits") return draw_digits(digits, *resources.workers);
  return load_mnist(find_data(resources, "mnist", has_mnist), {});
}

/// Scenes of either source; worlds differ in the number of pieces to begin with.
template <std::size_t pieces>
class ScenesBuilder final : public Builder {
 public:
  ScenesBuilder() { config_.pieces = pieces; }
  void describe(config::Fields& fields) override { config_.describe(fields); }
  std::unique_ptr<rl::Environment> build(const Resources& resources) const override {
    const char* name = pieces == 0 ? "translated_mnist" : "cluttered_mnist";
    return std::make_unique<Scenes>(name, config_, scene_sources(config_.source, resources));
  }

 private:
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

class Flickr8kBuilder final : public Builder {
 public:
  void describe(config::Fields& fields) override { config_.describe(fields); }
  std::unique_ptr<rl::Environment> build(const Resources& resources) const override {
    const std::filesystem::path folder = find_folder(resources);
    captions::CaptionSplits splits = read(folder);
    return std::make_unique<captions::Photographs>(
        "flickr8k", std::move(splits),
        captions::Annotations::open(captions::find_annotations(config_.annotations, folder, how_to_make(folder))),
        config_,
        resources.photographs.empty() ? captions::flickr8k_images_or_their_place(folder) : resources.photographs);
  }
  std::shared_ptr<const rl::Judge> judge(const Resources& resources) const override {
    return captions::judge_by_captions(read(find_folder(resources)), config_);
  }

 private:
  static std::filesystem::path find_folder(const Resources& resources) {
    return find_data(resources, "flickr8k", captions::has_flickr8k);
  }
  static std::string how_to_make(const std::filesystem::path& folder) {
    return fmt::format("flickr8k --data {}", folder.parent_path().string());
  }
  static captions::CaptionSplits read(const std::filesystem::path& folder) {
    return captions::with_all_splits("flickr8k", captions::load_flickr8k(folder));
  }

  captions::PhotographConfig config_;
};

class KarpathyBuilder final : public Builder {
 public:
  void describe(config::Fields& fields) override {
    fields.add("file", &file_, "captions and splits in the form of Karpathy's dataset_*.json");
    fields.add("images", &images_,
               "folder of the photographs, for `saccade show` alone, which takes another with --images; empty: images/ "
               "beside the file, or else its folder");
    config_.describe(fields);
  }
  std::unique_ptr<rl::Environment> build(const Resources& resources) const override {
    captions::CaptionSplits splits = read();
    const std::filesystem::path folder = std::filesystem::path(file_).parent_path();
    return std::make_unique<captions::Photographs>(
        "karpathy", std::move(splits),
        captions::Annotations::open(captions::find_annotations(
            config_.annotations, folder, fmt::format("--images DIR --list {} --out FILE.annotations", file_))),
        config_, images(resources));
  }
  std::shared_ptr<const rl::Judge> judge(const Resources& /*resources*/) const override {
    return captions::judge_by_captions(read(), config_);
  }

 private:
  [[nodiscard]] captions::CaptionSplits read() const {
    check_file();
    return captions::with_all_splits(file_, captions::load_karpathy(file_));
  }

  void check_file() const {
    namespace fs = std::filesystem;
    if (file_.empty()) throw ConfigError("environment.file must name a file like dataset_flickr30k.json");
    if (fs::is_regular_file(file_)) return;
    const std::string from = fs::path(file_).is_absolute() ? "" : " from " + fs::current_path().string();
    throw IoError(fmt::format("environment.file: there is no file {}{}", file_, from));
  }

  [[nodiscard]] std::filesystem::path images(const Resources& resources) const {
    if (!resources.photographs.empty()) return resources.photographs;
    return images_.empty() ? captions::karpathy_images(file_) : std::filesystem::path(images_);
  }

  std::string file_;
  std::string images_;
  captions::PhotographConfig config_;
};

class DigitScenesBuilder final : public Builder {
 public:
  void describe(config::Fields& fields) override { config_.describe(fields); }
  std::unique_ptr<rl::Environment> build(const Resources& resources) const override {
    DigitsConfig digits;
    digits.variation = config_.variation;
    return std::make_unique<captions::DigitScenes>(config_, scene_sources(config_.source, resources, digits));
  }

 private:
  captions::DigitScenesConfig config_;
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
    Entry{"flickr8k", "8,000 photographs with five captions each (Hodosh et al. 2013); needs its files and annotations",
          make<Flickr8kBuilder>},
    Entry{"karpathy", "photographs, captions and splits of a dataset_*.json (Flickr8k, Flickr30k, COCO)",
          make<KarpathyBuilder>},
    Entry{"digit_scenes", "captions: two to four digits, their sizes and how they lie to each other; needs no data",
          make<DigitScenesBuilder>},
};

}  // namespace

std::shared_ptr<const rl::Judge> Builder::judge(const Resources& resources) const {
  const std::shared_ptr<const rl::Environment> world = build(resources);
  return {world, world->judge()};
}

std::span<const Entry> registry() { return entries; }

std::filesystem::path find_data(const Resources& resources, std::string_view name,
                                bool (*holds)(const std::filesystem::path&)) {
  std::string searched;
  for (const std::filesystem::path& folder : resources.data_folders) {
    std::filesystem::path candidate = folder / name;
    if (holds(candidate)) return candidate;
    searched += (searched.empty() ? "" : ", ") + candidate.string();
  }
  const bool only_one = resources.data_folders.size() == 1;
  throw IoError(fmt::format(
      "no {} data found; searched {}{}; or name the folder that holds {}/ with --data or SACCADE_DATA", name,
      searched.empty() ? "nowhere" : searched, fetch_hint(name, only_one ? resources.data_folders[0] : ""), name));
}

}  // namespace saccade::envs
