#pragma once

#include <algorithm>
#include <array>
#include <type_traits>

#include "core/autograd/tape.hpp"
#include "core/tensor/fast_tanh.hpp"

/// What the kernels of additive attention share: rows in chunks of vector registers. For their sources alone.
namespace saccade::attention {

/// Numbers that are worked on together. Their count is the same on every machine, and so is the order of sums.
constexpr std::size_t lanes = 16;
constexpr std::size_t parts = lanes / Batch::size;

struct Chunk {
  std::array<Batch, parts> part;

  [[nodiscard]] static Chunk load(const Real* from) {
    Chunk chunk;
    for (std::size_t i = 0; i < parts; ++i) chunk.part[i] = Batch::load_unaligned(from + i * Batch::size);
    return chunk;
  }
  void store(Real* to) const {
    for (std::size_t i = 0; i < parts; ++i) part[i].store_unaligned(to + i * Batch::size);
  }
  /// The first `count` numbers, and zeros.
  [[nodiscard]] static Chunk load_first(const Real* from, std::size_t count) {
    std::array<Real, lanes> padded{};
    std::copy_n(from, count, padded.data());
    return load(padded.data());
  }
  void store_first(Real* to, std::size_t count) const {
    std::array<Real, lanes> padded;
    store(padded.data());
    std::copy_n(padded.data(), count, to);
  }
  [[nodiscard]] Real sum() const {
    std::array<Real, lanes> all;
    store(all.data());
    for (std::size_t half = lanes / 2; half > 0; half /= 2) {
      for (std::size_t i = 0; i < half; ++i) all[i] += all[i + half];
    }
    return all[0];
  }
};

/// A row of A numbers and of zeros up to whole chunks.
class PaddedRow {
 public:
  PaddedRow(Arena& arena, std::size_t size) : size_{size}, all_{arena.tensor({(size + lanes - 1) / lanes * lanes})} {
    clear();
  }

  void clear() const { fill(all_, 0); }
  void set(const Real* from) const { std::copy_n(from, size_, all_.data()); }
  [[nodiscard]] Real* data() const { return all_.data(); }
  [[nodiscard]] std::size_t padded_size() const { return all_.size(); }

 private:
  std::size_t size_;
  TensorView all_;
};

/// Calls visit(a, last) for all chunks of a row: where the chunk begins, and, as a type, whether it is a part of one.
template <typename Visit>
void for_each_chunk(std::size_t size, const Visit& visit) {
  const std::size_t whole = size - size % lanes;
  for (std::size_t a = 0; a < whole; a += lanes) visit(a, std::false_type{});
  if (whole < size) visit(whole, std::true_type{});
}

/// During the walk: memory for the gradient of x; scratch if nothing wants it.
inline GradientTarget target_of(const Variable& x) {
  if (x.requires_grad()) return gradient_target(x);
  return {x.tape().arena().tensor(x.shape()), false};
}

}  // namespace saccade::attention
