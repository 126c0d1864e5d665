#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/fields.hpp"

/// Configuration files of experiments: TOML in, described settings (config::Fields) filled, TOML out. Every mistake is
/// a ConfigError of one sentence that begins with where it was made:
///
///     ram.toml:14: agent.locaton_std is unknown; did you mean agent.location_std?
///     --set agent.glimpses=six: agent.glimpses must be a whole number, got "six"
namespace saccade::experiments {

/// The keys and values of a configuration, not yet matched with any settings, each with the place that it comes from.
///
/// A file may name another with `base = "other.toml"`, a path relative to its own folder, and then holds only the
/// differences: tables are merged key by key, and any other value, lists included, replaces the one of the base.
class ConfigTree {
 public:
  /// Reads a file and its bases. A TOML syntax error, a base that is missing or leads back to a file that is being
  /// read, and values that no setting can take (dates, tables in lists) are ConfigErrors with file and line.
  static ConfigTree load(const std::filesystem::path& path);

  /// Applies an override from the command line, such as `agent.glimpses=8`. The value is TOML; text that is not, such
  /// as `random` or `data/mnist`, is taken as a string.
  void set(std::string_view assignment);

  [[nodiscard]] bool contains(std::string_view key) const { return entries_.find(key) != entries_.end(); }

  /// The string at a key, without matching the rest: [agent] has a `kind`, which decides what else it may hold. Nothing
  /// when the key is missing; another type is a ConfigError.
  [[nodiscard]] std::optional<std::string> string_at(std::string_view key) const;

  /// The same for a key that must hold one of some words.
  [[nodiscard]] std::optional<std::string> choice_at(std::string_view key, std::vector<std::string> words) const;

  /// Where the value of a key was given, `ram.toml:14` or `--set agent.glimpses=8`; empty when it was not.
  [[nodiscard]] std::string source_of(std::string_view key) const;

  /// A table has no value of its own. Tables precede their keys, which have dots: `agent`, `agent.glimpse`.
  struct Entry {
    std::optional<config::Value> value;
    std::string source;
    bool overrides = false;  ///< given by set()
  };
  using Entries = std::map<std::string, Entry, std::less<>>;
  [[nodiscard]] const Entries& entries() const { return entries_; }

 private:
  Entries entries_;
};

/// Fills the members described by `fields` from the keys below `section`, or from the whole tree when it is empty;
/// members without a key stay as they are. A key that no field describes, a wrong type and a value outside the limits
/// are ConfigErrors, and so is an override that does nothing as the other settings are
/// (config::Field::only_with); files may hold such settings, for others that are based on them. So that no unknown key
/// goes unnoticed, add all sections as groups to one root and apply the whole tree once.
void apply(const ConfigTree& tree, std::string_view section, config::Fields& fields);
void apply(const ConfigTree& tree, config::Fields& fields);

/// The settings as TOML, in the order of their description, each after a comment with its meaning and limits. Read
/// back, it gives the same values to the last bit.
[[nodiscard]] std::string to_toml(const config::Fields& fields);

/// A key that two configurations give different values.
struct SettingDifference {
  std::string key;
  std::string there;  ///< "not set" where there is no such key
  std::string here;

  bool operator==(const SettingDifference&) const = default;
};

/// Keys that change nothing in a run: `why`, and where `saccade show` finds photographs.
[[nodiscard]] bool changes_nothing(std::string_view key);

/// What differs between two configurations in that form, in the order of the keys, but for those that change nothing.
/// @param section  compare what is below it only; empty: everything
[[nodiscard]] std::vector<SettingDifference> differences(const std::string& there, const std::string& here,
                                                         std::string_view section = "");

/// The first key that two configurations in that form give differently, in words: "agent.hidden is 16 there and 17
/// here"; empty if none does. @param section  as for differences
[[nodiscard]] std::string first_difference(const std::string& there, const std::string& here,
                                           std::string_view section = "");

}  // namespace saccade::experiments
