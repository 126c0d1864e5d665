#include "core/attention/additive.hpp"

#include "core/attention/chunk.hpp"
#include "core/tensor/checks.hpp"
#include "core/tensor/fast_tanh.hpp"

namespace saccade::attention {
namespace {

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
