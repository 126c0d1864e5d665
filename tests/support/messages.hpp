#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace saccade::tests {

/// The message of the error that `action` throws; a text that says so when it throws none or one of another type.
template <typename Error, typename Action>
std::string message_of(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  } catch (const std::exception& error) {
    return std::string("(an error of another type: ") + error.what() + ")";
  }
  return "(no error)";
}

inline bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace saccade::tests
