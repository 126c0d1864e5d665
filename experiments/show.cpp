#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/rl/actions.hpp"
#include "experiments/caption_figure.hpp"
#include "experiments/data/photograph.hpp"
#include "experiments/figure.hpp"
#include "experiments/heat_map.hpp"
#include "experiments/trained_run.hpp"

namespace saccade::experiments {
namespace {

namespace fs = std::filesystem;

/// Of the longer side: as many as a picture has for it at two dots a unit.
constexpr std::size_t photograph_dots = 2 * photograph_side;

std::vector<float> values_of(const TensorView& rows, std::size_t row) {
  const TensorView one = rows.rows(row, 1);
  return {one.begin(), one.end()};
}

/// All that a batch of episodes has shown in one picture each, what was shown later the brighter; an image that does
/// not change is itself.
class Exposure {
 public:
  explicit Exposure(std::size_t steps) : steps_{steps} {}

  void add(const rl::TimeStep& now) {
    if (now.kind == rl::StepKind::first) picture_ = zeros(now.observation.shape());
    const auto place = static_cast<Real>(++step_) / static_cast<Real>(steps_ + 1);
    const Real brightness = now.kind == rl::StepKind::last ? Real{1} : place;
    for (std::size_t i = 0; i < picture_.size(); ++i) {
      picture_.flat(i) = std::max(picture_.flat(i), brightness * now.observation[i]);
    }
  }
  [[nodiscard]] TensorView images() { return picture_; }

