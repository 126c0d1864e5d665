#include "experiments/config.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>
#include <utility>

#include "core/errors.hpp"
#include "core/io/file.hpp"
#include "experiments/experiment.hpp"

namespace saccade::experiments {
namespace {

namespace fs = std::filesystem;

using config::Scalar;
using config::Value;
using Entries = ConfigTree::Entries;

constexpr std::string_view base_key = "base";

[[noreturn]] void fail(std::string_view source, std::string_view what) {
  throw ConfigError(fmt::format("{}: {}", source, what));
}

std::string join(std::string_view section, std::string_view key) {
  return section.empty() ? std::string(key) : fmt::format("{}.{}", section, key);
}

std::string at_line(std::string_view file, const toml::source_region& region) {
  return fmt::format("{}:{}", file, region.begin.line);
}

// From TOML to entries.

std::optional<Scalar> to_scalar(const toml::node& node) {
  if (const auto* value = node.as_boolean()) return value->get();
  if (const auto* value = node.as_integer()) return value->get();
  if (const auto* value = node.as_floating_point()) return value->get();
  if (const auto* value = node.as_string()) return value->get();
  return std::nullopt;
}

std::optional<Value> to_value(const toml::node& node) {
  const toml::array* array = node.as_array();
  if (array == nullptr) {
    const std::optional<Scalar> scalar = to_scalar(node);
    if (!scalar) return std::nullopt;
    return std::visit([](const auto& held) { return Value(held); }, *scalar);
  }
  std::vector<Scalar> list;
  for (const toml::node& element : *array) {
    const std::optional<Scalar> scalar = to_scalar(element);
    if (!scalar) return std::nullopt;
    list.push_back(*scalar);
  }
  return list;
}

/// Turns tables into entries. A source is the file with the line, or the override as it was typed.
class Flattener {
 public:
  explicit Flattener(std::string file) : source_(std::move(file)), is_file_(true) {}
  static Flattener of_override(std::string text) {
    Flattener flattener(std::move(text));
    flattener.is_file_ = false;
    return flattener;
  }

  void add_table(std::string_view section, const toml::table& table) {
    for (const auto& [key, node] : table) {
      const std::string source = is_file_ ? at_line(source_, key.source()) : source_;
      if (!config::is_bare_key(key.str())) {
        fail(source, fmt::format("the key \"{}\" is unknown; keys have only letters, digits, - and _", key.str()));
      }
      add_node(join(section, key.str()), node, source);
    }
  }

  void add_node(const std::string& key, const toml::node& node, const std::string& source) {
    if (const toml::table* table = node.as_table()) {
      entries_[key] = {std::nullopt, source};
      add_table(key, *table);
      return;
    }
    std::optional<Value> value = to_value(node);
    if (!value) fail(source, fmt::format("{} must be made of numbers, strings, true and false", key));
    entries_[key] = {std::move(value), source, !is_file_};
  }

  Entries take() { return std::move(entries_); }

 private:
  std::string source_;
  bool is_file_ = false;
  Entries entries_;
};

void erase_below(Entries& entries, const std::string& key) {
  const std::string prefix = key + '.';
  std::erase_if(entries, [&](const auto& entry) { return entry.first.starts_with(prefix); });
}

void merge(Entries& base, const Entries& changes) {
  for (const auto& [key, entry] : changes) {
    if (entry.value) erase_below(base, key);
    base[key] = entry;
  }
}

// Files.

toml::table parse(const std::string& file, std::string_view text) {
  try {
    return toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    fail(at_line(file, error.source()), error.description());
  }
}

class Loader {
 public:
  Entries load(const fs::path& path) {
    open_.push_back(fs::weakly_canonical(path));
    Flattener flattener(path.string());
    flattener.add_table("", parse(path.string(), io::read_file(path)));
    Entries own = flattener.take();
    Entries merged = load_base(path, own);
    merge(merged, own);
    open_.pop_back();
    return merged;
  }

 private:
  /// Removes the key `base` and returns what it leads to.
  Entries load_base(const fs::path& path, Entries& own) {
    const auto node = own.extract(std::string(base_key));
    if (node.empty()) return {};
    const ConfigTree::Entry& entry = node.mapped();
    const std::string* base = entry.value ? std::get_if<std::string>(&*entry.value) : nullptr;
    if (base == nullptr) fail(entry.source, "base must be a string, the path or name of another configuration");
    const fs::path target = find_base(path.parent_path(), *base);
    check_base(target, *base, entry.source);
    return load(target);
  }

  /// A file beside the one that names it, or else a configuration that comes along.
  [[nodiscard]] static fs::path find_base(const fs::path& folder, const std::string& base) {
    fs::path beside = (folder / base).lexically_normal();
    std::error_code ignored;
    if (fs::is_regular_file(beside, ignored)) return beside;
    for (const fs::path& known : experiment_folders()) {
      if (fs::is_regular_file(known / (base + ".toml"), ignored)) return known / (base + ".toml");
    }
    return beside;
  }

