#include "core/rl/beam_search.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/errors.hpp"
#include "core/random/stream.hpp"
#include "tests/support/catch.hpp"

namespace saccade::rl {
namespace {

constexpr std::int32_t end = 0;
constexpr std::size_t words = 3;

/// A language whose next word depends on all words before: a distribution drawn for each prefix.
std::array<double, words> next_word(const Actions& prefix, std::uint64_t language) {
  std::uint64_t number = language;
  for (const std::int32_t word : prefix) number = number * 10 + static_cast<std::uint64_t>(word);
  random::Stream stream(3, random::Purpose("test language"), 0, number * 10 + prefix.size());
  std::array<double, words> p{};
  double total = 0;
  for (double& x : p) total += x = stream.uniform(0.05, 1);
  for (double& x : p) x = std::log(x / total);
  return p;
}

struct Found {
  Actions actions;
  double score = -std::numeric_limits<double>::infinity();
};

/// The best of all sequences of at most `steps` actions that end.
void try_all(const Actions& prefix, double log_prob, std::uint64_t language, const BeamConfig& config, Found& best) {
  const std::array<double, words> next = next_word(prefix, language);
  const auto length = static_cast<double>(prefix.size() + 1);
  const double score = (log_prob + next[end]) / std::pow(length, config.length_power);
  if (score > best.score) best = {prefix, score};
  if (prefix.size() + 1 == config.max_steps) return;
  for (std::int32_t word = 1; word < static_cast<std::int32_t>(words); ++word) {
    Actions longer = prefix;
    longer.push_back(word);
    try_all(longer, log_prob + next[static_cast<std::size_t>(word)], language, config, best);
  }
}

Tensor log_probs_of(const std::vector<Actions>& prefixes, const BeamConfig& config) {
  Tensor log_probs = zeros({prefixes.size(), words});
  for (std::size_t row = 0; row < prefixes.size(); ++row) {
    const std::array<double, words> next = next_word(prefixes[row], row / config.width);
    for (std::size_t a = 0; a < words; ++a) log_probs(row, a) = static_cast<Real>(next[a]);
  }
  return log_probs;
}

/// What a model would do: prefixes follow their parents.
std::vector<Actions> continued(const std::vector<Actions>& prefixes, const BeamSearch& beam) {
  std::vector<Actions> next;
  for (std::size_t row = 0; row < prefixes.size(); ++row) {
    next.push_back(prefixes[static_cast<std::size_t>(beam.parents()[row])]);
    next.back().push_back(beam.actions()[row]);
  }
  return next;
}

std::vector<Actions> search(std::size_t episodes, const BeamConfig& config) {
  BeamSearch beam(episodes, config);
  std::vector<Actions> prefixes(episodes * config.width);
  while (!beam.done()) {
    Tensor log_probs = log_probs_of(prefixes, config);
    beam.advance(log_probs);
    prefixes = continued(prefixes, beam);
  }
  std::vector<Actions> best;
  for (std::size_t e = 0; e < episodes; ++e) best.push_back(beam.best(e));
  return best;
}

TEST_CASE("a beam as wide as all sequences finds the best one", "[rl]") {
  for (const double power : {0.0, 1.0}) {
    const BeamConfig config{64, end, power, 5};
    const std::vector<Actions> found = search(8, config);
    for (std::size_t e = 0; e < found.size(); ++e) {
      Found best;
      try_all({}, 0, e, config, best);
      CHECK(found[e] == best.actions);
    }
  }
}

TEST_CASE("a beam of one is greedy", "[rl]") {
  const BeamConfig config{1, end, 1, 6};
  const std::vector<Actions> found = search(20, config);
  for (std::size_t e = 0; e < found.size(); ++e) {
    Actions greedy;
    while (greedy.size() < config.max_steps) {
      const std::array<double, words> next = next_word(greedy, e);
      const auto word = static_cast<std::int32_t>(std::max_element(next.begin(), next.end()) - next.begin());
      if (word == end) break;
      greedy.push_back(word);
    }
    CHECK(found[e] == greedy);
  }
}

TEST_CASE("the rows of an answer are those of its hypothesis at each step", "[rl]") {
  const BeamConfig config{3, end, 1, 6};
  constexpr std::size_t episodes = 12;
  BeamSearch beam(episodes, config);
  std::vector<Actions> prefixes(episodes * config.width);
  std::vector<std::vector<Actions>> at;  // the sequence so far in each row, before each step
  while (!beam.done()) {
    at.push_back(prefixes);
    Tensor log_probs = log_probs_of(prefixes, config);
    beam.advance(log_probs);
    prefixes = continued(prefixes, beam);
  }
  for (std::size_t e = 0; e < episodes; ++e) {
    const Actions& best = beam.best(e);
    const std::vector<std::size_t>& rows = beam.best_rows(e);
    REQUIRE((rows.size() == best.size() + 1 || (rows.size() == best.size() && best.size() == config.max_steps)));
    for (std::size_t t = 0; t < rows.size(); ++t) {
      CHECK(rows[t] / config.width == e);
      CHECK(at[t][rows[t]] == Actions(best.begin(), best.begin() + static_cast<std::ptrdiff_t>(t)));
    }
  }
}

TEST_CASE("where no sequence ends the best open one is the answer", "[rl]") {
  BeamSearch beam(1, {2, end, 1, 3});
  Tensor log_probs = zeros({2, words});
  for (std::size_t row = 0; row < 2; ++row) {
    log_probs(row, 0) = -std::numeric_limits<Real>::infinity();
    log_probs(row, 1) = std::log(Real{0.25});
    log_probs(row, 2) = std::log(Real{0.75});
  }
  std::size_t steps = 0;
  for (; !beam.done(); ++steps) beam.advance(log_probs);
  CHECK(steps == 3);
  CHECK(beam.best(0) == Actions{2, 2, 2});
}

TEST_CASE("a beam refuses what is no distribution and the wrong number of rows", "[rl]") {
  CHECK_THROWS_AS(BeamSearch(1, {0, end, 1, 3}), ArgumentError);
  CHECK_THROWS_AS(BeamSearch(1, {1, end, 1, 0}), ArgumentError);
  BeamSearch beam(1, {2, end, 1, 3});
  Tensor three = zeros({3, words});
  CHECK_THROWS_AS(beam.advance(three), ShapeError);
  Tensor nothing = zeros({2, words}), spoilt = zeros({2, words});
  fill(nothing, -std::numeric_limits<Real>::infinity());
  CHECK_THROWS_AS(beam.advance(nothing), NonFiniteError);
  spoilt(0, words - 1) = std::numeric_limits<Real>::quiet_NaN();
  CHECK_THROWS_AS(beam.advance(spoilt), NonFiniteError);
}

}  // namespace
}  // namespace saccade::rl
