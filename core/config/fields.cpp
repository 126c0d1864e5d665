#include "core/config/fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <tuple>
#include <type_traits>

#include "core/errors.hpp"

namespace saccade::config {
namespace {

template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

template <typename T>
constexpr bool is_list = false;
template <typename T>
constexpr bool is_list<std::vector<T>> = true;

// Text.

std::string text_of(double value) {
  if (std::isnan(value)) return "nan";
  const std::string text = fmt::format("{}", value);
  return std::isinf(value) || text.find_first_of(".e") != std::string::npos ? text : text + ".0";
}

std::string text_of(char letter) {
  switch (letter) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: break;
  }
  const auto code = static_cast<unsigned char>(letter);
  return code < 0x20 || code == 0x7f ? fmt::format("\\u{:04X}", code) : std::string(1, letter);
}

std::string text_of(const std::string& value) {
  std::string text = "\"";
  for (const char letter : value) text += text_of(letter);
  return text + '"';
}

std::string text_of(bool value) { return value ? "true" : "false"; }

std::string text_of(std::int64_t value) { return fmt::format("{}", value); }

std::string text_of(const std::vector<Scalar>& list) {
  std::vector<std::string> parts;
  parts.reserve(list.size());
  for (const Scalar& item : list) parts.push_back(std::visit([](const auto& value) { return text_of(value); }, item));
  return fmt::format("[{}]", fmt::join(parts, ", "));
}

// From a value to a member: nothing when the type does not fit.

template <typename T>
struct As {};

std::optional<bool> convert(As<bool>, const auto& value) {
  const auto* held = std::get_if<bool>(&value);
  return held != nullptr ? std::optional(*held) : std::nullopt;
}

std::optional<std::string> convert(As<std::string>, const auto& value) {
  const auto* held = std::get_if<std::string>(&value);
  return held != nullptr ? std::optional(*held) : std::nullopt;
}

std::optional<std::int64_t> convert(As<std::int64_t>, const auto& value) {
  const auto* held = std::get_if<std::int64_t>(&value);
  return held != nullptr ? std::optional(*held) : std::nullopt;
}

/// The sign is a question of limits, which are checked before the value is stored.
std::optional<std::size_t> convert(As<std::size_t>, const auto& value) {
  const auto* held = std::get_if<std::int64_t>(&value);
  return held != nullptr ? std::optional(static_cast<std::size_t>(*held)) : std::nullopt;
}

std::optional<double> convert(As<double>, const auto& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  const auto* held = std::get_if<double>(&value);
  return held != nullptr ? std::optional(*held) : std::nullopt;
}

template <typename T>
std::optional<std::vector<T>> convert(As<std::vector<T>>, const Value& value) {
  const auto* list = std::get_if<std::vector<Scalar>>(&value);
  if (list == nullptr) return std::nullopt;
  std::vector<T> members;
  for (const Scalar& item : *list) {
    const std::optional<T> member = convert(As<T>{}, item);
    if (!member) return std::nullopt;
    members.push_back(*member);
  }
  return members;
}

/// The numbers in a value, for the check of limits.
std::vector<double> numbers_in(const Value& value) {
  if (const auto number = convert(As<double>{}, value)) return {*number};
  return convert(As<std::vector<double>>{}, value).value_or(std::vector<double>{});
}

// From a member to a value.

Value value_of(const auto& member) { return member; }

Value value_of(const std::size_t& member) {
  if (!std::in_range<std::int64_t>(member)) {
    throw ConfigError(fmt::format("{} is too large for a configuration file", member));
  }
  return static_cast<std::int64_t>(member);
}

template <typename T>
Value value_of(const std::vector<T>& members) {
  return std::vector<Scalar>(members.begin(), members.end());
}

bool accepts_interval(const Target& target) {
  return !std::holds_alternative<bool*>(target) && !std::holds_alternative<std::string*>(target);
}

/// Splits `a.b.c` into `a` and `b.c`; the second is empty when there is no dot.
std::pair<std::string_view, std::string_view> split_first(std::string_view key) {
  const std::size_t dot = key.find('.');
  if (dot == std::string_view::npos) return {key, {}};
  return {key.substr(0, dot), key.substr(dot + 1)};
}

std::string_view last_part(std::string_view key) { return key.substr(key.rfind('.') + 1); }

std::size_t tolerance(std::string_view word) { return std::max<std::size_t>(1, word.size() / 3); }

/// Edits, whether the candidate is in another section, and edits of the whole key, compared in this order.
using Remoteness = std::tuple<std::size_t, bool, std::size_t>;

/// How far a candidate is from a word, smaller being nearer; nothing when it is too far to be meant.
std::optional<Remoteness> remoteness(std::string_view word, std::string_view candidate) {
  const std::size_t whole = edit_distance(word, candidate);
  const std::size_t last = edit_distance(last_part(word), last_part(candidate));
  const bool near = whole <= tolerance(word) || last <= tolerance(last_part(word));
  if (!near) return std::nullopt;
  const bool elsewhere = split_first(word).first != split_first(candidate).first;
  return Remoteness(std::min(whole, last + 1), elsewhere, whole);
}

}  // namespace

