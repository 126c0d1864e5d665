#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <unordered_map>

#include "envs/captions/captioned_images.hpp"

namespace saccade::envs::captions {

struct VocabularyConfig {
  std::size_t min_count = 1;      ///< words that occur less often are unknown
  std::size_t max_words = 10000;  ///< of the others, the commonest so many are known; the paper's figure
};

/// The words that a model of captions knows, as numbers:
///
///     0  start     1  end     2  unknown     3, 4, ...  words, by falling count, and words as common by the alphabet
///
/// (of bytes). It is made from training captions alone and belongs to what was trained with it: save it with the run.
class Vocabulary {
 public:
  static constexpr std::uint32_t start = 0;
  static constexpr std::uint32_t end = 1;
  static constexpr std::uint32_t unknown = 2;
  static constexpr std::uint32_t first_word = 3;

  /// Of the captions of a training split.
  /// @throws ConfigError if no word is common enough; ArgumentError if a word is empty or has white space in it
  static Vocabulary of(std::span<const CaptionedImage> train, const VocabularyConfig& config = {});

  /// Reads what `save` wrote. @throws IoError  naming the line that is no word and count, or out of order
  static Vocabulary load(const std::filesystem::path& path);

  /// Writes a text: the line "saccade vocabulary 1", then for each word a line of its count, a tab and the word.
  void save(const std::filesystem::path& path) const;
  /// What `save` writes.
  [[nodiscard]] std::string text() const;

  /// Words and the three special ones.
  [[nodiscard]] std::size_t size() const { return words_.size(); }
  [[nodiscard]] std::uint32_t number(const std::string& word) const;
  /// <start>, <end> and <unknown> for the special ones. @throws ArgumentError  if there is no such number
  [[nodiscard]] const std::string& word(std::uint32_t number) const;
  /// How often a word occurs in the captions that the vocabulary was made from; 0 for the special ones.
  [[nodiscard]] std::size_t count(std::uint32_t number) const;

  /// The numbers of the words, and `end` after them. `start` is what a decoder begins with, and is not put in.
  [[nodiscard]] std::vector<std::uint32_t> encode(const Tokens& tokens) const;
  /// The words before the first `end`; a `start` is passed over.
  [[nodiscard]] Tokens decode(std::span<const std::uint32_t> numbers) const;

 private:
  Vocabulary();
  void add(std::string word, std::size_t count);
  void check(std::uint32_t number) const;

  std::vector<std::string> words_;
  std::vector<std::size_t> counts_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

}  // namespace saccade::envs::captions
