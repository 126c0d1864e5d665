#include "envs/captions/tokens.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace saccade::envs::captions {
namespace {

// The classes of the C locale, whatever the locale of the process is.
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool is_punctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

}  // namespace

Tokens tokenise(std::string_view text) {
  Tokens tokens;
  std::string word;
  const auto finish = [&] {
    if (!word.empty()) tokens.push_back(std::move(word));
    word.clear();
  };
  for (const char c : text) {
    if (is_space(c)) {
      finish();
    } else if (!is_punctuation(c)) {
      word += is_capital(c) ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  finish();
  return tokens;
}

std::string join(const Tokens& tokens) { return fmt::format("{}", fmt::join(tokens, " ")); }

}  // namespace saccade::envs::captions
