#include "experiments/run.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "core/errors.hpp"
#include "core/io/file.hpp"
#include "core/io/json_lines.hpp"
#include "core/tensor/blas_kernel.hpp"
#include "core/tensor/one_dnn.hpp"
#include "experiments/build_info.hpp"
#include "experiments/checkpoint.hpp"
#include "experiments/predictions.hpp"
#include "experiments/trained_run.hpp"

namespace saccade::experiments {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::string now_text() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  gmtime_r(&now, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec);
}

double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-union-access): how the C library declares it
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

using Json = nlohmann::ordered_json;

/// What this process is, for the record.
Json describe_session(const RunOptions& options, const Experiment& experiment, std::size_t threads) {
  const BuildInfo& build = build_info();
  const MachineInfo machine = machine_info();
  Json libraries = Json::object();
  for (const auto& [name, version] : build.libraries) libraries[name] = version;
  libraries["BLAS"] = machine.blas;
  if (const std::optional<std::string> version = one_dnn_version()) libraries["oneDNN"] = *version;
  return {{"command", options.command},
          {"start", now_text()},
          {"version", build.version},
          {"commit", build.commit},
          {"uncommitted_changes", build.dirty},
          {"compiler", build.compiler},
          {"flags", build.flags},
          {"architecture", build.architecture},
          {"build_type", build.build_type},
          {"libraries", libraries},
          {"system", machine.system},
          {"cpu", machine.cpu},
          {"cores", machine.cores},
          {"threads", threads},
          {"blas_kernel", machine.blas_kernel},
          {"blas_kernel_chosen_by", blas_kernel_chosen_by()},
          {"products", products_by(experiment.precision())}};
}

/// The environment record, run.json: the run, and each process that worked on it.
class Record {
 public:
  Record(const RunDirectory& run, const RunOptions& options, const Experiment& experiment, std::size_t parameters,
         std::size_t threads)
      : path_{run.record()}, session_(describe_session(options, experiment, threads)) {
    json_["seed"] = experiment.seed();
    json_["finished"] = false;
    json_["epochs"] = 0;
    json_["parameters"] = parameters;
    if (options.validation_only) json_["validation_only"] = true;
    if (std::filesystem::exists(path_)) load_previous();
  }

  [[nodiscard]] std::size_t finished_epochs() const { return json_.at("epochs").get<std::size_t>(); }
  [[nodiscard]] bool validation_only() const { return json_.contains("validation_only"); }
  [[nodiscard]] bool finished() const { return json_.at("finished").get<bool>(); }

  /// @param training_seconds, images  spent in and taken by this session's training steps
  void save(bool finished, std::size_t epochs, double training_seconds, double images) {
    const double seconds = seconds_since(start_);
    session_["end"] = now_text();
    session_["wall_seconds"] = seconds;
    session_["training_seconds"] = training_seconds;
    session_["images"] = images;
    session_["peak_memory_mb"] = peak_megabytes();
    json_["finished"] = finished;
    json_["epochs"] = epochs;
    json_["wall_seconds"] = previous_seconds_ + seconds;
    json_["sessions"] = previous_sessions_;
    json_["sessions"].push_back(session_);
    io::write_atomically(path_, json_.dump(2) + "\n");
  }

 private:
  void load_previous() {
    try {
      const Json previous = Json::parse(io::read_file(path_));
      previous_seconds_ = previous.at("wall_seconds");
      previous_sessions_ = previous.at("sessions").get<std::vector<Json>>();
      json_["finished"] = previous.at("finished").get<bool>();
      json_["epochs"] = previous.at("epochs").get<std::size_t>();
      if (previous.contains("validation_only")) json_["validation_only"] = true;
    } catch (const nlohmann::json::exception& error) {
      throw IoError(fmt::format("{}: is not a run record: {}", path_.string(), error.what()));
    }
  }

  std::filesystem::path path_;
  Json session_;
  Json json_;
  std::vector<Json> previous_sessions_;
  double previous_seconds_ = 0;
  Clock::time_point start_ = Clock::now();
};

/// Rate and time left, from what this process has done.
class Pace {
 public:
  explicit Pace(const Trainer& trainer) : first_step_{trainer.steps_done()} {}

