#include "experiments/attention_statistics.hpp"

#include <array>
#include <cmath>

#include "tests/support/catch.hpp"

namespace saccade::experiments {
namespace {

/// The first action speaks of the left half of the image, others of nothing.
class LeftHalf final : public rl::Judge {
 public:
  [[nodiscard]] std::size_t statistic_count() const override { return 0; }
  [[nodiscard]] std::vector<double> statistics(rl::Split, std::span<const rl::Actions>) const override { return {}; }
  [[nodiscard]] rl::Report report(std::span<const double>, std::size_t) const override { return {}; }
  [[nodiscard]] bool right(rl::Split, std::uint64_t, const rl::Actions&) const override { return true; }
  [[nodiscard]] std::string text(const rl::Actions&) const override { return {}; }
  [[nodiscard]] std::vector<rl::Box> parts(rl::Split, std::uint64_t, const rl::Actions&,
                                           std::size_t step) const override {
    if (step > 0) return {};
    return {{0, 0, 0.5, 1}};
  }
};

Tensor row(std::initializer_list<Real> values) {
  Tensor tensor = zeros({1, values.size()});
  std::copy(values.begin(), values.end(), TensorView{tensor}.span().begin());
  return tensor;
}

TEST_CASE("attention is counted up to the action that ends an episode", "[evaluate]") {
  Tensor left = row({1, 0, 0, 0});
  Tensor even = row({0.25, 0.25, 0.25, 0.25});
  const std::vector<rl::Reading> readings{{left, {}, 2, 2}, {even, {}, 2, 2}, {left, {}, 2, 2}};
  const LeftHalf judge;
  const AttentionSums sums =
      attention_sums(readings, std::array<std::size_t, 2>{0, 0}, {5}, &judge, rl::Split::test, 0);
  CHECK(sums.readings == 2);
  CHECK(sums.entropy == Approx(std::log(4.0)));
  CHECK(sums.uniform_entropy == Approx(2 * std::log(4.0)));
  CHECK(sums.places_read == 8);
  CHECK(sums.moves == 1);
  CHECK(sums.shift == Approx(0.75));
  CHECK(sums.distance == Approx(std::sqrt(2 * 0.25 * 0.25)));  // from the middle of a quarter to that of the image
  CHECK(sums.words == 1);
  CHECK(sums.pointed == 1);
  CHECK(sums.chance == Approx(0.5));
}

TEST_CASE("the place that was read counts, not the likeliest one", "[evaluate]") {
  Tensor left = row({0.9, 0.1});
  const std::vector<std::int32_t> right{1};
  const LeftHalf judge;
  const std::vector<rl::Reading> readings{{left, right, 1, 2}};
  const AttentionSums sums =
      attention_sums(readings, std::array<std::size_t, 2>{0, 0}, {5}, &judge, rl::Split::test, 0);
  CHECK(sums.pointed == 0);
  CHECK(sums.places_read == 1);
}

TEST_CASE("the mean of all places points nowhere", "[evaluate]") {
  Tensor even = row({0.5, 0.5});
  const std::vector<std::int32_t> left{0};
  const LeftHalf judge;
  const auto words = [&](const rl::Reading& reading) {
    const std::vector<rl::Reading> readings{reading};
    return attention_sums(readings, std::array<std::size_t, 1>{0}, {5}, &judge, rl::Split::test, 0).words;
  };
  CHECK(words({even, {}, 1, 2}) == 0);
  CHECK(words({even, left, 1, 2}) == 1);
}

TEST_CASE("attention is that of the rows where an episode stood", "[evaluate]") {
  Tensor weights = zeros({2, 2});  // row 0 looks at the left half, row 1 at both
  weights(0, 0) = 1;
  weights(1, 0) = weights(1, 1) = Real{0.5};
  const std::vector<std::int32_t> places{0, 1};
  const std::vector<rl::Reading> readings{{weights, places, 1, 2}, {weights, places, 1, 2}};
  const LeftHalf judge;
  const auto sums = [&](std::array<std::size_t, 2> rows) {
    return attention_sums(readings, rows, {5}, &judge, rl::Split::test, 0);
  };
  CHECK(entropy_by_step(sums({0, 1}))[0] == 0);
  CHECK(entropy_by_step(sums({0, 1}))[1] == Approx(std::log(2.0)));
  CHECK(sums({0, 1}).pointed == 1);
  CHECK(sums({1, 0}).pointed == 0);
  CHECK(sums({1, 0}).shift == Approx(0.5));
  CHECK(sums({1, 1}).shift == 0);
}

TEST_CASE("attention moves as far as the places that were read lie apart", "[evaluate]") {
  Tensor even = row({0.25, 0.25, 0.25, 0.25});
  const std::vector<std::int32_t> first{0}, beside{1}, last{3};
  const auto distance = [&](std::span<const std::int32_t> a, std::span<const std::int32_t> b) {
    const std::vector<rl::Reading> readings{{even, a, 1, 4}, {even, b, 1, 4}};
    return attention_report(
               attention_sums(readings, std::array<std::size_t, 2>{0, 0}, {5}, nullptr, rl::Split::test, 0))
        .at(4);
  };
  CHECK(distance(first, last) == std::pair<std::string, double>("attention_distance", 0.75));
  CHECK(distance(first, beside).second == 0.25);
  CHECK(distance(first, first).second == 0);
  CHECK(distance({}, last).second == 0.375);
}

TEST_CASE("entropy by step is over the episodes that came so far", "[evaluate]") {
  AttentionSums all, one;
  all.steps = {{1, 2}, {1, 3}};
  one.steps = {{1, 1}};
  all += one;
  CHECK(entropy_by_step(all) == std::vector<double>{1.5, 3});
}

TEST_CASE("without readings there is nothing to report", "[evaluate]") {
  CHECK(attention_report(attention_sums({}, {}, {5}, nullptr, rl::Split::test, 0)).empty());
}

}  // namespace
}  // namespace saccade::experiments
