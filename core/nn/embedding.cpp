#include "core/nn/embedding.hpp"

#include "core/nn/sizes.hpp"
#include "core/ops/embedding.hpp"

namespace saccade::nn {

Embedding::Embedding(const Scope& scope, std::size_t words, std::size_t size)
    : weight_{scope.uniform("weight", {words, size}, bound_for("Embedding", size, words))} {}

Variable Embedding::operator()(Tape& tape, std::span<const std::int32_t> words) const {
  return ops::embedding(tape[weight_], words);
}

}  // namespace saccade::nn