  void check_base(const fs::path& target, std::string_view base, std::string_view source) const {
    std::error_code ignored;
    if (!fs::is_regular_file(target, ignored)) {
      const std::string hint = config::suggestion(base, config_names());
      fail(source, fmt::format("base \"{}\" is neither a file, {}, nor a configuration that comes along{}", base,
                               target.string(), hint));
    }
    if (std::ranges::find(open_, fs::weakly_canonical(target)) != open_.end()) {
      fail(source, fmt::format("base {} leads back to {}", base, target.string()));
    }
  }

  std::vector<fs::path> open_;
};

// Overrides.

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string> split_key(std::string_view key) {
  std::vector<std::string> parts(1);
  for (const char letter : key) {
    if (letter == '.')
      parts.emplace_back();
    else
      parts.back() += letter;
  }
  return parts;
}

/// A document with the single key `value`, or the reason why the text is not one.
std::pair<std::optional<toml::table>, std::string> parse_value(std::string_view text) {
  try {
    toml::table table = toml::parse(fmt::format("value = {}", text));
    if (table.size() != 1) return {std::nullopt, "there is more than one value"};
    return {std::move(table), ""};
  } catch (const toml::parse_error& error) {
    return {std::nullopt, std::string(error.description())};
  }
}

toml::table parse_override(const std::string& source, std::string_view text) {
  auto [table, problem] = parse_value(text);
  const bool is_word = std::string_view("\"'[{").find(text.front()) == std::string_view::npos;
  if (!table && is_word) std::tie(table, problem) = parse_value(config::to_text(std::string(text)));
  if (!table) fail(source, problem);
  return std::move(*table);
}

void add_parents(Entries& entries, const std::vector<std::string>& parts, const std::string& source) {
  std::string parent;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    parent = join(parent, parts[i]);
    const auto found = entries.find(parent);
    if (found == entries.end() || found->second.value) entries[parent] = {std::nullopt, source};
  }
}

// Into the fields.

/// " to agent.kind = \"ram\"", with where that is from if it is from elsewhere.
std::string whose(const Entries& entries, const std::string& key, const std::string& source) {
  const auto kind = entries.find(key.substr(0, key.find('.')) + ".kind");
  if (kind == entries.end() || !kind->second.value) return {};
  const bool elsewhere = kind->second.source != source;
  return fmt::format(" to {} = {}{}", kind->first, config::to_text(*kind->second.value),
                     elsewhere ? fmt::format(" ({})", kind->second.source) : "");
}

[[noreturn]] void fail_unknown(const Entries& entries, const std::string& key, std::string_view section,
                               const config::Fields& fields) {
  std::vector<std::string> keys;
  for (const std::string& known : fields.keys()) keys.push_back(join(section, known));
  const std::string& source = entries.at(key).source;
  fail(source, fmt::format("{} is unknown{}{}", key, whose(entries, key, source), config::suggestion(key, keys)));
}

void apply_entry(const Entries& entries, const std::string& key, std::string_view section,
                 std::string_view key_in_section, config::Fields& fields) {
  const ConfigTree::Entry& entry = entries.at(key);
  config::Field* field = fields.find(key_in_section);
  const bool is_group = fields.find_group(key_in_section) != nullptr;
  if (field == nullptr && !is_group) fail_unknown(entries, key, section, fields);
  if (field == nullptr) {
    if (entry.value) fail(entry.source, fmt::format("{} must be a table, got {}", key, config::to_text(*entry.value)));
    return;
  }
  if (!entry.value) fail(entry.source, fmt::format("{} must be {}, got a table", key, field->type_name()));
  if (const auto complaint = field->assign(*entry.value)) fail(entry.source, fmt::format("{} {}", key, *complaint));
}

/// The key of another setting of the same section.
std::string sibling(std::string_view key, std::string_view name) {
  const std::size_t dot = key.rfind('.');
  return join(dot == std::string_view::npos ? "" : key.substr(0, dot), name);
}

/// A setting that was asked for and does nothing would be missed by nobody but the one who trusts it.
void check_effect(const ConfigTree::Entry& entry, const std::string& key, std::string_view key_in_section,
                  config::Fields& fields) {
  if (!entry.overrides) return;
  const config::Need* need = fields.unmet_need(key_in_section);
  if (need == nullptr) return;
  const config::Field& other = *fields.find(sibling(key_in_section, need->field));
  fail(entry.source, fmt::format("{} does nothing while {} is {}; it is for {}", key, sibling(key, need->field),
                                 config::to_text(other.value()), need->describe()));
}

// Out of the fields.

/// Its limits and needs: "one of a, b; with attention hard".
std::string conditions_of(const config::Field& field) {
  std::vector<std::string> conditions;
  if (!field.limits().empty()) conditions.push_back(field.limits());
  for (const config::Need& need : field.needs()) conditions.push_back("with " + need.describe());
  return conditions.empty() ? "" : fmt::format(" ({})", fmt::join(conditions, "; "));
}

void print_field(std::string& text, const config::Field& field) {
  text +=
      fmt::format("# {}{}\n{} = {}\n", field.doc(), conditions_of(field), field.name(), config::to_text(field.value()));
}

void print_section(std::string& text, std::string_view section, const config::Fields& fields) {
  if (!section.empty() && !fields.fields().empty()) {
    text += fmt::format("{}[{}]\n", text.empty() ? "" : "\n", section);
  }
  for (const config::Field& field : fields.fields()) print_field(text, field);
  for (const auto& [name, group] : fields.groups()) print_section(text, join(section, name), *group);
}

/// The entries of a configuration that is complete in itself.
Entries entries_of(const std::string& text) {
  Flattener flattener("configuration");
  flattener.add_table("", parse("configuration", text));
  return flattener.take();
}

std::string text_at(const Entries& entries, const std::string& key) {
  const auto found = entries.find(key);
  return found == entries.end() || !found->second.value ? "not set" : config::to_text(*found->second.value);
}

}  // namespace