  Progress measure(const Trainer& trainer, std::size_t epochs) const {
    const double seconds = seconds_since(start_);
    const auto steps = static_cast<double>(trainer.steps_done() - first_step_);
    const auto total = static_cast<double>(epochs * trainer.steps_per_epoch());
    Progress progress;
    progress.epoch = trainer.epochs_done();
    progress.epochs = epochs;
    progress.fraction = static_cast<double>(trainer.steps_done()) / total;
    if (steps > 0) {
      progress.images_per_second = images(trainer) / std::max(training_seconds_, 1e-9);
      progress.seconds_left = (total - static_cast<double>(trainer.steps_done())) * seconds / steps;
    }
    for (const auto& [name, value] : trainer.training_report()) {
      if (name == "error") progress.train_error = value;
    }
    return progress;
  }

  void add_training(double seconds) { training_seconds_ += seconds; }
  [[nodiscard]] double training_seconds() const { return training_seconds_; }
  [[nodiscard]] double images(const Trainer& trainer) const {
    return static_cast<double>((trainer.steps_done() - first_step_) * trainer.images_per_step());
  }

 private:
  std::size_t first_step_;
  Clock::time_point start_ = Clock::now();
  double training_seconds_ = 0;
};

void write_report(io::JsonLines& log, const rl::Report& report) {
  std::vector<std::pair<std::string_view, double>> line;
  for (const auto& [name, value] : report) line.emplace_back(name, value);
  log.write(line);
}

void write_evaluation(const RunDirectory& run, const Trainer& trainer, const std::vector<ModeResult>& results) {
  Json json;
  json["chosen_epoch"] = trainer.state().best_epoch;
  const rl::Report& measures = results.front().result.measures;
  json["chosen_by"] =
      fmt::format("validation {}, {}", measures.empty() ? "error" : measures.front().first, results.front().mode);
  for (const ModeResult& r : results) {
    json["results"].push_back({{"split", r.split},
                               {"mode", r.mode},
                               {"samples", r.samples},
                               {"episodes", r.result.episodes},
                               {"wrong", r.result.wrong},
                               {"error", r.result.error()}});
    Json& written = json["results"].back();
    if (r.result.cross_entropy) written["cross_entropy"] = *r.result.cross_entropy;
    for (const auto& [name, value] : r.result.measures) written["measures"][name] = value;
    for (const auto& [name, value] : r.result.attention) written["attention"][name] = value;
    if (!r.result.entropy_by_step.empty()) written["entropy_by_step"] = r.result.entropy_by_step;
  }
  io::write_atomically(run.evaluation(), json.dump(2) + "\n");
}

bool is_asked_to_stop(const RunCallbacks& callbacks) { return callbacks.stop && callbacks.stop(); }

std::vector<ModeResult> evaluate_all(const Experiment& experiment, const rl::Environment& environment, rl::Agent& agent,
                                     const std::vector<rl::Split>& splits, const std::vector<rl::EvaluationMode>& modes,
                                     parallel::Workers& workers, const RunCallbacks& callbacks) {
  std::vector<ModeResult> results;
  for (const rl::Split split : splits) {
    for (const rl::EvaluationMode& mode : modes) {
      if (is_asked_to_stop(callbacks)) throw Interrupted("interrupted in its evaluation");
      results.push_back(
          {std::string(rl::name(split)), mode.name, mode.samples,
           evaluate(environment, agent, split, mode, experiment.seed(), experiment.evaluation().chunk, workers)});
    }
  }
  return results;
}

/// Trains until the epoch is over, telling of progress about five times a second. A last step is not interrupted: the
/// epoch is whole then, and worth keeping.
void train_epoch(Trainer& trainer, Pace& pace, std::size_t epochs, const RunCallbacks& callbacks) {
  const std::size_t epoch = trainer.epochs_done();
  Clock::time_point started = Clock::now();
  Clock::time_point shown = started;
  const auto count_time = [&] {
    pace.add_training(seconds_since(started));
    started = Clock::now();
  };
  while (trainer.epochs_done() == epoch) {
    trainer.step();
    if (is_asked_to_stop(callbacks) && trainer.epochs_done() == epoch) {
      count_time();
      throw Interrupted(fmt::format("interrupted in epoch {} of {}", epoch + 1, epochs));
    }
    if (!callbacks.on_progress || seconds_since(shown) < 0.2) continue;
    count_time();
    shown = started;
    callbacks.on_progress(pace.measure(trainer, epochs));
  }
  count_time();
}

