#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/random/stream.hpp"
#include "core/tensor/tensor.hpp"

/// What an agent can rely on of a world. Episodes run in batches, side by side and in step; a batch is one shard's.
namespace saccade::rl {

/// The parts of a world's episodes. Choose on validation, test once.
enum class Split { train, validation, test };
[[nodiscard]] std::string_view name(Split split);
/// The split of that name. @throws ArgumentError
[[nodiscard]] Split split_named(std::string_view name_of_split);

/// Names one episode. A world must give the same episode for the same key, for ever.
struct EpisodeKey {
  Split split = Split::train;
  std::uint64_t index = 0;  ///< which of the split's episodes, below Environment::size(split)
  /// Training: how many episodes the run has begun before, each roll-out counted. What an agent draws depends on it.
  std::uint64_t number = 0;
  /// Training: how many items the run has visited before, the same for all roll-outs of an item. A world that draws
  /// each visit anew (a place, clutter) draws from it; validation and test must not depend on it.
  std::uint64_t visit = 0;
  /// Training: the run's, so that two runs are two samples of what a world draws, too.
  std::uint64_t seed = 0;

  bool operator==(const EpisodeKey&) const = default;
};

/// Shape and bounds of an array of numbers.
struct TensorSpec {
  Shape shape;       ///< of one episode, without the batch axis
  Real minimum = 0;  ///< inclusive
  Real maximum = 1;  ///< inclusive
};

/// What a world looks like from outside.
struct EnvironmentSpec {
  std::string name;
  TensorSpec observation;       ///< of an image: [H, W, C]
  std::size_t num_actions = 0;  ///< actions are 0..num_actions-1
  std::size_t max_steps = 1;    ///< no episode takes more actions
  Real minimum_reward = 0;      ///< of one step
  Real maximum_reward = 1;
  /// Whether steps name the action that was right (supervision): the last one, or each in training where a Judge
  /// decides on whole episodes.
  bool has_targets = false;
  std::optional<std::int32_t> end_action = {};  ///< an action that ends an episode by itself, if there is one
  /// Actions that are in no right answer, such as the word that stands for unknown ones, though targets may name them:
  /// an agent that acts by itself leaves them out.
  std::vector<std::int32_t> masked_actions = {};
};

enum class StepKind { first, mid, last };

/// What a batch of B episodes shows after each step, after dm_env: FIRST, MID, ..., LAST. Valid until the next reset or
/// step of the same Episodes.
struct TimeStep {
  StepKind kind = StepKind::first;
  TensorView observation;          ///< [B, ...]
  std::span<const Real> reward;    ///< [B] for the last action; zeros at FIRST
  std::span<const Real> discount;  ///< [B] in [0, 1] of what comes after; apart from termination, 0 if nothing counts
  std::span<const std::int32_t> target;  ///< [B] the action that was right, revealed after it was taken, -1 after an
                                         ///< episode's end; empty if unknown
};

/// A batch of running episodes. Used by one thread at a time; makes no heap allocation once it has seen its largest
/// batch.
class Episodes {
 public:
  virtual ~Episodes() = default;

  /// Begins one episode for each key. @throws ArgumentError for an index beyond the split.
  virtual TimeStep reset(std::span<const EpisodeKey> keys) = 0;
  /// Takes one action in each episode.
  /// @throws ArgumentError for an action beyond the spec, a batch of another size, or a step after LAST or before reset
  virtual TimeStep step(std::span<const std::int32_t> actions) = 0;
};

class Judge;

/// A world: immutable and shared by all threads, which each run their own Episodes in it.
class Environment {
 public:
  virtual ~Environment() = default;

  [[nodiscard]] virtual const EnvironmentSpec& spec() const = 0;
  /// Number of different episodes of a split.
  [[nodiscard]] virtual std::size_t size(Split split) const = 0;
  [[nodiscard]] virtual std::unique_ptr<Episodes> episodes() const = 0;

  /// How many actions an episode will take, where that is known before. Training makes its batches of episodes of one
  /// length as far as they go.
  [[nodiscard]] virtual std::size_t length(Split /*split*/, std::uint64_t /*index*/) const { return spec().max_steps; }
  /// What the actions are called, where their numbers mean nothing by themselves: a text that belongs to what was
  /// trained with it. Empty otherwise.
  [[nodiscard]] virtual std::string action_table() const { return {}; }
  /// What was read to make the world, where its settings do not say all: a line for each part, its SHA-256 digest and
  /// its name. It belongs to what was trained on it, because it differs wherever the data do. Empty otherwise.
  [[nodiscard]] virtual std::string data_digests() const { return {}; }
  /// What a user should know of what was read, a line each, such as what of it was left out.
  [[nodiscard]] virtual std::vector<std::string> notes() const { return {}; }
  /// The file of the picture that an episode shows the annotations of, whether it is there or not; empty where
  /// observations are pictures themselves.
  [[nodiscard]] virtual std::filesystem::path photograph(Split /*split*/, std::uint64_t /*index*/) const { return {}; }
  /// Who decides how good whole episodes were; none where every action or its reward tells.
  [[nodiscard]] virtual const Judge* judge() const { return nullptr; }
};

/// The numbers that a world draws an episode from: in training others for each seed and visit; in validation and test
/// the same for ever, by index alone.
/// @param world_seed  names the set of episodes
/// @param name        of what is drawn; worlds of different names share no number
[[nodiscard]] random::Stream episode_stream(std::uint64_t world_seed, random::Purpose name, const EpisodeKey& key);

/// @throws ArgumentError  unless there are `expected` actions, each in 0..spec.num_actions-1
void check_actions(std::string_view function, const EnvironmentSpec& spec, std::span<const std::int32_t> actions,
                   std::size_t expected);
/// @throws ArgumentError  if a key's index is beyond its split
void check_keys(std::string_view function, const Environment& environment, std::span<const EpisodeKey> keys);

/// @throws ConfigError  naming the agent, unless the world's episodes are one action whose right answer is revealed
void check_recognition(std::string_view agent, const EnvironmentSpec& world);

}  // namespace saccade::rl
