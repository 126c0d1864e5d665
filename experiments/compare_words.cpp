#include "experiments/compare_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace saccade::experiments {
namespace {

std::string name_in_mode(const Comparison& c, std::size_t group, const std::string& mode) {
  return fmt::format("{} ({})", c.groups[group].row.name, mode);
}

std::string interval(double low, double high) { return fmt::format("[{:.2f}, {:.2f}]", low, high); }

std::string in_or_out(bool contains_zero) {
  return contains_zero ? "contains 0: not significant" : "does not contain 0: significant";
}

std::string items_clause(const Comparison& c, const MeasureDifference& d) {
  if (!d.items) return "nothing is known of other test items";
  return fmt::format("the 95 % interval over the {} test items, {}, {}", c.items, interval(d.items->low, d.items->high),
                     in_or_out(d.items->contains_zero()));
}

std::string seeds_clause(const Comparison& c, const GroupPair& pair, const MeasureDifference& d) {
  const std::size_t first = c.groups[pair.first].row.runs.size();
  const std::size_t second = c.groups[pair.second].row.runs.size();
  const std::string n =
      first == second ? fmt::format("n = {} each", first) : fmt::format("n = {} and {}", second, first);
  if (!d.seeds && std::min(first, second) > 1) return fmt::format("the seeds show no spread ({})", n);
  if (!d.seeds) return fmt::format("nothing is known of other seeds ({})", n);
  return fmt::format("{} over seeds ({}), {}, {}", d.items ? "that" : "the 95 % interval", n,
                     interval(d.seeds->low, d.seeds->high), in_or_out(d.seeds->contains_zero()));
}

/// What "it is better" holds for, by its verdict: nothing is added where both kinds of chance are ruled out.
std::string scope_of(const std::string& verdict) {
  if (verdict == "significant") return "";
  return verdict.starts_with("significant over items") ? " on these runs" : " on these items";
}

bool is_shown(const std::string& verdict) { return verdict.starts_with("significant"); }

/// "error 1.20 points higher than ram (mean location): it is worse on these runs".
std::string difference_clause(const MeasureDifference& d, const std::string& other) {
  if (d.points == 0) return fmt::format("the same {} as {}", d.measure, other);
  const std::string told = verdict(d);
  return fmt::format("{} {:.2f} points {} than {}: it is {}{}{}", d.measure, std::abs(d.points),
                     d.points > 0 ? "higher" : "lower", other, is_shown(told) ? "" : "nominally ",
                     d.better() ? "better" : "worse", is_shown(told) ? scope_of(told) : "");
}

std::string pair_sentence(const Comparison& c, const GroupPair& pair) {
  const ModePair& modes = pair.modes.front();
  if (modes.differences.empty()) return {};
  const MeasureDifference& d = modes.differences.front();
  const bool control = is_control_of(c.groups[pair.second], c.groups[pair.first]);
  return fmt::format("{}{} has {}; {}; {}.", name_in_mode(c, pair.second, modes.second), control ? ", a control," : "",
                     difference_clause(d, name_in_mode(c, pair.first, modes.first)), items_clause(c, d),
                     seeds_clause(c, pair, d));
}

/// A group beside a control of it, in a mode of both.
struct AgainstControl {
  std::size_t control;
  std::string mode;
  bool better;  // than the control
  std::string verdict;