io::JsonLines open_log(const RunDirectory& run, Trainer& trainer, bool has_finished_epochs) {
  if (!std::filesystem::exists(run.checkpoint())) {
    if (std::filesystem::exists(run.evaluation()) || has_finished_epochs) {
      throw IoError(
          fmt::format("{}: the checkpoint of this run is gone: there is nothing to go on with", run.path().string()));
    }
    if (std::filesystem::exists(run.metrics())) return io::JsonLines::resume(run.metrics(), 0);
    return io::JsonLines(run.metrics());
  }
  check_configuration(run.checkpoint(), io::read_file(run.config()));
  const std::uint64_t bytes = load_checkpoint(run.checkpoint(), trainer);
  return io::JsonLines::resume(run.metrics(), bytes);
}

std::vector<std::string> notes_of(const rl::Environment& environment, const rl::Agent& agent) {
  std::vector<std::string> notes = environment.notes();
  for (std::string& note : agent.notes()) notes.push_back(std::move(note));
  return notes;
}

}  // namespace

std::vector<ModeResult> run_experiment(Experiment& experiment, RunDirectory& run, const RunOptions& options,
                                       const RunCallbacks& callbacks) {
  experiment.check_support(product_support());
  run.lock();
  io::remove_stale_temporaries(run.path());
  parallel::Workers workers(options.threads);
  const auto environment = experiment.make_environment({options.data_folders, &workers});
  run.check_actions(*environment);
  run.check_data(*environment);
  const auto agent = experiment.make_agent(environment->spec());
  Trainer trainer(experiment, *environment, *agent, workers);
  // From here on there is something to resume.
  if (!std::filesystem::exists(run.config())) {
    run.save_world(*environment);
    io::write_atomically(run.config(), experiment.to_toml());
  }
  Record record(run, options, experiment, agent->parameters().count(), workers.threads());
  io::JsonLines log = open_log(run, trainer, record.finished_epochs() > 0);
  Pace pace(trainer);
  const bool was_finished = record.finished() && trainer.finished() && std::filesystem::exists(run.evaluation());
  const auto save_record = [&](bool finished) {
    if (was_finished) return;  // nothing is added to a finished run
    record.save(finished, trainer.epochs_done(), pace.training_seconds(), pace.images(trainer));
  };
  save_record(false);
  if (callbacks.on_start) callbacks.on_start(notes_of(*environment, *agent));
  const std::size_t epochs = experiment.trainer().epochs;
  const auto recorded = [&](const auto& work) {
    try {
      return work();
    } catch (const Interrupted&) {
      save_record(false);  // the time that went into what is lost
      throw;
    }
  };
  while (!trainer.finished()) {
    recorded([&] { train_epoch(trainer, pace, epochs, callbacks); });
    Progress progress = pace.measure(trainer, epochs);
    write_report(log, trainer.finish_epoch());
    log.sync();
    save_checkpoint(run.checkpoint(), trainer, log.size(), io::read_file(run.config()));
    save_record(false);
    progress.validation = trainer.last_validation();
    if (callbacks.on_progress) callbacks.on_progress(progress);
  }
  save_record(false);
  copy(trainer.best_parameters(), agent->parameters().values());
  std::vector<rl::Split> splits{rl::Split::validation};
  if (!record.validation_only()) splits.push_back(rl::Split::test);
  const std::vector<rl::EvaluationMode> modes = experiment.evaluation_modes(*agent, experiment.evaluation().effort);
  std::vector<ModeResult> results =
      recorded([&] { return evaluate_all(experiment, *environment, *agent, splits, modes, workers, callbacks); });
  if (!was_finished || !std::filesystem::exists(run.predictions()))
    write_predictions(run, results, environment->judge());
  if (!was_finished || !Json::accept(io::read_file(run.evaluation()))) write_evaluation(run, trainer, results);
  save_record(true);
  return results;
}

std::vector<ModeResult> evaluate_run(const RunDirectory& run, const RunOptions& options,
                                     const std::vector<rl::Split>& splits, const OtherEffort& other) {
  TrainedRun trained(run, options);
  rl::EvaluationEffort effort = trained.experiment.evaluation().effort;
  effort.samples = other.samples.value_or(effort.samples);
  effort.beam = other.beam.value_or(effort.beam);
  effort.length_power = other.length_power.value_or(effort.length_power);
  const std::vector<rl::EvaluationMode> modes = effort.beam > 1
                                                    ? trained.experiment.evaluation_modes(*trained.agent, effort)
                                                    : trained.agent->evaluation_modes(effort);
  return evaluate_all(trained.experiment, *trained.environment, *trained.agent, splits, modes, trained.workers, {});
}

}  // namespace saccade::experiments