bool changes_nothing(std::string_view key) { return key == "why" || key == "environment.images"; }

std::vector<SettingDifference> differences(const std::string& there, const std::string& here,
                                           std::string_view section) {
  const std::string prefix = section.empty() ? "" : fmt::format("{}.", section);
  const Entries theirs = entries_of(there);
  const Entries ours = entries_of(here);
  Entries all = theirs;
  all.insert(ours.begin(), ours.end());
  std::vector<SettingDifference> found;
  for (const auto& [key, entry] : all) {
    if (changes_nothing(key) || !key.starts_with(prefix)) continue;
    SettingDifference difference{key, text_at(theirs, key), text_at(ours, key)};
    if (difference.there != difference.here) found.push_back(std::move(difference));
  }
  return found;
}

std::string first_difference(const std::string& there, const std::string& here, std::string_view section) {
  const std::vector<SettingDifference> found = differences(there, here, section);
  if (found.empty()) return {};
  const auto is_kind = [](const SettingDifference& difference) { return difference.key.ends_with(".kind"); };
  const auto kind = std::find_if(found.begin(), found.end(), is_kind);
  const SettingDifference& first = kind == found.end() ? found.front() : *kind;
  return fmt::format("{} is {} there and {} here", first.key, first.there, first.here);
}

ConfigTree ConfigTree::load(const fs::path& path) {
  ConfigTree tree;
  tree.entries_ = Loader().load(path);
  return tree;
}

void ConfigTree::set(std::string_view assignment) {
  const std::string source = fmt::format("--set {}", assignment);
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos) fail(source, "expected KEY=VALUE");
  const std::string key(trim(assignment.substr(0, equals)));
  const std::string_view text = trim(assignment.substr(equals + 1));
  const std::vector<std::string> parts = split_key(key);
  if (!std::ranges::all_of(parts, config::is_bare_key)) fail(source, fmt::format("\"{}\" is no key", key));
  if (key == base_key) fail(source, "base can be given in files only");
  if (text.empty()) fail(source, "the value is missing; write \"\" for an empty string");
  const toml::table table = parse_override(source, text);
  Flattener flattener = Flattener::of_override(source);
  flattener.add_node(key, *table.get("value"), source);
  add_parents(entries_, parts, source);
  merge(entries_, flattener.take());
}

std::optional<std::string> ConfigTree::string_at(std::string_view key) const {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return std::nullopt;
  const auto& [value, source, ignored] = found->second;
  const std::string* text = value ? std::get_if<std::string>(&*value) : nullptr;
  if (text == nullptr) {
    fail(source, fmt::format("{} must be a string, got {}", key, value ? config::to_text(*value) : "a table"));
  }
  return *text;
}

std::optional<std::string> ConfigTree::choice_at(std::string_view key, std::vector<std::string> words) const {
  std::optional<std::string> text = string_at(key);
  if (!text) return std::nullopt;
  config::Field field("choice", &*text, "", {}, std::move(words));
  if (const auto complaint = field.assign(*text)) fail(source_of(key), fmt::format("{} {}", key, *complaint));
  return text;
}

std::string ConfigTree::source_of(std::string_view key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? "" : found->second.source;
}

void apply(const ConfigTree& tree, std::string_view section, config::Fields& fields) {
  const auto found = tree.entries().find(section);
  if (found != tree.entries().end() && found->second.value) {
    fail(found->second.source,
         fmt::format("{} must be a table, got {}", section, config::to_text(*found->second.value)));
  }
  const std::string prefix = section.empty() ? "" : fmt::format("{}.", section);
  for (const auto& [key, ignored] : tree.entries()) {
    if (!key.starts_with(prefix)) continue;
    apply_entry(tree.entries(), key, section, std::string_view(key).substr(prefix.size()), fields);
  }
  for (const auto& [key, entry] : tree.entries()) {
    if (key.starts_with(prefix)) check_effect(entry, key, std::string_view(key).substr(prefix.size()), fields);
  }
}

void apply(const ConfigTree& tree, config::Fields& fields) { apply(tree, "", fields); }

std::string to_toml(const config::Fields& fields) {
  std::string text;
  print_section(text, "", fields);
  return text;
}

}  // namespace saccade::experiments
