#include "experiments/compare_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "experiments/compare_words.hpp"
#include "experiments/csv.hpp"

namespace saccade::experiments {
namespace {

using Cells = std::vector<std::string>;

constexpr const char* none = "–";

std::string markdown_line(const Cells& cells) { return fmt::format("| {} |\n", fmt::join(cells, " | ")); }

/// @param words  how many columns are text, from the left; the others are numbers
std::string markdown_head(const Cells& cells, std::size_t words) {
  std::string rule(1, '|');
  for (std::size_t i = 0; i < cells.size(); ++i) rule += i < words ? "---|" : "--:|";
  return markdown_line(cells) + rule + '\n';
}

Cells measure_names(const Comparison& c) {
  Cells names;
  for (const auto& measure : c.groups.front().modes().front().measures) names.push_back(measure.first);
  return names;
}

std::string measures_table(const Comparison& c) {
  const Cells names = measure_names(c);
  Cells head{"run", "mode", "seeds"};
  head.insert(head.end(), names.begin(), names.end());
  std::string text = "## Measures on test, %\n\n" + markdown_head(head, 2);
  for (std::size_t g = 0; g < c.groups.size(); ++g) {
    const ComparedGroup& group = c.groups[g];
    for (const TestedMode& mode : group.modes()) {
      Cells cells{group.row.name, mode.name + (mode.name == c.leading[g] ? " *" : ""),
                  fmt::format("{}", group.row.runs.size())};
      for (const std::string& name : names) cells.push_back(statistics_cell(times(100, group.values(mode.name, name))));
      text += markdown_line(cells);
    }
  }
  return text + "\nMean over seeds ± half the 95 % interval of the mean (Student's t). *: the mode that leads.\n";
}

std::string interval_cell(double low, double high) { return fmt::format("[{:.2f}, {:.2f}]", low, high); }

Cells difference_cells(const ModePair& modes, const MeasureDifference& d) {
  const std::string both = modes.first == modes.second ? modes.second : modes.second + " / " + modes.first;
  return {both,
          d.measure,
          verdict(d),
          fmt::format("{:+.2f}", d.points),
          d.items ? interval_cell(d.items->low, d.items->high) : none,
          d.items ? fmt::format("{:.4f}", d.items->share) : none,
          d.seeds ? interval_cell(d.seeds->low, d.seeds->high) : none};
}

/// "Settings that differ: agent.core, lstm and rnn; ...", in the order of "A less B".
std::string settings_line(const GroupPair& pair) {
  Cells all;
  for (const SettingDifference& d : pair.settings) all.push_back(fmt::format("{}, {} and {}", d.key, d.here, d.there));
  return all.empty() ? "" : fmt::format("Settings that differ: {}.\n\n", fmt::join(all, "; "));
}

std::string pair_table(const Comparison& c, const GroupPair& pair) {
  std::string text =
      fmt::format("{} less {}:\n\n", c.groups[pair.second].row.name, c.groups[pair.first].row.name) +
      settings_line(pair) +
      markdown_head({"modes", "measure", "verdict", "points", "95 % over items", "share", "95 % over seeds"}, 3);
  for (const ModePair& modes : pair.modes) {
    for (const MeasureDifference& d : modes.differences) {
      if (&modes != &pair.modes.front() && &d != &modes.differences.front()) continue;
      text += markdown_line(difference_cells(modes, d));
    }
  }
  return text + '\n';
}

std::string note_on_items(const Comparison& c) {
  const auto is_known = [](const MeasureDifference& d) { return d.items.has_value(); };
  const auto of_mode = [&](const ModePair& modes) {
    return std::any_of(modes.differences.begin(), modes.differences.end(), is_known);
  };
  const auto of_pair = [&](const GroupPair& pair) {
    return std::any_of(pair.modes.begin(), pair.modes.end(), of_mode);
  };
  if (std::none_of(c.pairs.begin(), c.pairs.end(), of_pair)) return {};
  return fmt::format(
      "Over items: paired bootstrap, {} resamples of the {} test items, means over seeds. Share: of resamples on the "
      "other side of 0, twice. ",
      c.resamples, c.items);
}

std::string differences_section(const Comparison& c) {
  std::string text = "## Differences, points\n\n";
  for (const GroupPair& pair : c.pairs) text += pair_table(c, pair);
  text += note_on_items(c);
  text +=
      "Over seeds: Welch's interval, its degrees of freedom rounded down. Significant: 0 is in neither interval, or "
      "not in the one that is named; nothing "
      "is corrected for the number of rows.\n";
  for (const std::string& remark : c.remarks) text += fmt::format("\n{}\n", remark);
  return text;
}

std::string plain_cell(const std::vector<double>& values, double factor = 1) {
  return statistics_cell(times(factor, values));
}

std::string attention_section(const Comparison& c) {
  std::string rows;
  for (const ComparedGroup& group : c.groups) {
    for (const TestedMode& mode : group.modes()) {
      const auto values = [&](const char* name) { return group.values(mode.name, name); };
      const std::vector<double> entropy = values("attention_entropy");
      if (entropy.empty()) continue;
      rows += markdown_line({group.row.name, mode.name, plain_cell(entropy), plain_cell(values("uniform_entropy")),
                             fmt::format("{:.1f}", std::exp(seed_statistics(entropy).mean)),
                             plain_cell(values("attention_shift")), plain_cell(values("attention_distance")),
                             plain_cell(values("places_read")), plain_cell(values("pointing"), 100),
                             plain_cell(values("pointing_chance"), 100)});
    }
  }
  if (rows.empty()) return {};
  return "\n## Attention on test\n\n" +
         markdown_head({"run", "mode", "entropy, nats", "ln L", "as if over", "shift", "distance", "places read",
                        "pointing, %", "by chance, %"},
                       2) +
         rows +
         "\nEntropy: mean over readings; as if over: the places of an even spread of that entropy. Shift: total "
         "variation between the maps of\nneighbouring readings, 0 to 1. Distance: between what they looked at, the "
         "place that was read or the mean of the map, in\nsides of the image. Places read: of each reading. Pointing: "
         "words whose place "
         "lies in what they name.\n";
}

/// Of the leading modes, a row a group and a column a reading.
std::string entropy_by_step_section(const Comparison& c) {
  std::vector<Cells> rows;
  std::size_t steps = 0;
  for (std::size_t g = 0; g < c.groups.size(); ++g) {
    const std::vector<double> entropy = c.groups[g].entropy_by_step(c.leading[g]);
    if (entropy.empty()) continue;
    rows.push_back({c.groups[g].row.name, c.leading[g]});
    for (const double nats : entropy) rows.back().push_back(fmt::format("{:.2f}", nats));
    steps = std::max(steps, entropy.size());
  }
  if (rows.empty()) return {};
  Cells head{"run", "mode"};
  for (std::size_t t = 1; t <= steps; ++t) head.push_back(fmt::format("{}", t));
  std::string text = "\nEntropy of the first reading, the second, ..., nats, over the items that came so far:\n\n";
  text += markdown_head(head, 2);
  for (Cells& row : rows) {
    row.resize(head.size(), none);
    text += markdown_line(row);
  }
  return text;
}

struct Best {
  double value = 0;
  double epoch = 0;
};

/// The best point of each run's curve.
std::vector<Best> best_points(const ComparedGroup& group) {
  std::vector<Best> best;
  const double sign = group.judged() ? -1 : 1;
  for (const RunDetails& run : group.details) {
    if (run.curve.empty()) return {};
    const auto least =
        std::min_element(run.curve.begin(), run.curve.end(),
                         [&](const CurvePoint& a, const CurvePoint& b) { return sign * a.value < sign * b.value; });
    best.push_back({100 * least->value, least->epoch});
  }
  return best;
}

std::string mean_cell(const std::vector<double>& values) {
  return values.empty() ? none : fmt::format("{:.0f}", seed_statistics(values).mean);
}

Cells cost_cells(const ComparedGroup& group) {
  std::vector<double> memory, epochs, values, best_epochs;
  for (const RunDetails& run : group.details) {
    memory.push_back(run.peak_memory_mb);
    if (!run.curve.empty()) epochs.push_back(run.curve.back().epoch);
  }
  for (const Best& best : best_points(group)) {
    values.push_back(best.value);
    best_epochs.push_back(best.epoch);
  }
  const std::optional<double> parameters = group.details.front().parameters;
  return {group.row.name,
          parameters ? fmt::format("{:.0f}", *parameters) : none,
          group.glimpses.empty() ? none : group.glimpses,
          fmt::format("{:.0f}", mean_wall_seconds(group.row.runs)),
          fmt::format("{:.0f}", images_per_second(group.row)),
          mean_cell(memory),
          mean_cell(epochs),
          statistics_cell(values),
          best_epochs.empty() ? none : fmt::format("{:.3g}", seed_statistics(best_epochs).mean),
          threads_of(group.row.runs),
          cpus_of(group.row.runs)};
}

/// Times of other processors or other numbers of threads tell nothing of the models.
bool ran_alike(const Comparison& c) {
  std::vector<RunResult> all;
  for (const ComparedGroup& group : c.groups) all.insert(all.end(), group.row.runs.begin(), group.row.runs.end());
  const auto is_one = [](const std::string& facts) { return facts.find(", ") == std::string::npos; };
  return is_one(threads_of(all)) && is_one(cpus_of(all));
}

std::string cost_section(const Comparison& c) {
  std::string text =
      "\n## Cost and learning\n\n" +
      markdown_head({"run", "parameters", "glimpses", "wall seconds", "images/s", "peak memory, MB", "epochs",
                     fmt::format("best validation {}, %", measure_names(c).front()), "in epoch", "threads", "CPU"},
                    1);
  for (const ComparedGroup& group : c.groups) text += markdown_line(cost_cells(group));
  text += "\nMeans over seeds; images/s (captions/s, games/s) of training steps.";
  return text + (ran_alike(c) ? "\n"
                              : " The runs had different processors or numbers of threads, so their times and rates "
                                "do\nnot compare the models.\n");
}

std::string title(const Comparison& c) {
  Cells names;
  for (const ComparedGroup& group : c.groups) names.push_back(group.row.name);
  return fmt::format("# {} in {}\n\n", fmt::join(names, ", "), c.groups.front().world);
}

Cells statistics_cells(const std::vector<double>& values) {
  const SeedStatistics s = seed_statistics(values);
  return {fmt::format("{}", s.n), fmt::format("{:.6g}", s.mean), s.n > 1 ? fmt::format("{:.6g}", s.half_width) : ""};
}

std::string csv_rows(const ComparedGroup& group, const TestedMode& mode, const rl::Report& report) {
  std::string text;
  for (const auto& measure : report) {
    const std::vector<double> values = times(is_share(measure.first) ? 100 : 1, group.values(mode.name, measure.first));
    if (values.empty()) continue;
    Cells cells{group.row.name, mode.name, measure.first};
    const Cells numbers = statistics_cells(values);
    cells.insert(cells.end(), numbers.begin(), numbers.end());
    text += csv_line(cells);
  }
  return text;
}

std::string number(double value) { return fmt::format("{:.6g}", value); }

}  // namespace

std::string comparison_as_markdown(const Comparison& c) {
  std::string text = title(c);
  for (const std::string& sentence : comparison_in_words(c)) text += fmt::format("- {}\n", sentence);
  return text + '\n' + measures_table(c) + '\n' + differences_section(c) + attention_section(c) +
         entropy_by_step_section(c) + cost_section(c);
}

std::string comparison_measures_as_csv(const Comparison& c) {
  std::string text = csv_line({"run", "mode", "measure", "seeds", "mean", "half_width"});
  for (const ComparedGroup& group : c.groups) {
    for (const TestedMode& mode : group.modes())
      text += csv_rows(group, mode, mode.measures) + csv_rows(group, mode, mode.attention);
  }
  return text;
}

std::string comparison_differences_as_csv(const Comparison& c) {
  std::string text = csv_line({"first", "first_mode", "second", "second_mode", "measure", "points", "items_low",
                               "items_high", "share", "seeds_low", "seeds_high", "verdict"});
  for (const GroupPair& pair : c.pairs) {
    for (const ModePair& modes : pair.modes) {
      for (const MeasureDifference& d : modes.differences) {
        text += csv_line({c.groups[pair.first].row.name, modes.first, c.groups[pair.second].row.name, modes.second,
                          d.measure, number(d.points), d.items ? number(d.items->low) : "",
                          d.items ? number(d.items->high) : "", d.items ? number(d.items->share) : "",
                          d.seeds ? number(d.seeds->low) : "", d.seeds ? number(d.seeds->high) : "", verdict(d)});
      }
    }
  }
  return text;
}

std::string comparison_curves_as_csv(const Comparison& c) {
  std::string text = csv_line({"run", "seed", "epoch", fmt::format("validation_{}", measure_names(c).front())});
  for (const ComparedGroup& group : c.groups) {
    for (std::size_t i = 0; i < group.details.size(); ++i) {
      for (const CurvePoint& point : group.details[i].curve) {
        text += csv_line({group.row.name, fmt::format("{}", group.row.runs[i].seed), number(point.epoch),
                          number(100 * point.value)});
      }
    }
  }
  return text;
}

}  // namespace saccade::experiments
