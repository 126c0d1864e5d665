#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// How a struct of settings describes itself: the name, meaning and limits of each member, in one place and without
/// knowing what kind of file the values come from. An environment or agent writes
///
///     struct RamConfig {
///       std::size_t glimpses = 6;
///       double location_std = 0.1;
///       std::string locations = "learned";
///
///       void describe(config::Fields& fields) {
///         fields.add("glimpses", &glimpses, "number of glimpses T", config::range(1, 64));
///         fields.add("location_std", &location_std, "spread of the locations", config::above(0).up_to(2))
///             .only_with("locations", {"learned"});
///         fields.add("locations", &locations, "where to look", config::one_of({"learned", "random", "centre"}));
///       }
///     };
///
/// and a reader of configuration files fills the members, refuses what does not fit, and prints the result.
namespace saccade::config {

/// The numbers that a field accepts. Infinities and NaN lie in no interval.
struct Interval {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false;
  bool high_open = false;

  /// Adds an upper end, which belongs to the interval (`up_to`) or does not (`below`).
  [[nodiscard]] Interval up_to(double end) const { return {low, end, low_open, false}; }
  [[nodiscard]] Interval below(double end) const { return {low, end, low_open, true}; }

  [[nodiscard]] bool contains(double value) const;
  [[nodiscard]] bool bounded() const;

  /// "in (0, 2]", "at least 1", "above 0", "at most 3", "below 1", or "finite" for an interval without ends.
  [[nodiscard]] std::string describe() const;
};

/// [low, high]
[[nodiscard]] Interval range(double low, double high);
/// [low, infinity)
[[nodiscard]] Interval at_least(double low);
/// (low, infinity)
[[nodiscard]] Interval above(double low);

/// The words that a string field accepts.
struct Choices {
  std::vector<std::string> words;
};

[[nodiscard]] Choices one_of(std::vector<std::string> words);

/// A value on its way into or out of a field.
using Scalar = std::variant<bool, std::int64_t, double, std::string>;
using Value = std::variant<bool, std::int64_t, double, std::string, std::vector<Scalar>>;

/// The value as TOML text: true, 8, 0.1, "learned", [1, 2]. A double has a point or an exponent and as few digits as
/// read back to the same number.
[[nodiscard]] std::string to_text(const Value& value);

/// The member that a field fills.
using Target = std::variant<bool*, std::int64_t*, std::size_t*, double*, std::string*, std::vector<double>*,
                            std::vector<std::int64_t>*>;

/// What another setting of the same section must be for a setting to do anything.
struct Need {
  std::string field;
  std::vector<std::string> words;  ///< of which it holds one

  [[nodiscard]] std::string describe() const;  ///< "attention soft, hard or marginal"
};

/// One setting.
class Field {
 public:
  Field(std::string name, Target target, std::string doc, Interval interval, std::vector<std::string> choices);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& doc() const { return doc_; }
  [[nodiscard]] const Interval& interval() const { return interval_; }
  [[nodiscard]] const std::vector<std::string>& choices() const { return choices_; }

  /// What a value must be to have the right type: "a whole number", "a list of numbers", "true or false".
  [[nodiscard]] std::string_view type_name() const;

  /// The limits in words, "in [1, 64]" or "one of learned, random, centre"; empty when there are none.
  [[nodiscard]] std::string limits() const;

  /// Says that the setting does nothing unless a string field of the same section holds one of these words. It may need
  /// several.
  Field& only_with(std::string field, std::vector<std::string> words);
  [[nodiscard]] std::span<const Need> needs() const { return needs_; }

  /// What the member holds now.
  [[nodiscard]] Value value() const;

  /// Stores a value in the member and returns nothing, or leaves the member alone and returns what is wrong, to be read
  /// after the name of the key: `must be in (0, 2], got -1`. A whole number is accepted where a number is wanted, not
  /// the reverse.
  [[nodiscard]] std::optional<std::string> assign(const Value& value);

 private:
  template <typename Member>
  std::optional<std::string> store(Member& member, const Value& value) const;

  std::string name_;
  Target target_;
  std::string doc_;
  Interval interval_;
  std::vector<std::string> choices_;
  std::vector<Need> needs_;
};

/// The settings of one section, in the order in which they were added, and its subsections. The members that fields
/// point to must outlive the object.
class Fields {
 public:
  /// Adds a setting. Its name consists of letters, digits, - and _, and `doc` is one line. For a list the interval
  /// holds for each of its numbers. A name that is taken, or limits on a type that has none, are ArgumentErrors.
  /// @return the new setting, until the next is added
  Field& add(std::string name, Target target, std::string doc, Interval interval = {});
  Field& add(std::string name, std::string* target, std::string doc, Choices choices);

  /// The subsection of that name, new or existing: `fields.group("glimpse").add("size", ...)` describes glimpse.size.
  /// The reference stays valid as long as this object.
  Fields& group(std::string_view name);

  [[nodiscard]] std::span<const Field> fields() const { return fields_; }
  [[nodiscard]] std::span<const std::pair<std::string, std::unique_ptr<Fields>>> groups() const { return groups_; }

  /// By key with dots, such as `glimpse.size`; nullptr when there is none.
  [[nodiscard]] Field* find(std::string_view key);
  [[nodiscard]] Fields* find_group(std::string_view key);

  /// The first thing that the setting at a key needs and the others do not give; nullptr when it has all, or there is
  /// no such setting. A need of what is no string field is an ArgumentError.
  [[nodiscard]] const Need* unmet_need(std::string_view key);

  /// The keys of all settings and subsections, with dots.
  [[nodiscard]] std::vector<std::string> keys() const;

 private:
  void check_name(std::string_view name) const;

  std::vector<Field> fields_;
  std::vector<std::pair<std::string, std::unique_ptr<Fields>>> groups_;
};

/// Whether a part of a key needs no quotes in TOML: letters, digits, - and _.
[[nodiscard]] bool is_bare_key(std::string_view key);

/// The number of insertions, deletions, replacements and exchanges of neighbours that turn one word into the other
/// (optimal string alignment).
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate that the writer of `word` most likely meant, or nothing when none is near. A key whose last part fits
/// is near even if it is in another section.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

/// `; did you mean X?`, or nothing when no candidate is near: the end of a message.
[[nodiscard]] std::string suggestion(std::string_view word, std::span<const std::string> candidates);

}  // namespace saccade::config
