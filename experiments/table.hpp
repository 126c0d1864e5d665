#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiments/line_chart.hpp"
#include "experiments/row_chart.hpp"
#include "experiments/run_result.hpp"

/// Tables of papers: which rows they have, what was published, and which runs stand behind each row.
///
///     title = "Table 1a of Mnih et al. 2014: 28x28 MNIST, test error, %"
///     published = ["arXiv v1", "NIPS 2014"]
///
///     [[row]]
///     name = "RAM, 6 glimpses, 8x8, 1 scale"
///     config = "mnih2014/ram-6"
///     seeds = [0, 1, 2]
///     published = ["1.29", "1.12"]
///     glimpses = 6                      # optional: the row's place in the picture of error against glimpses
///
/// Such a table shows the test error in each way to act, in per cent. Where a world judges whole episodes it names
/// measures instead, and each row the one way to act that they are of:
///
///     title = "Table 1 of Xu et al. 2015: Flickr8k, %"
///     published = ["BLEU-1", "BLEU-4"]
///     measures = ["bleu-1", "bleu-4", "attention_entropy"]
///
///     [[row]]
///     name = "Soft attention, beam of 5"
///     config = "xu2015/flickr8k-soft"
///     mode = "beam of 5"
///     seeds = [0, 1, 2]
///     published = ["67", "19.5"]
///
/// `picture = ["bleu-1", "bleu-4"]` leaves the picture to these measures and the published ones of their names.
///
/// `error = "games lost, %"` names the error in pictures of a table without measures: "test error, %" otherwise.
///
/// A `note` of what a reader must know of both, an encoder of another kind for instance, is printed below the table.
namespace saccade::experiments {

struct TableRow {
  std::string name;
  std::string config;
  std::vector<std::uint64_t> seeds;
  std::vector<std::string> published;  ///< as printed in each version of the paper; "–" for none
  std::string mode = {};               ///< with measures: the way to act
  std::size_t glimpses = 0;            ///< 0 for rows that others with glimpses are compared with
};

struct Table {
  std::string title;
  std::vector<std::string> published;  ///< the versions
  std::vector<std::string> measures;   ///< empty for errors in all modes
  std::vector<TableRow> rows;
  std::string note = {};                  ///< Markdown
  std::string error = "test error, %";    ///< what an error is called where there are no measures
  std::vector<std::string> picture = {};  ///< the measures that the picture shows; empty for all
};

/// @throws ConfigError  with file and line, for a file that is no table
[[nodiscard]] Table load_table(const std::filesystem::path& path);

/// The table that a user names: a file, or the name of one below a folder of experiments, without ".table".
/// @throws IoError  naming those that there are
[[nodiscard]] std::filesystem::path find_table(const std::string& name);
[[nodiscard]] std::vector<std::string> table_names();

/// The finished runs directly below some folders. Passed over are those that are not finished, that were never tested,
/// or whose configuration is of another version.
class RunIndex {
 public:
  /// @throws IoError  naming a file of a finished run that is not what a run leaves
  explicit RunIndex(const std::vector<std::filesystem::path>& folders);
  void add(RunResult result) { results_.push_back(std::move(result)); }

  /// One run for each of the seeds that has one, in their order.
  [[nodiscard]] std::vector<RunResult> find(const std::string& configuration,
                                            const std::vector<std::uint64_t>& seeds) const;
  /// One run for each seed that there is, by seed.
  [[nodiscard]] std::vector<RunResult> find(const std::string& configuration) const;

  /// Finished runs whose configuration cannot be read, with the reason.
  [[nodiscard]] const std::vector<std::string>& passed_over() const { return passed_over_; }

 private:
  void add_if_tested(const std::filesystem::path& folder);

  std::vector<RunResult> results_;
  std::vector<std::string> passed_over_;
};

/// Markdown and comma-separated values. A column for each version of the paper, then one for each way that the agents
/// were tested or each measure (shares in per cent, all else as it is), the number of seeds, and mean wall time of a
/// run; then which runs they are, as a list below the Markdown and as the last column of the other.
/// @throws ConfigError  if a row's runs were not tested in its mode, or no run has a measure
/// @throws IoError      if a row's runs were trained on different data
[[nodiscard]] std::string table_as_markdown(const Table& table, const RunIndex& runs);
[[nodiscard]] std::string table_as_csv(const Table& table, const RunIndex& runs);

/// The same to look at: published figures that are numbers, and ours with their intervals.
[[nodiscard]] RowChart row_chart_of(const Table& table, const RunIndex& runs);

/// Whether two rows or more say how many glimpses they have.
[[nodiscard]] bool has_glimpses(const Table& table);
/// Error against glimpses, a line for each version of the paper and each way to act; rows without glimpses as dashes,
/// at their error in the first way to act.
[[nodiscard]] LineChart line_chart_of(const Table& table, const RunIndex& runs);

}  // namespace saccade::experiments
