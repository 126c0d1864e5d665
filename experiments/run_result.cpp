#include "experiments/run_result.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "core/errors.hpp"
#include "core/io/file.hpp"
#include "experiments/experiment.hpp"
#include "experiments/json_file.hpp"

namespace saccade::experiments {
namespace {

using Json = nlohmann::ordered_json;

SessionFacts read_session(const Json& json) {
  const std::string commit = json.at("commit").get<std::string>().substr(0, 10);
  return {json.at("images").get<double>(), json.at("training_seconds").get<double>(),
          json.at("threads").get<std::size_t>(), json.at("cpu").get<std::string>(),
          commit + (json.at("uncommitted_changes").get<bool>() ? "+" : "")};
}

void read_record(const Json& json, RunResult& result) {
  result.seed = json.at("seed").get<std::uint64_t>();
  result.wall_seconds = json.at("wall_seconds").get<double>();
  for (const Json& session : json.at("sessions")) {
    SessionFacts facts = read_session(session);
    if (facts.images > 0) result.sessions.push_back(std::move(facts));
  }
}

/// @throws IoError  unless an error is a share, and that of the answers that were wrong where their number is there
void check_error(const Json& entry, const RunResult& result) {
  const auto error = entry.at("error").get<double>();
  const auto fail = [&](const std::string& why) {
    throw IoError(fmt::format("{}: is not what a run leaves: {}", (result.folder / "evaluation.json").string(), why));
  };
  if (!(error >= 0 && error <= 1)) fail(fmt::format("an error of {}", error));
  if (!entry.contains("wrong")) return;
  const auto wrong = entry.at("wrong").get<double>(), episodes = entry.at("episodes").get<double>();
  if (!(episodes > 0) || std::abs(wrong / episodes - error) > 1e-9) {
    fail(fmt::format("{} of {} wrong, but an error of {}", wrong, episodes, error));
  }
}

void read_evaluation(const Json& json, RunResult& result) {
  for (const Json& entry : json.at("results")) {
    if (entry.at("split").get<std::string>() != "test") continue;
    check_error(entry, result);
    result.test.push_back({entry.at("mode").get<std::string>(), entry.at("error").get<double>(),
                           read_report(entry, "measures"), read_report(entry, "attention")});
    if (entry.contains("entropy_by_step")) {
      result.test.back().entropy_by_step = entry.at("entropy_by_step").get<std::vector<double>>();
    }
  }
}

/// @throws IoError  if the two files that know the seed of a run differ
void check_seed(const RunDirectory& run, std::uint64_t recorded) {
  const std::uint64_t configured = Experiment(ConfigTree::load(run.config())).seed();
  if (configured == recorded) return;
  throw IoError(fmt::format("{}: is not what a run leaves: run.json has the seed {}, config.toml {}",
                            run.path().string(), recorded, configured));
}

void check_finished(const RunDirectory& run) {
  if (std::filesystem::exists(run.evaluation())) return;
  throw IoError(fmt::format("{}: this run is not finished: it has no evaluation.json", run.path().string()));
}

}  // namespace

std::string seedless_configuration(const std::filesystem::path& path) {
  ConfigTree tree = ConfigTree::load(path);
  for (const auto& [key, entry] : ConfigTree::Entries(tree.entries())) {
    if (changes_nothing(key)) tree.set(key + "=''");
  }
  return Experiment(tree, 0).to_toml();
}

ValidationResult read_validation(const RunDirectory& run) {
  check_finished(run);
  ValidationResult result;
  bool found = false;
  read_json(run.evaluation(), [&](const Json& json) {
    for (const Json& entry : json.at("results")) {
      if (found || entry.at("split").get<std::string>() != "validation") continue;
      found = true;
      result.mode = entry.at("mode").get<std::string>();
      const rl::Report measures = read_report(entry, "measures");
      std::tie(result.measure, result.value) =
          measures.empty() ? std::pair(std::string("error"), entry.at("error").get<double>()) : measures.front();
    }
  });
  if (!found) {
    throw IoError(fmt::format("{}: is not what a run leaves: it has no validation result", run.evaluation().string()));
  }
  read_json(run.record(), [&](const Json& json) { result.wall_seconds = json.at("wall_seconds").get<double>(); });
  return result;
}

RunResult read_run_result(const RunDirectory& run) {
  check_finished(run);
  std::optional<RunResult> result = read_tested_run(run);
  if (!result) {
    throw IoError(fmt::format("{}: this run was not tested: it was run with --validation-only, as those of a sweep are",
                              run.path().string()));
  }
  return *result;
}

std::optional<RunResult> read_tested_run(const RunDirectory& run) {
  if (!std::filesystem::exists(run.evaluation())) return std::nullopt;
  RunResult result;
  result.folder = run.path();
  result.configuration = seedless_configuration(run.config());
  if (std::filesystem::exists(run.data())) result.data = io::read_file(run.data());
  read_json(run.record(), [&](const Json& json) { read_record(json, result); });
  check_seed(run, result.seed);
  read_json(run.evaluation(), [&](const Json& json) { read_evaluation(json, result); });
  if (result.test.empty()) return std::nullopt;
  return result;
}

std::string outcome_of(const RunDirectory& run) {
  const std::optional<RunResult> tested = read_tested_run(run);
  const auto line = [](const char* split, const std::string& mode, const std::string& measure, double value) {
    return fmt::format("{}  {}  {} {:.2f} %", split, mode, measure, 100 * value);
  };
  if (!tested) {
    const ValidationResult chosen = read_validation(run);
    return line("validation", chosen.mode, chosen.measure, chosen.value);
  }
  const TestError& first = tested->test.front();
  const auto [measure, value] =
      first.measures.empty() ? std::pair(std::string("error"), first.error) : std::pair(first.measures.front());
  return line("test", first.mode, measure, value);
}

std::string over_sessions(std::span<const RunResult> runs,
                          const std::function<std::string(const SessionFacts&)>& describe) {
  std::vector<std::string> answers;
  for (const RunResult& run : runs) {
    for (const SessionFacts& session : run.sessions) {
      const std::string answer = describe(session);
      if (std::find(answers.begin(), answers.end(), answer) == answers.end()) answers.push_back(answer);
    }
  }
  return fmt::format("{}", fmt::join(answers, ", "));
}

std::string threads_of(std::span<const RunResult> runs) {
  return over_sessions(runs, [](const SessionFacts& session) { return fmt::format("{}", session.threads); });
}

std::string cpus_of(std::span<const RunResult> runs) {
  return over_sessions(runs, [](const SessionFacts& session) { return session.cpu; });
}

std::string RunResult::id() const {
  const std::string commits = over_sessions({this, 1}, [](const SessionFacts& session) { return session.commit; });
  const std::string name = folder.filename().string();
  return commits.empty() ? name : fmt::format("{} ({})", name, commits);
}

void check_same_data(const std::vector<RunResult>& runs) {
  const RunResult* first = nullptr;
  for (const RunResult& run : runs) {
    if (run.data.empty()) continue;
    if (first == nullptr) first = &run;
    if (run.data == first->data) continue;
    throw IoError(fmt::format("{} and {} are runs on different data, as their data.txt say", first->folder.string(),
                              run.folder.string()));
  }
}

}  // namespace saccade::experiments