 private:
  std::size_t steps_;
  std::size_t step_ = 0;
  Tensor picture_;
};

void judge(GlimpsePath& path, const Lane& lane, const rl::EnvironmentSpec& world, std::size_t b) {
  if (!world.has_targets) {
    path.rewarded = lane.rewards[b] >= static_cast<double>(world.maximum_reward);
    return;
  }
  std::vector<std::int32_t> action;
  const TensorView log_probs = lane.actor->action_log_probs().rows(b, 1);
  rl::most_probable_actions(log_probs, action);
  path.predicted = action[0];
  path.confidence = std::exp(static_cast<double>(log_probs[static_cast<std::size_t>(action[0])]));
  path.label = lane.last.target[b];
}

GlimpsePath trace_episode(const Lane& lane, const rl::EnvironmentSpec& world, const TensorView& images, std::size_t b) {
  GlimpsePath path;
  path.height = images.dim(1);
  path.width = images.dim(2);
  path.channels = images.dim(3);
  path.image = values_of(images, b);
  for (const rl::Glimpse& glimpse : lane.actor->glimpses()) {
    path.scales = glimpse.patches.dim(1);
    path.glimpse_size = glimpse.patches.dim(2);
    path.steps.push_back({static_cast<double>(glimpse.location(b, 0)), static_cast<double>(glimpse.location(b, 1)),
                          values_of(glimpse.patches, b)});
  }
  judge(path, lane, world, b);
  return path;
}

/// What the agent itself calls acting so; its first way of testing if nothing is asked for. One without a likeliest
/// choice takes its mean; one without a mean draws a sample, whatever is asked for.
rl::EvaluationMode mode_of(const TrainedRun& trained, const Shown& shown) {
  const double length_power = trained.experiment.evaluation().effort.length_power;
  const std::vector<rl::EvaluationMode> modes = trained.agent->evaluation_modes({1, shown.beam, length_power});
  for (const std::optional<rl::Decision> wanted : {shown.decision, std::optional(rl::Decision::mean)}) {
    for (const rl::EvaluationMode& mode : modes) {
      if (mode.decision == wanted.value_or(mode.decision) && mode.beam == shown.beam) return mode;
    }
  }
  if (shown.beam == 1) return modes.front();
  throw ConfigError(
      fmt::format("show: agent {} says no captions that a beam could search for", trained.experiment.agent_kind()));
}

/// An image that the agent itself was shown.
CaptionPicture observed_picture(const TensorView& images, std::size_t b) {
  CaptionPicture picture;
  picture.height = images.dim(1);
  picture.width = images.dim(2);
  picture.channels = images.dim(3);
  picture.image = values_of(images, b);
  return picture;
}

/// A photograph whose annotations the agent was shown.
CaptionPicture photographed_picture(const fs::path& file) {
  if (!fs::exists(file)) {
    throw IoError(fmt::format(
        "{}: this photograph is missing, which training does without; --images names their folder", file.string()));
  }
  Photograph photograph = read_photograph(file, photograph_dots);
  CaptionPicture picture;
  picture.height = photograph.height;
  picture.width = photograph.width;
  picture.channels = 3;
  picture.image = std::move(photograph.pixels);
  picture.is_photograph = true;
  picture.name = file.stem().string();
  return picture;
}

/// A caption that was said, and in which rows of the batch.
struct SaidCaption {
  const rl::EpisodeKey& key;
  const rl::Actions& actions;
  std::vector<std::size_t> rows;
};

CaptionPicture picture_of(const Lane& lane, const rl::Environment& world, const SaidCaption& said) {
  const auto& [key, actions, rows] = said;
  const fs::path file = world.photograph(key.split, key.index);
  CaptionPicture picture =
      file.empty() ? observed_picture(lane.last.observation, rows.front()) : photographed_picture(file);
  if (file.empty()) picture.right = world.judge()->right(key.split, key.index, actions);
  if (!picture.right.value_or(false)) picture.reference = world.judge()->reference(key.split, key.index);
  return picture;
}

CaptionPicture trace_caption(const Lane& lane, const rl::Environment& world, const SaidCaption& said) {
  CaptionPicture picture = picture_of(lane, world, said);
  for (std::size_t t = 0; t < said.actions.size(); ++t) {
    const rl::Reading& reading = lane.actor->readings()[t];
    const std::size_t row = said.rows[t];
    picture.rows = reading.rows;
    picture.columns = reading.columns;
    picture.words.push_back({world.judge()->text({said.actions[t]}), values_of(reading.weights, row),
                             reading.places.empty() ? -1 : reading.places[row]});
  }
  return picture;
}

/// Of training episodes, those that the first visits of a run with this seed would draw.
rl::EpisodeKey shown_key(rl::Split split, std::uint64_t index, std::uint64_t seed) {
  return {split, index, index, index, seed};
}

void check_episodes(rl::Split split, std::size_t size, std::size_t first, std::size_t count) {
  if (count > 0 && count <= size && first <= size - count) return;
  throw ConfigError(fmt::format("show: the {} split has episodes 0 to {}, so --first {} with --count {} goes beyond it",
                                rl::name(split), size - 1, first, count));
}

void check_glimpses(const Lane& lane, const TrainedRun& trained, const RunDirectory& run) {
  if (!lane.actor->glimpses().empty()) return;
  if (!lane.actor->readings().empty()) {
    throw ConfigError(
        fmt::format("{}: agent {} reads places before words and takes no glimpses: show it without --heat",
                    run.path().string(), trained.experiment.agent_kind()));
  }
  throw ConfigError(fmt::format("{}: agent {} takes no glimpses, so there is nothing to show", run.path().string(),
                                trained.experiment.agent_kind()));
}

std::string title_of(const RunDirectory& run, const TrainedRun& trained, const Shown& shown) {
  return fmt::format("{}: {} on {}, {} split, {}", name_of_run(run.path()), trained.experiment.agent_kind(),
                     trained.environment->spec().name, rl::name(shown.split), mode_of(trained, shown).name);
}

rl::Policy policy_of(const TrainedRun& trained, const Shown& shown) {
  return {shown.decision.value_or(mode_of(trained, shown).decision), trained.experiment.seed(),
          random::Purpose("show")};
}

/// Of those from `first` on that are there, at most so many.
std::size_t count_of(const TrainedRun& trained, const Shown& shown, std::size_t usual) {
  const std::size_t size = trained.environment->size(shown.split);
  const std::size_t count = shown.count.value_or(std::min(usual, size - std::min(shown.first, size)));
  check_episodes(shown.split, size, shown.first, shown.count.value_or(std::max<std::size_t>(count, 1)));
  return count;
}

void add_places(HeatMaps& maps, std::span<const rl::Glimpse> glimpses) {
  maps.steps.resize(std::max(maps.steps.size(), glimpses.size()));
  for (std::size_t step = 0; step < glimpses.size(); ++step) {
    const TensorView& location = glimpses[step].location;
    for (std::size_t b = 0; b < location.dim(0); ++b) {
      maps.steps[step].push_back({static_cast<double>(location(b, 0)), static_cast<double>(location(b, 1))});
    }
  }
}

/// Of observations or of photographs.
void check_pictures(const rl::Environment& world, rl::Split split) {
  const Shape& image = world.spec().observation.shape;
  if (image[2] == 1 || image[2] == 3 || !world.photograph(split, 0).empty()) return;
  throw ConfigError(fmt::format("show: {} shows its agents {}x{}x{} annotations, which are no picture",
                                world.spec().name, image[0], image[1], image[2]));
}

/// The captions of the episodes begin to end, which the batch holds together.
void add_captions(const TrainedRun& trained, const Shown& shown, std::size_t begin, std::size_t end, Lane& lane,
                  std::vector<CaptionPicture>& pictures) {
  lane.keys.clear();
  for (std::size_t i = begin; i < end; ++i) {
    lane.keys.insert(lane.keys.end(), shown.beam, shown_key(shown.split, i, trained.experiment.seed()));
  }
  const rl::EvaluationMode mode = mode_of(trained, shown);
  const rl::EnvironmentSpec& world = trained.environment->spec();
  if (mode.beam > 1) {
    lane.search(policy_of(trained, shown), {mode.beam, world.end_action.value(), mode.length_power, world.max_steps});
  } else {
    lane.play(Tape::Mode::infer, policy_of(trained, shown));
  }
  for (std::size_t i = 0; i < end - begin; ++i) {
    const rl::Actions& actions = lane.actions[i];
    std::vector<std::size_t> rows(actions.size() + 1, i);
    if (mode.beam > 1) rows = lane.rows[i];
    pictures.push_back(trace_caption(lane, *trained.environment, {lane.keys[i * shown.beam], actions, rows}));
  }
}

std::string show_captions(const RunDirectory& run, const TrainedRun& trained, const Shown& shown, std::size_t count) {
  check_pictures(*trained.environment, shown.split);
  if (shown.split == rl::Split::train) {
    throw ConfigError("show: captions are shown of the validation and the test split");
  }
  const std::size_t together = std::max<std::size_t>(trained.experiment.evaluation().chunk / shown.beam, 1);
  Lane lane(*trained.environment, *trained.agent);
  std::vector<CaptionPicture> pictures;
  for (std::size_t begin = shown.first; begin < shown.first + count; begin += together) {
    add_captions(trained, shown, begin, std::min(begin + together, shown.first + count), lane, pictures);
  }
  return draw_captions(pictures, title_of(run, trained, shown));
}

std::string show_glimpses(const RunDirectory& run, const TrainedRun& trained, const Shown& shown, std::size_t count) {
  const rl::EnvironmentSpec& world = trained.environment->spec();
  Lane lane(*trained.environment, *trained.agent);
  for (std::size_t i = 0; i < count; ++i) {
    lane.keys.push_back(shown_key(shown.split, shown.first + i, trained.experiment.seed()));
  }
  Exposure exposure(world.max_steps);
  lane.play(Tape::Mode::infer, policy_of(trained, shown), [&](const rl::TimeStep& now) { exposure.add(now); });
  check_glimpses(lane, trained, run);
  std::vector<GlimpsePath> paths;
  for (std::size_t b = 0; b < count; ++b) paths.push_back(trace_episode(lane, world, exposure.images(), b));
  FigureOptions figure;
  figure.title = title_of(run, trained, shown);
  return draw_glimpse_paths(paths, figure);
}

}  // namespace

std::string show_run(const RunDirectory& run, const RunOptions& options, const Shown& shown) {
  constexpr std::size_t usual_count = 10;
  const TrainedRun trained(run, options);
  const std::size_t count = count_of(trained, shown, usual_count);
  static_cast<void>(mode_of(trained, shown));  // which tells of a beam without captions
  return (trained.environment->judge() == nullptr ? show_glimpses : show_captions)(run, trained, shown, count);
}

std::string show_places(const RunDirectory& run, const RunOptions& options, const Shown& shown) {
  constexpr std::size_t usual_count = 1000;
  if (shown.beam > 1) throw ConfigError("show: a heat map is of glimpses, and a beam searches for captions");
  TrainedRun trained(run, options);
  const std::size_t first = shown.first;
  const std::size_t episodes = count_of(trained, shown, usual_count);
  const Shape& image = trained.environment->spec().observation.shape;
  Lane lane(*trained.environment, *trained.agent);
  HeatMaps maps{fmt::format("{}, {} episode{}", title_of(run, trained, shown), episodes, episodes == 1 ? "" : "s"),
                image[1],
                image[0],
                {}};
  const std::size_t chunk = trained.experiment.evaluation().chunk;
  for (std::size_t begin = first; begin < first + episodes; begin += chunk) {
    lane.keys.clear();
    for (std::size_t i = begin; i < std::min(begin + chunk, first + episodes); ++i)
      lane.keys.push_back(shown_key(shown.split, i, trained.experiment.seed()));
    lane.play(Tape::Mode::infer, policy_of(trained, shown));
    check_glimpses(lane, trained, run);
    add_places(maps, lane.actor->glimpses());
  }
  return draw_heat_maps(maps);
}

}  // namespace saccade::experiments
