#pragma once

#include "core/errors.hpp"
#include "envs/captions/metrics/corpus.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"

/// Small corpora written as text.
namespace saccade::tests {

struct Image {
  std::string candidate;
  std::vector<std::string> references;
};

inline envs::captions::Corpus corpus(const std::vector<Image>& images) {
  std::vector<envs::captions::Tokens> candidates;
  std::vector<std::vector<envs::captions::Tokens>> references;
  for (const Image& image : images) {
    candidates.push_back(envs::captions::tokenise(image.candidate));
    references.emplace_back();
    for (const std::string& text : image.references) references.back().push_back(envs::captions::tokenise(text));
  }
  return {candidates, references};
}

inline Approx near(double expected) { return Approx(expected).epsilon(1e-12).margin(1e-12); }

}  // namespace saccade::tests
