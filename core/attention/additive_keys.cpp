#include "core/attention/additive_keys.hpp"

#include <algorithm>
#include <span>
#include <type_traits>

#include "core/attention/chunk.hpp"
#include "core/ops/affine.hpp"
#include "core/tensor/checks.hpp"
#include "core/tensor/reductions.hpp"

namespace saccade::attention {

namespace detail {

/// What a step leaves for d_keys.
struct KeyStep {
  TensorView exponentials;  // [B K, A in whole chunks]: exp(2 query)
  TensorView d_scores;      // [B K, L]
  KeyStep* next;
};

struct KeySteps {
  KeyStep* first;
  std::size_t queries;  // of one image, in all steps
};

}  // namespace detail

namespace {

using detail::KeyStep;
using detail::KeySteps;

constexpr Real farthest = 20;
/// Places that are worked on together, which share what is read of the query and v.
constexpr std::size_t group = 4;

/// 1 / (1 + e f), for e and f in [exp(-40), exp(40)].
Batch squashed(const Batch& e, const Batch& f) {
  const Batch x = xsimd::fma(e, f, Batch(Real{1}));
  if constexpr (std::is_same_v<Real, float>) {
    const Batch guess = xsimd::reciprocal(x);
    return guess * xsimd::fnma(x, guess, Batch(Real{2}));  // a step of Newton's method
  } else {
    return Batch(Real{1}) / x;
  }
}

/// exp(2 x), with the constants first in min and max, which then hand on what is not a number.
Chunk exponentials(const Chunk& x) {
  Chunk y;
  for (std::size_t i = 0; i < parts; ++i) {
    y.part[i] = xsimd::exp(Batch(Real{2}) * xsimd::max(Batch(-farthest), xsimd::min(Batch(farthest), x.part[i])));
  }
  return y;
}

/// The chunk at a of a row of `size` numbers; what is beyond them reads as zeros and is not written.
Chunk load_of(const Real* row, std::size_t a, std::size_t size, std::true_type) {
  return Chunk::load_first(row + a, size - a);
}
Chunk load_of(const Real* row, std::size_t a, std::size_t /*size*/, std::false_type) { return Chunk::load(row + a); }
void store_to(const Chunk& chunk, Real* row, std::size_t a, std::size_t size, std::true_type) {
  chunk.store_first(row + a, size - a);
}
void store_to(const Chunk& chunk, Real* row, std::size_t a, std::size_t /*size*/, std::false_type) {
  chunk.store(row + a);
}

/// All of x in place.
void exponentiate(const TensorView& x) {
  for_each_chunk(x.size(), [&](std::size_t i, auto last) {
    store_to(exponentials(load_of(x.data(), i, x.size(), last)), x.data(), i, x.size(), last);
  });
}

/// exp(2 query), each row filled up to whole chunks.
TensorView exponentials_of(const TensorView& query, Arena& arena) {
  const PaddedRow row(arena, query.dim(1));
  const TensorView result = arena.tensor({query.dim(0), row.padded_size()});
  for (std::size_t b = 0; b < query.dim(0); ++b) {
    row.set(query.rows(b, 1).data());
    for_each_chunk(row.padded_size(), [&](std::size_t a, auto) {
      exponentials(Chunk::load(row.data() + a)).store(result.rows(b, 1).data() + a);
    });
  }
  return result;
}

/// sums[i] = sum_a v[a] r[i, a] of `count` places.
template <std::size_t count>
void weighted_sums(const Real* e, const Real* f, const Real* v, std::size_t size, Real* sums) {
  std::array<Chunk, count> totals;
  for (Chunk& total : totals) total.part.fill(Batch(Real{0}));
  for_each_chunk(size, [&](std::size_t a, auto last) {
    const Chunk query = Chunk::load(f + a), weights = Chunk::load(v + a);
    for (std::size_t n = 0; n < count; ++n) {
      const Chunk key = load_of(e + n * size, a, size, last);
      for (std::size_t i = 0; i < parts; ++i) {
        totals[n].part[i] = xsimd::fma(weights.part[i], squashed(key.part[i], query.part[i]), totals[n].part[i]);
      }
    }
  });
  for (std::size_t n = 0; n < count; ++n) sums[n] = totals[n].sum();
}

/// K, how many queries each image has.
std::size_t queries_of_each(const TensorView& keys, const TensorView& queries) {
  return std::max<std::size_t>(queries.dim(0) / std::max<std::size_t>(keys.dim(0), 1), 1);
}

void scores_of(const TensorView& keys, const TensorView& queries, const TensorView& v, Arena& arena,
               const TensorView& scores) {
  const std::size_t places = keys.dim(1), size = keys.dim(2);
  const PaddedRow weights(arena, size);
  weights.set(v.data());
  const Real total = sum_of(v);
  const std::size_t each = queries_of_each(keys, queries);
  for (std::size_t b = 0; b < queries.dim(0); ++b) {
    const Real* e = keys.data() + b / each * places * size;
    const Real* f = queries.rows(b, 1).data();
    Real* row = scores.rows(b, 1).data();
    std::size_t l = 0;
    for (; l + group <= places; l += group) weighted_sums<group>(e + l * size, f, weights.data(), size, row + l);
    for (; l < places; ++l) weighted_sums<1>(e + l * size, f, weights.data(), size, row + l);
    for (l = 0; l < places; ++l) row[l] = total - 2 * row[l];
  }
}

/// slopes[a] += sum_i d[i] r (1 - r) and rests[a] += sum_i d[i] r of `count` places.
template <std::size_t count>
void sum_over_places(const Real* e, const Real* f, const Real* d, std::size_t size, Real* slopes, Real* rests) {
  std::array<Batch, count> weights;
  for (std::size_t n = 0; n < count; ++n) weights[n] = Batch(d[n]);
  for_each_chunk(size, [&](std::size_t a, auto last) {
    const Chunk query = Chunk::load(f + a);
    Chunk slope = Chunk::load(slopes + a), rest = Chunk::load(rests + a);
    for (std::size_t n = 0; n < count; ++n) {
      const Chunk key = load_of(e + n * size, a, size, last);
      for (std::size_t i = 0; i < parts; ++i) {
        const Batch r = squashed(key.part[i], query.part[i]);
        rest.part[i] = xsimd::fma(weights[n], r, rest.part[i]);
        slope.part[i] = xsimd::fma(weights[n], xsimd::fnma(r, r, r), slope.part[i]);
      }
    }
    slope.store(slopes + a);
    rest.store(rests + a);
  });
}

/// d_query and d_v of a step.
void step_backward(const TensorView& keys, const Variable& query, const Variable& v, const KeyStep& step) {
  const std::size_t places = keys.dim(1), size = keys.dim(2);
  Arena& arena = v.tape().arena();
  const PaddedRow slope(arena, size), rest(arena, size);
  const TensorView slopes{slope.data(), {size}}, rests{rest.data(), {size}};
  const GradientTarget d_query = target_of(query), d_v = target_of(v);
  if (!d_v.add) fill(d_v.view, 0);
  const std::size_t each = queries_of_each(keys, step.exponentials);
  for (std::size_t b = 0; b < step.exponentials.dim(0); ++b) {
    slope.clear();
    rest.clear();
    const Real* e = keys.data() + b / each * places * size;
    const Real* f = step.exponentials.rows(b, 1).data();
    const Real* d = step.d_scores.rows(b, 1).data();
    std::size_t l = 0;
    for (; l + group <= places; l += group) {
      sum_over_places<group>(e + l * size, f, d + l, size, slope.data(), rest.data());
    }
    for (; l < places; ++l) sum_over_places<1>(e + l * size, f, d + l, size, slope.data(), rest.data());
    put(d_query.view.rows(b, 1), d_query.add, Real{4} * flat(v.value()) * flat(slopes));
    const Real total = sum_of(step.d_scores.rows(b, 1));
    add_to(d_v.view, total - Real{2} * flat(rests));
  }
}

/// A query of a step as the pass over all sees it, for one image.
struct StepRow {
  const Real* exponentials;
  const Real* d_scores;
};

/// One row of d_keys for all steps.
template <bool add>
void key_backward(const Real* e, std::span<const StepRow> steps, std::size_t place, const Real* v, std::size_t size,
                  Real* d_key) {
  for_each_chunk(size, [&](std::size_t a, auto last) {
    const Chunk key = load_of(e, a, size, last), weights = Chunk::load(v + a);
    Chunk sum;
    sum.part.fill(Batch(Real{0}));
    for (const StepRow& step : steps) {
      const Chunk query = Chunk::load(step.exponentials + a);
      const Batch d(step.d_scores[place]);
      for (std::size_t i = 0; i < parts; ++i) {
        const Batch r = squashed(key.part[i], query.part[i]);
        sum.part[i] = xsimd::fma(d, xsimd::fnma(r, r, r), sum.part[i]);
      }
    }
    Chunk before;
    if constexpr (add) before = load_of(d_key, a, size, last);
    for (std::size_t i = 0; i < parts; ++i) {
      const Batch d = Batch(Real{4}) * weights.part[i] * sum.part[i];
      sum.part[i] = add ? before.part[i] + d : d;
    }
    store_to(sum, d_key, a, size, last);
  });
}

/// d_keys of all steps.
void keys_backward(const Variable& keys, const Variable& v, const KeySteps& steps) {
  const std::size_t places = keys.shape()[1], size = keys.shape()[2];
  Arena& arena = keys.tape().arena();
  const GradientTarget target = gradient_target(keys);
  const PaddedRow weights(arena, size);
  weights.set(v.value().data());
  const std::span rows(static_cast<StepRow*>(arena.allocate(steps.queries * sizeof(StepRow))), steps.queries);
  for (std::size_t b = 0; b < keys.shape()[0]; ++b) {
    std::size_t next = 0;
    for (const KeyStep* step = steps.first; step != nullptr; step = step->next) {
      const std::size_t each = queries_of_each(keys.value(), step->exponentials);
      for (std::size_t row = b * each; row < (b + 1) * each; ++row) {
        rows[next++] = {step->exponentials.rows(row, 1).data(), step->d_scores.rows(row, 1).data()};
      }
    }
    for (std::size_t l = 0; l < places; ++l) {
      const std::size_t row = (b * places + l) * size;
      (target.add ? key_backward<true> : key_backward<false>)(keys.value().data() + row, rows, l, weights.data(), size,
                                                              target.view.data() + row);
    }
  }
}

}  // namespace

AdditiveKeys::AdditiveKeys(const Variable& annotations, const Variable& weight, const Variable& bias, const Variable& v)
    : v_{v} {
  check_rank("AdditiveKeys", "annotations", annotations.value(), 3);
  check_rank("AdditiveKeys", "weight", weight.value(), 2);
  check_shape("AdditiveKeys", "v", v.value(), {weight.shape()[0]});
  Tape& tape = annotations.tape();
  exponentials_ = ops::affine({{annotations, weight}}, bias);
  exponentiate(exponentials_.value());
  arrived_ = tape.result({1}, {exponentials_});
  steps_ = tape.arena().create<KeySteps>();
  tape.record(arrived_, [keys = exponentials_, v, steps = steps_] { keys_backward(keys, v, *steps); });
}

Variable AdditiveKeys::scores(const Variable& query) const {
  const TensorView& keys = exponentials_.value();
  check_rank("AdditiveKeys::scores", "query", query.value(), 2);
  const std::size_t each = queries_of_each(keys, query.value());
  check_shape("AdditiveKeys::scores", "query", query.value(), {keys.dim(0) * each, keys.dim(2)});
  Tape& tape = query.tape();
  const Variable result = tape.result({keys.dim(0) * each, keys.dim(1)}, {arrived_, query, v_});
  const TensorView queries = exponentials_of(query.value(), tape.arena());
  scores_of(keys, queries, v_.value(), tape.arena(), result.value());
  tape.record(result, [self = *this, query, result, queries, each] {
    auto* step = query.tape().arena().create<KeyStep>(queries, result.grad(), self.steps_->first);
    step_backward(self.exponentials_.value(), query, self.v_, *step);
    if (!self.arrived_.requires_grad()) return;
    self.steps_->first = step;
    self.steps_->queries += each;
    fill(gradient_target(self.arrived_).view, 1);
  });
  return result;
}

}  // namespace saccade::attention
