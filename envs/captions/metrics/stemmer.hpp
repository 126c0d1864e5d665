#pragma once

#include <memory>
#include <string>
#include <string_view>

struct sb_stemmer;

namespace saccade::envs::captions {

/// The English Snowball stemmer ("Porter2", Porter 2001) of libstemmer: "running" and "runs" become "run". For words in
/// small letters, UTF-8. Not to be shared between threads.
class Stemmer {
 public:
  Stemmer();
  [[nodiscard]] std::string operator()(std::string_view word) const;

 private:
  std::unique_ptr<sb_stemmer, void (*)(sb_stemmer*)> stemmer_;
};

}  // namespace saccade::envs::captions
