#pragma once

#include <cstdint>
#include <span>

#include "core/autograd/tape.hpp"
#include "core/nn/scope.hpp"

namespace saccade::nn {

/// A vector for each word of a vocabulary, y = E[word].
///
/// Parameter: "weight" [words, size] from U(-1/sqrt(size), 1/sqrt(size)), so that vectors are about as long for any
/// size.
class Embedding {
 public:
  /// @throws ArgumentError  if a size is 0
  Embedding(const Scope& scope, std::size_t words, std::size_t size);

  /// @param words  N words below `words`; a negative one gives zeros, for what stands before the first word
  /// @return       [N, size], see ops::embedding
  [[nodiscard]] Variable operator()(Tape& tape, std::span<const std::int32_t> words) const;

  [[nodiscard]] Parameter weight() const { return weight_; }

 private:
  Parameter weight_;
};

}  // namespace saccade::nn