bool Interval::contains(double value) const {
  const bool above_low = low_open ? value > low : value >= low;
  const bool below_high = high_open ? value < high : value <= high;
  return std::isfinite(value) && above_low && below_high;
}

bool Interval::bounded() const { return std::isfinite(low) || std::isfinite(high); }

std::string Interval::describe() const {
  if (!bounded()) return "finite";
  if (!std::isfinite(high)) return fmt::format("{} {}", low_open ? "above" : "at least", low);
  if (!std::isfinite(low)) return fmt::format("{} {}", high_open ? "below" : "at most", high);
  return fmt::format("in {}{}, {}{}", low_open ? '(' : '[', low, high, high_open ? ')' : ']');
}

Interval range(double low, double high) { return Interval{.low = low, .high = high}; }

Interval at_least(double low) { return Interval{.low = low}; }

Interval above(double low) { return Interval{.low = low, .low_open = true}; }

Choices one_of(std::vector<std::string> words) { return {std::move(words)}; }

std::string to_text(const Value& value) {
  return std::visit([](const auto& held) { return text_of(held); }, value);
}

Field::Field(std::string name, Target target, std::string doc, Interval interval, std::vector<std::string> choices)
    : name_(std::move(name)), target_(target), doc_(std::move(doc)), interval_(interval), choices_(std::move(choices)) {
  if (interval_.bounded() && !accepts_interval(target_)) {
    throw ArgumentError(fmt::format("Field: {} is {} and cannot have a range", name_, type_name()));
  }
  if (doc_.find('\n') != std::string::npos) {
    throw ArgumentError(fmt::format("Field: the description of {} must be one line", name_));
  }
  if (std::holds_alternative<std::size_t*>(target_) && interval_.low < 0) interval_.low = 0;
}

