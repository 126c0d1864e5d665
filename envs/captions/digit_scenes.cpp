#include "envs/captions/digit_scenes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"
#include "envs/captions/reference_judge.hpp"

namespace saccade::envs::captions {
namespace {

constexpr const char* world_name = "digit_scenes";
constexpr std::array all_splits{rl::Split::train, rl::Split::validation, rl::Split::test};

class DigitJudge final : public ReferenceJudge {
 public:
  DigitJudge(const DigitScenes& world, std::vector<std::vector<Tokens>> validation,
             std::vector<std::vector<Tokens>> test)
      : ReferenceJudge(world.vocabulary(), std::move(validation), std::move(test)), world_{&world} {}

  [[nodiscard]] rl::Report report(std::span<const double> sums, std::size_t episodes) const override {
    rl::Report measures = ReferenceJudge::report(sums, episodes);
    const auto exact = std::find_if(measures.begin(), measures.end(), [](const auto& m) { return m.first == "exact"; });
    std::rotate(measures.begin(), exact, exact + 1);
    return measures;
  }

  [[nodiscard]] std::vector<rl::Box> parts(rl::Split split, std::uint64_t index, const rl::Actions& actions,
                                           std::size_t step) const override {
    if (split == rl::Split::train || step >= actions.size() || !names_digit(actions[step])) return {};
    const auto before = actions.begin() + static_cast<std::ptrdiff_t>(step);
    const auto which = static_cast<std::size_t>(
        std::count_if(actions.begin(), before, [&](std::int32_t word) { return names_digit(word); }));
    const DigitScene scene = world_->scene({split, index});
    if (which >= scene.digits().size()) return {};
    return {world_->layout().box(scene.digits()[which])};
  }

 private:
  [[nodiscard]] bool names_digit(std::int32_t word) const { return world_->grammar().digit(word).has_value(); }

  const DigitScenes* world_;
};

std::vector<std::vector<Tokens>> captions_of(const DigitScenes& world, rl::Split split) {
  std::vector<std::vector<Tokens>> captions;
  std::vector<std::int32_t> words;
  for (std::uint64_t i = 0; i < world.size(split); ++i) {
    world.grammar().describe(world.scene({split, i}), words);
    const std::vector<std::uint32_t> numbers(words.begin(), words.end());
    captions.push_back({world.vocabulary().decode(numbers)});
  }
  return captions;
}

void check_least(const char* key, std::size_t least, std::size_t most) {
  if (least <= most) return;
  throw ConfigError(
      fmt::format("{}: environment.{} must be at most digits_max, got {} and {}", world_name, key, least, most));
}

void check(const DigitScenesConfig& config) {
  check_least("digits_min", config.digits_min, config.digits_max);
  check_least("train_digits_min", config.train_digits_min, config.digits_max);
  if (config.source != "digits" && config.variation != DigitScenesConfig{}.variation) {
    throw ConfigError(
        fmt::format(R"({}: environment.variation is that of source = "digits", got "{}")", world_name, config.source));
  }
}

void check(const ImageSplits& sources) {
  sources.check(world_name);
  const Shape& shape = sources.shape;
  if (shape[2] != 1 || std::max(shape[0], shape[1]) > area_average_limit || sources.classes > 10) {
    throw ArgumentError(
        fmt::format("{}: sources must have 1 channel, {} pixels each way and 10 classes at most, got {} and {}",
                    world_name, area_average_limit, to_string(shape), sources.classes));
  }
  for (const rl::Split split : all_splits) {
    if (sources.set(split).size() > 0) continue;
    throw ArgumentError(fmt::format("{}: sources have no image in the {} split", world_name, rl::name(split)));
  }
}

}  // namespace

void DigitScenesConfig::describe(config::Fields& fields) {
  constexpr double most = 10'000'000;
  constexpr auto cells = static_cast<double>(digit_cells);
  fields.add("source", &source, "where the digits come from", config::one_of({"digits", "mnist"}));
  fields.add("variation", &variation, "of the handwriting of source digits; 1 is that of the world digits",
             config::range(0, 1));
  fields.add("side", &side, "width and height of the picture, pixels", config::range(24, 1024));
  fields.add("digits_min", &digits_min, "fewest digits of a scene", config::range(1, cells));
  fields.add("train_digits_min", &train_digits_min, "fewest digits of a training scene; 0: digits_min",
             config::range(0, cells));
  fields.add("digits_max", &digits_max, "most digits of a scene", config::range(1, cells));
  fields.add("train", &train, "number of training scenes, each drawn anew at every visit", config::range(1, most));
  fields.add("validation", &validation, "number of validation scenes", config::range(1, most));
  fields.add("test", &test, "number of test scenes", config::range(1, most));
  fields.add("seed", &seed, "names the set of scenes; not the seed of a run", config::at_least(0));
}

DigitScenes::DigitScenes(const DigitScenesConfig& config, ImageSplits sources)
    : CaptionWorld(world_name, {{config.side, config.side, 1}, 0, 1}, DigitGrammar::vocabulary(),
                   DigitGrammar::length(config.digits_max)),
      config_{config},
      sources_{std::move(sources)},
      layout_{config.side},
      grammar_{vocabulary()} {
  check(config_);
  check(sources_);
  for (const rl::Split split : all_splits) {
    for (std::size_t i = 0; i < sources_.set(split).size(); ++i) {
      inks_[static_cast<std::size_t>(split)].push_back(ink_square(source(split, i)));
    }
  }
  judge_ = std::make_unique<DigitJudge>(*this, captions_of(*this, rl::Split::validation),
                                        captions_of(*this, rl::Split::test));
}

std::size_t DigitScenes::size(rl::Split split) const {
  switch (split) {
    case rl::Split::train: return config_.train;
    case rl::Split::validation: return config_.validation;
    case rl::Split::test: break;
  }
  return config_.test;
}

std::size_t DigitScenes::digits(rl::Split split, std::uint64_t index) const {
  const bool own = split == rl::Split::train && config_.train_digits_min > 0;
  const std::size_t least = own ? config_.train_digits_min : config_.digits_min;
  return least + index % (config_.digits_max - least + 1);
}

std::size_t DigitScenes::length(rl::Split split, std::uint64_t index) const {
  return split == rl::Split::train ? DigitGrammar::length(digits(split, index)) + 1 : spec().max_steps;
}

DigitScene DigitScenes::scene(const rl::EpisodeKey& key) const {
  random::Stream stream = rl::episode_stream(config_.seed, random::Purpose("digit scene"), key);
  return layout_.draw(digits(key.split, key.index), sources_.set(key.split), stream);
}

GreyImage DigitScenes::source(rl::Split split, std::size_t image) const {
  const std::uint8_t* pixels = sources_.set(split).pixels.data() + image * sources_.shape.size();
  return {pixels, sources_.shape[0], sources_.shape[1]};
}

void DigitScenes::show(const rl::EpisodeKey& key, std::span<Real> observation, std::vector<std::int32_t>& words) const {
  const DigitScene scene = this->scene(key);
  const std::vector<Square>& inks = inks_[static_cast<std::size_t>(key.split)];
  std::fill(observation.begin(), observation.end(), Real{0});
  for (const PlacedDigit& digit : scene.digits()) {
    const Square& ink = inks[digit.image];
    if (ink.side == 0) continue;
    Real* corner = observation.data() + digit.top * config_.side + digit.left;
    area_average(source(key.split, digit.image), ink, digit.side, corner, config_.side);
  }
  words.clear();
  if (key.split == rl::Split::train) grammar_.describe(scene, words);
}

}  // namespace saccade::envs::captions
