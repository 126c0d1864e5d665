#include "envs/captions/vocabulary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <tuple>

#include "core/errors.hpp"
#include "core/io/file.hpp"
#include "envs/captions/lines.hpp"

namespace saccade::envs::captions {
namespace {

constexpr std::string_view title = "saccade vocabulary 1";

struct Entry {
  std::string word;
  std::size_t count;

  /// The order of a vocabulary.
  bool operator<(const Entry& other) const { return std::tie(other.count, word) < std::tie(count, other.word); }
};

bool is_word(std::string_view text) {
  return !text.empty() && text.find_first_of(" \t\n\v\f\r") == std::string_view::npos;
}

std::vector<Entry> count_words(std::span<const CaptionedImage> images) {
  std::unordered_map<std::string, std::size_t> counts;
  for (const CaptionedImage& image : images) {
    for (const Tokens& caption : image.captions) {
      for (const std::string& token : caption) ++counts[token];
    }
  }
  std::vector<Entry> entries;
  for (const auto& [word, count] : counts) {
    if (!is_word(word)) {
      throw ArgumentError(fmt::format("Vocabulary: train must hold words without white space, got \"{}\"", word));
    }
    entries.push_back({word, count});
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

/// Count, tab, word. A count of 0 says that the line is none.
Entry parse(std::string_view line) {
  std::size_t count = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), count);
  const auto digits = static_cast<std::size_t>(end - line.data());
  if (error != std::errc() || digits == line.size() || line[digits] != '\t' || !is_word(line.substr(digits + 1))) {
    return {{}, 0};
  }
  return {std::string(line.substr(digits + 1)), count};
}

}  // namespace

Vocabulary::Vocabulary() : words_{"<start>", "<end>", "<unknown>"}, counts_(words_.size(), 0) {}

void Vocabulary::add(std::string word, std::size_t count) {
  numbers_.emplace(word, static_cast<std::uint32_t>(words_.size()));
  words_.push_back(std::move(word));
  counts_.push_back(count);
}

Vocabulary Vocabulary::of(std::span<const CaptionedImage> train, const VocabularyConfig& config) {
  Vocabulary vocabulary;
  for (Entry& entry : count_words(train)) {
    if (entry.count < config.min_count || vocabulary.numbers_.size() == config.max_words) break;
    vocabulary.add(std::move(entry.word), entry.count);
  }
  if (vocabulary.numbers_.empty()) {
    throw ConfigError(fmt::format("environment.min_count: no word of the training captions occurs {} times or more",
                                  config.min_count));
  }
  return vocabulary;
}

Vocabulary Vocabulary::load(const std::filesystem::path& path) {
  Vocabulary vocabulary;
  Entry last{{}, 0};
  const auto fail = [&](std::size_t number, std::string_view expected, std::string_view line) {
    throw IoError(fmt::format("{}:{}: expected {}, got \"{}\"", path.string(), number, expected, line.substr(0, 80)));
  };
  const std::string contents = io::read_file(path);
  if (contents.empty()) throw IoError(fmt::format("{}: this vocabulary is empty", path.string()));
  for_each_line(contents, [&](std::size_t number, std::string_view line) {
    if (number == 1) {
      if (line != title) fail(number, fmt::format("\"{}\"", title), line);
      return;
    }
    const Entry entry = parse(line);
    if (entry.count == 0) fail(number, "a count, a tab and a word", line);
    if (number > 2 && !(last < entry)) fail(number, "words by falling count and the alphabet", line);
    if (vocabulary.numbers_.contains(entry.word)) fail(number, "every word once", line);
    vocabulary.add(entry.word, entry.count);
    last = entry;
  });
  if (vocabulary.numbers_.empty()) throw IoError(fmt::format("{}: this vocabulary has no words", path.string()));
  return vocabulary;
}

void Vocabulary::save(const std::filesystem::path& path) const { io::write_atomically(path, text()); }

std::string Vocabulary::text() const {
  std::string text = fmt::format("{}\n", title);
  for (std::uint32_t i = first_word; i < words_.size(); ++i) text += fmt::format("{}\t{}\n", counts_[i], words_[i]);
  return text;
}

std::uint32_t Vocabulary::number(const std::string& word) const {
  const auto found = numbers_.find(word);
  return found == numbers_.end() ? unknown : found->second;
}

void Vocabulary::check(std::uint32_t number) const {
  if (number >= words_.size()) {
    throw ArgumentError(fmt::format("Vocabulary: number must be below {}, got {}", words_.size(), number));
  }
}

const std::string& Vocabulary::word(std::uint32_t number) const {
  check(number);
  return words_[number];
}

std::size_t Vocabulary::count(std::uint32_t number) const {
  check(number);
  return counts_[number];
}

std::vector<std::uint32_t> Vocabulary::encode(const Tokens& tokens) const {
  std::vector<std::uint32_t> numbers;
  for (const std::string& token : tokens) numbers.push_back(number(token));
  numbers.push_back(end);
  return numbers;
}

Tokens Vocabulary::decode(std::span<const std::uint32_t> numbers) const {
  Tokens tokens;
  for (const std::uint32_t number : numbers) {
    if (number == end) break;
    if (number != start) tokens.push_back(word(number));
  }
  return tokens;
}

}  // namespace saccade::envs::captions
