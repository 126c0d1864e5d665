#include "core/attention/additive.hpp"

#include <algorithm>
#include <array>

#include "core/tensor/checks.hpp"
#include "core/tensor/fast_tanh.hpp"

namespace saccade::attention {
namespace {

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

 private:
  std::size_t size_;
  TensorView all_;
};

/// Calls visit(a, chunk of the row that begins at a) for all chunks of a row.
template <typename Visit>
void for_each_chunk(std::size_t size, const Visit& visit) {
  const std::size_t whole = size - size % lanes;
  for (std::size_t a = 0; a < whole; a += lanes) visit(a, std::false_type{});
  if (whole < size) visit(whole, std::true_type{});
}

/// One score: sum_a v[a] tanh(key[a] + query[a]).
Real score(const Real* key, const Real* query, const Real* v, std::size_t size) {
  Chunk sums{};
  for (auto& part : sums.part) part = Batch(Real{0});
  for_each_chunk(size, [&](std::size_t a, auto last) {
    const Chunk k = last ? Chunk::load_first(key + a, size - a) : Chunk::load(key + a);
    const Chunk q = Chunk::load(query + a);
    const Chunk w = Chunk::load(v + a);
    for (std::size_t i = 0; i < parts; ++i) {
      sums.part[i] = xsimd::fma(w.part[i], fast_tanh(k.part[i] + q.part[i]), sums.part[i]);
    }
  });
  return sums.sum();
}

void scores_of_all(const TensorView& keys, const TensorView& query, const TensorView& v, Arena& arena,
                   const TensorView& scores) {
  const std::size_t places = keys.dim(1), size = keys.dim(2);
  const PaddedRow query_row(arena, size), v_row(arena, size);
  v_row.set(v.data());
  for (std::size_t b = 0; b < keys.dim(0); ++b) {
    query_row.set(query.data() + b * size);
    for (std::size_t l = 0; l < places; ++l) {
      scores(b, l) = score(keys.data() + (b * places + l) * size, query_row.data(), v_row.data(), size);
    }
  }
}

/// What becomes of the gradient of the keys.
enum class KeyGradient { none, assign, add };

/// The rows that the places of one image share.
struct Rows {
  const Real* query;
  const Real* v;
  Real* slope;  // sum_l d_e[l] (1 - t[l]^2)
  Real* tanh;   // sum_l d_e[l] t[l]
};

template <KeyGradient mode>
void score_backward(Real d_e, const Real* key, const Rows& shared, std::size_t size, Real* d_key) {
  const Rows rows = shared;  // a copy that no store can change
  const Batch d(d_e);
  for_each_chunk(size, [&](std::size_t a, auto last) {
    const Chunk k = last ? Chunk::load_first(key + a, size - a) : Chunk::load(key + a);
    const Chunk q = Chunk::load(rows.query + a), v = Chunk::load(rows.v + a);
    Chunk slopes = Chunk::load(rows.slope + a), tanhs = Chunk::load(rows.tanh + a);
    Chunk d_k;
    if constexpr (mode == KeyGradient::add) {
      d_k = last ? Chunk::load_first(d_key + a, size - a) : Chunk::load(d_key + a);
    }
    for (std::size_t i = 0; i < parts; ++i) {
      const Batch t = fast_tanh(k.part[i] + q.part[i]);
      const Batch slope = xsimd::fnma(t, t, Batch(Real{1})) * d;
      tanhs.part[i] = xsimd::fma(d, t, tanhs.part[i]);
      slopes.part[i] += slope;
      if constexpr (mode == KeyGradient::add) d_k.part[i] = xsimd::fma(slope, v.part[i], d_k.part[i]);
      if constexpr (mode == KeyGradient::assign) d_k.part[i] = slope * v.part[i];
    }
    slopes.store(rows.slope + a);
    tanhs.store(rows.tanh + a);
    if constexpr (mode != KeyGradient::none) {
      last ? d_k.store_first(d_key + a, size - a) : d_k.store(d_key + a);
    }
  });
}

/// Memory for a gradient; scratch if nothing wants it.
GradientTarget target_of(const Variable& x) {
  if (x.requires_grad()) return gradient_target(x);
  return {x.tape().arena().tensor(x.shape()), false};
}

template <KeyGradient mode>
void backward_of_all(const Variable& keys, const Variable& query, const Variable& v, const TensorView& d_e,
                     const TensorView& d_keys) {
  const std::size_t places = keys.shape()[1], size = keys.shape()[2];
  Arena& arena = keys.tape().arena();
  const PaddedRow query_row(arena, size), v_row(arena, size), slope(arena, size), tanh(arena, size);
  const TensorView slopes{slope.data(), {size}}, tanhs{tanh.data(), {size}};
  const GradientTarget d_query = target_of(query);
  const GradientTarget d_v = target_of(v);
  if (!d_v.add) fill(d_v.view, 0);
  v_row.set(v.value().data());
  for (std::size_t b = 0; b < keys.shape()[0]; ++b) {
    query_row.set(query.value().data() + b * size);
    slope.clear();
    tanh.clear();
    for (std::size_t l = 0; l < places; ++l) {
      const std::size_t row = (b * places + l) * size;
      score_backward<mode>(d_e(b, l), keys.value().data() + row,
                           {query_row.data(), v_row.data(), slope.data(), tanh.data()}, size,
                           mode == KeyGradient::none ? nullptr : d_keys.data() + row);
    }
    put(d_query.view.rows(b, 1), d_query.add, flat(slopes) * flat(v.value()));
    add_to(d_v.view, flat(tanhs));
  }
}

void scores_backward(const Variable& keys, const Variable& query, const Variable& v, const Variable& scores) {
  const TensorView d_e = scores.grad();
  if (!keys.requires_grad()) {
    backward_of_all<KeyGradient::none>(keys, query, v, d_e, {});
    return;
  }
  const GradientTarget target = gradient_target(keys);
  (target.add ? backward_of_all<KeyGradient::add> : backward_of_all<KeyGradient::assign>)(keys, query, v, d_e,
                                                                                          target.view);
}

}  // namespace

Variable additive_scores(const Variable& keys, const Variable& query, const Variable& v) {
  check_rank("additive_scores", "keys", keys.value(), 3);
  const Shape& shape = keys.shape();
  check_shape("additive_scores", "query", query.value(), {shape[0], shape[2]});
  check_shape("additive_scores", "v", v.value(), {shape[2]});
  const Variable scores = keys.tape().result({shape[0], shape[1]}, {keys, query, v});
  scores_of_all(keys.value(), query.value(), v.value(), keys.tape().arena(), scores.value());
  keys.tape().record(scores, [keys, query, v, scores] { scores_backward(keys, query, v, scores); });
  return scores;
}

}  // namespace saccade::attention