  [[nodiscard]] bool is_like(const AgainstControl& other) const {
    return is_shown(verdict) == is_shown(other.verdict) && (better == other.better || !is_shown(verdict));
  }
};

/// In all modes of both, that which leads first; empty unless the other of the pair is a control of the group.
std::vector<AgainstControl> against_control(const Comparison& c, const GroupPair& pair, std::size_t group) {
  const bool stands_second = pair.second == group;
  if (!stands_second && pair.first != group) return {};
  const std::size_t other = stands_second ? pair.first : pair.second;
  if (!is_control_of(c.groups[other], c.groups[group])) return {};
  std::vector<AgainstControl> found;
  for (const ModePair& modes : pair.modes) {
    if (modes.differences.empty() || (&modes != &pair.modes.front() && modes.first != modes.second)) continue;
    const MeasureDifference& d = modes.differences.front();
    const bool better = stands_second ? d.better() : d.points != 0 && !d.better();
    found.push_back({other, stands_second ? modes.second : modes.first, better, verdict(d)});
  }
  return found;
}

/// "; not so (greedy, expected context), (beam of 5, expected context)": where the leading mode does not stand for all.
std::string exceptions_clause(const std::vector<AgainstControl>& modes) {
  std::string names;
  for (const AgainstControl& mode : modes) {
    if (!mode.is_like(modes.front())) names += fmt::format("{} ({})", names.empty() ? "" : ",", mode.mode);
  }
  return names.empty() ? "" : "; not so" + names;
}

std::string control_clause(const Comparison& c, std::size_t group) {
  std::string text;
  for (const GroupPair& pair : c.pairs) {
    const std::vector<AgainstControl> modes = against_control(c, pair, group);
    if (modes.empty()) continue;
    const AgainstControl& a = modes.front();
    const std::string& name = c.groups[a.control].row.name;
    text += is_shown(a.verdict) ? fmt::format("; it is {} than its control {}{} ({})", a.better ? "better" : "worse",
                                              name, scope_of(a.verdict), a.verdict)
                                : fmt::format("; it is not shown to differ from its control {} ({})", name, a.verdict);
    text += exceptions_clause(modes);
  }
  return text.empty() ? "; no control of it is compared" : text;
}

double mean_of(const ComparedGroup& group, const std::string& mode, const std::string& name) {
  return seed_statistics(group.values(mode, name)).mean;
}

std::string reading_sentence(const Comparison& c, std::size_t g) {
  const std::string mode = attention_mode(c, g);
  const ComparedGroup& group = c.groups[g];
  const double entropy = mean_of(group, mode, "attention_entropy");
  const double uniform = mean_of(group, mode, "uniform_entropy");
  return fmt::format(
      "{}: attention entropy {:.2f} of {:.2f} nats (ln L), as if spread over {:.1f} of {:.0f} places: the attention "
      "{}{}.",
      name_in_mode(c, g, mode), entropy, uniform, std::exp(entropy), std::exp(uniform),
      attention_verdict(entropy, uniform), control_clause(c, g));
}

bool is_control(const ComparedGroup& group) {
  return group.attention == "uniform" || group.attention == "mean" || group.locations == "random" ||
         group.locations == "centre";
}

/// Of a group that chooses where to attend; empty for others.
std::string choice_sentence(const Comparison& c, std::size_t g) {
  if (is_control(c.groups[g])) return {};
  if (!attention_mode(c, g).empty()) return reading_sentence(c, g);
  if (c.groups[g].locations != "learned") return {};
  return fmt::format("{}: learned glimpses{}.", c.groups[g].row.name, control_clause(c, g));
}

}  // namespace

std::string verdict(const MeasureDifference& d) {
  if (!d.items && !d.seeds) return "unknown";
  const bool items = d.items && !d.items->contains_zero();
  const bool seeds = d.seeds && !d.seeds->contains_zero();
  if (!items && !seeds) return "not significant";
  if (items && seeds) return "significant";
  if (items) return d.seeds ? "significant over items only" : "significant over items, seeds unknown";
  return d.items ? "significant over seeds only" : "significant over seeds, items unknown";
}

std::string attention_verdict(double entropy, double uniform_entropy) {
  const double share = std::exp(entropy - uniform_entropy);
  if (share <= 0.5) return "has moved away from uniform";
  return share >= 0.95 ? "has not moved away from uniform" : "has moved a little";
}

std::string attention_mode(const Comparison& c, std::size_t g) {
  const ComparedGroup& group = c.groups[g];
  const auto counted = [&](const std::string& mode) {
    return !group.values(mode, "attention_entropy").empty() && !group.values(mode, "uniform_entropy").empty();
  };
  if (counted(c.leading[g])) return c.leading[g];
  for (const TestedMode& mode : group.modes()) {
    if (counted(mode.name)) return mode.name;
  }
  return {};
}

std::vector<std::string> comparison_in_words(const Comparison& c) {
  std::vector<std::string> sentences;
  const auto add = [&](std::string sentence) {
    if (!sentence.empty()) sentences.push_back(std::move(sentence));
  };
  for (const GroupPair& pair : c.pairs) add(pair_sentence(c, pair));
  for (std::size_t g = 0; g < c.groups.size(); ++g) add(choice_sentence(c, g));
  return sentences;
}

}  // namespace saccade::experiments
