#include "experiments/predictions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/errors.hpp"
#include "core/io/file.hpp"

namespace saccade::experiments {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const Predictions& p) {
  Json json{{"split", p.split}, {"mode", p.mode}, {"samples", p.samples}, {"episodes", p.episodes}};
  if (!p.actions.empty()) {
    json["actions"] = p.actions;
    if (!p.texts.empty()) json["texts"] = p.texts;
    return json;
  }
  json["wrong"] = p.wrong;
  if (!p.answers.empty()) json["answers"] = p.answers;
  return json;
}

template <typename T>
void read_list(const Json& json, const char* key, std::vector<T>& list) {
  if (json.contains(key)) list = json.at(key).get<std::vector<T>>();
}

/// What is wrong with the numbers of a line; empty if nothing is.
std::string complaint_about(const Predictions& p) {
  const auto fits = [&](std::size_t size, std::size_t expected) { return size == 0 || size == expected; };
  if (!fits(p.actions.size(), p.episodes)) return "actions must be a list for each episode";
  if (!fits(p.texts.size(), p.actions.size())) return "texts must be as many as actions";
  if (!fits(p.answers.size(), p.wrong.size())) return "answers must be as many as wrong";
  const bool ascend = std::adjacent_find(p.wrong.begin(), p.wrong.end(), std::greater_equal<>()) == p.wrong.end();
  if (!ascend || (!p.wrong.empty() && p.wrong.back() >= p.episodes)) return "wrong must be ascending episodes";
  return {};
}

Predictions from_json(const Json& json) {
  Predictions p{json.at("split").get<std::string>(), json.at("mode").get<std::string>(),
                json.at("samples").get<std::size_t>(), json.at("episodes").get<std::size_t>()};
  if (!json.contains("actions")) p.wrong = json.at("wrong").get<std::vector<std::size_t>>();
  read_list(json, "actions", p.actions);
  read_list(json, "texts", p.texts);
  read_list(json, "answers", p.answers);
  return p;
}

}  // namespace

Predictions predictions_of(const ModeResult& result, const rl::Judge* judge) {
  Predictions p{result.split, result.mode, result.samples, result.result.episodes};
  if (judge != nullptr) {
    p.actions = result.result.actions;
    if (result.split != rl::name(rl::Split::test)) return p;
    for (const rl::Actions& actions : p.actions) p.texts.push_back(judge->text(actions));
    return p;
  }
  const std::vector<Outcome>& outcomes = result.result.outcomes;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (!outcomes[i].wrong) continue;
    p.wrong.push_back(i);
    if (outcomes[i].answer >= 0) p.answers.push_back(outcomes[i].answer);
  }
  return p;
}

void write_predictions(const RunDirectory& run, const std::vector<ModeResult>& results, const rl::Judge* judge) {
  std::string text;
  for (const ModeResult& result : results) {
    text += to_json(predictions_of(result, judge)).dump(-1, ' ', false, Json::error_handler_t::replace);
    text += '\n';
  }
  io::write_atomically(run.predictions(), text);
}

std::vector<Predictions> read_predictions(const std::filesystem::path& path) {
  std::istringstream file(io::read_file(path));
  std::vector<Predictions> all;
  const auto fail = [&](const std::string& what) {
    throw IoError(fmt::format("{}:{}: is not what a run leaves: {}", path.string(), all.size() + 1, what));
  };
  for (std::string line; std::getline(file, line);) {
    try {
      Predictions p = from_json(Json::parse(line));
      if (const std::string complaint = complaint_about(p); !complaint.empty()) fail(complaint);
      all.push_back(std::move(p));
    } catch (const nlohmann::json::exception& error) {
      fail(error.what());
    }
  }
  return all;
}

}  // namespace saccade::experiments
