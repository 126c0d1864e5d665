#pragma once

#include <string_view>

namespace saccade::envs::captions {

/// Calls take(number, line) for each line of a text, from number 1 on, without its end: "\n" or "\r\n". What follows
/// the last end is a line unless it is empty.
template <typename Take>
void for_each_line(std::string_view text, Take&& take) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    take(number, line);
  }
}

}  // namespace saccade::envs::captions