std::string Need::describe() const {
  std::string text = field;
  for (std::size_t i = 0; i < words.size(); ++i) {
    text += i == 0 ? " " : i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

Field& Field::only_with(std::string field, std::vector<std::string> words) {
  needs_.push_back({std::move(field), std::move(words)});
  return *this;
}

std::string_view Field::type_name() const {
  return std::visit(Overloaded{[](bool*) { return "true or false"; },                                  //
                               [](std::int64_t*) { return "a whole number"; },                         //
                               [](std::size_t*) { return "a whole number"; },                          //
                               [](double*) { return "a number"; },                                     //
                               [](std::string*) { return "a string"; },                                //
                               [](std::vector<double>*) { return "a list of numbers"; },               //
                               [](std::vector<std::int64_t>*) { return "a list of whole numbers"; }},  //
                    target_);
}

std::string Field::limits() const {
  if (!choices_.empty()) return fmt::format("one of {}", fmt::join(choices_, ", "));
  return interval_.bounded() ? interval_.describe() : "";
}

Value Field::value() const {
  return std::visit([](const auto* member) { return value_of(*member); }, target_);
}

std::optional<std::string> Field::assign(const Value& value) {
  return std::visit([&](auto* member) { return store(*member, value); }, target_);
}

template <typename Member>
std::optional<std::string> Field::store(Member& member, const Value& value) const {
  auto converted = convert(As<Member>{}, value);
  if (!converted) return fmt::format("must be {}, got {}", type_name(), to_text(value));
  const auto inside = [this](double number) { return interval_.contains(number); };
  if (!std::ranges::all_of(numbers_in(value), inside)) {
    return fmt::format("must be {}{}, got {}", is_list<Member> ? fmt::format("{}, each ", type_name()) : "",
                       interval_.describe(), to_text(value));
  }
  if constexpr (std::is_same_v<Member, std::string>) {
    if (!choices_.empty() && std::ranges::find(choices_, *converted) == choices_.end()) {
      return fmt::format(
          "must be {}{}", limits(),
          nearest(*converted, choices_) ? suggestion(*converted, choices_) : fmt::format(", got {}", to_text(value)));
    }
  }
  member = std::move(*converted);
  return std::nullopt;
}

Field& Fields::add(std::string name, Target target, std::string doc, Interval interval) {
  check_name(name);
  return fields_.emplace_back(std::move(name), target, std::move(doc), interval, std::vector<std::string>{});
}

Field& Fields::add(std::string name, std::string* target, std::string doc, Choices choices) {
  check_name(name);
  if (choices.words.empty()) throw ArgumentError(fmt::format("Fields::add: {} has nothing to choose from", name));
  return fields_.emplace_back(std::move(name), target, std::move(doc), Interval{}, std::move(choices.words));
}

Fields& Fields::group(std::string_view name) {
  for (const auto& [existing, fields] : groups_) {
    if (existing == name) return *fields;
  }
  check_name(name);
  return *groups_.emplace_back(std::string(name), std::make_unique<Fields>()).second;
}

void Fields::check_name(std::string_view name) const {
  if (!is_bare_key(name)) {
    throw ArgumentError(fmt::format("Fields: \"{}\" is no name of letters, digits, - and _", name));
  }
  const bool is_field = std::ranges::find(fields_, name, &Field::name) != fields_.end();
  const bool is_group = std::ranges::any_of(groups_, [&](const auto& group) { return group.first == name; });
  if (is_field || is_group) throw ArgumentError(fmt::format("Fields: {} is added twice", name));
}

Field* Fields::find(std::string_view key) {
  const auto [first, rest] = split_first(key);
  if (!rest.empty()) {
    Fields* section = find_group(first);
    return section != nullptr ? section->find(rest) : nullptr;
  }
  const auto found = std::ranges::find(fields_, first, &Field::name);
  return found == fields_.end() ? nullptr : &*found;
}

Fields* Fields::find_group(std::string_view key) {
  const auto [first, rest] = split_first(key);
  for (const auto& [name, fields] : groups_) {
    if (name == first) return rest.empty() ? fields.get() : fields->find_group(rest);
  }
  return nullptr;
}

const Need* Fields::unmet_need(std::string_view key) {
  const auto [first, rest] = split_first(key);
  if (!rest.empty()) {
    Fields* section = find_group(first);
    return section != nullptr ? section->unmet_need(rest) : nullptr;
  }
  const Field* field = find(first);
  if (field == nullptr) return nullptr;
  const auto is_unmet = [&](const Need& need) {
    const Field* other = find(need.field);
    const Value value = other != nullptr ? other->value() : Value();
    const auto* word = std::get_if<std::string>(&value);
    if (word == nullptr) throw ArgumentError(fmt::format("Fields: {} needs {}, no string", key, need.field));
    return std::ranges::find(need.words, *word) == need.words.end();
  };
  const auto unmet = std::ranges::find_if(field->needs(), is_unmet);
  return unmet == field->needs().end() ? nullptr : &*unmet;
}

std::vector<std::string> Fields::keys() const {
  std::vector<std::string> keys;
  for (const Field& field : fields_) keys.push_back(field.name());
  for (const auto& [name, fields] : groups_) {
    keys.push_back(name);
    for (const std::string& key : fields->keys()) keys.push_back(fmt::format("{}.{}", name, key));
  }
  return keys;
}

bool is_bare_key(std::string_view key) {
  const auto is_bare = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
           letter == '-' || letter == '_';
  };
  return !key.empty() && std::ranges::all_of(key, is_bare);
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Rows of the usual table for the prefixes of `a` of lengths i - 2, i - 1 and i.
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> previous(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) current[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before.swap(previous);
    previous.swap(current);
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, replaced});
      const bool exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (exchanged) current[j] = std::min(current[j], before[j - 2] + 1);
    }
  }
  return current[b.size()];
}

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates) {
  std::optional<Remoteness> smallest;
  std::optional<std::string> best;
  for (const std::string& candidate : candidates) {
    const auto distance = remoteness(word, candidate);
    if (!distance || (smallest && *smallest <= *distance)) continue;
    smallest = distance;
    best = candidate;
  }
  return best;
}

std::string suggestion(std::string_view word, std::span<const std::string> candidates) {
  const std::optional<std::string> candidate = nearest(word, candidates);
  return candidate ? fmt::format("; did you mean {}?", *candidate) : "";
}

}  // namespace saccade::config
