#include "experiments/bootstrap.hpp"

#include <algorithm>
#include <array>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"

using namespace saccade;
using namespace saccade::experiments;
using namespace saccade::tests;

namespace {

ItemStatistics items(std::vector<double> values) { return {values.size(), 1, std::move(values)}; }

std::vector<double> mean_of(std::span<const double> sums, std::size_t n) { return {sums[0] / static_cast<double>(n)}; }

/// Not a mean over items.
std::vector<double> square_of_mean(std::span<const double> sums, std::size_t n) {
  const double mean = sums[0] / static_cast<double>(n);
  return {mean * mean};
}

/// The differences of all N^N resamples of N = 4 items, each equally likely, sorted.
template <typename Measure>
std::vector<double> all_differences(const ItemStatistics& a, const ItemStatistics& b, const Measure& measure) {
  std::vector<double> all;
  for (std::size_t code = 0; code < 256; ++code) {
    std::array<double, 1> sum_a{}, sum_b{};
    for (std::size_t draw = 0, rest = code; draw < 4; ++draw, rest /= 4) {
      sum_a[0] += a.values[rest % 4];
      sum_b[0] += b.values[rest % 4];
    }
    all.push_back(measure(sum_b, 4)[0] - measure(sum_a, 4)[0]);
  }
  std::sort(all.begin(), all.end());
  return all;
}

double share_at_most(const std::vector<double>& sorted, double value) {
  return static_cast<double>(std::upper_bound(sorted.begin(), sorted.end(), value) - sorted.begin()) /
         static_cast<double>(sorted.size());
}

}  // namespace

TEST_CASE("the bootstrap is the enumeration of all resamples of four items", "[bootstrap]") {
  const ItemStatistics a = items({1, 5, 2, 8});
  const ItemStatistics b = items({2.5, 4.25, 7.125, 8.0625});
  parallel::Workers workers(2);
  for (const MeasuresOf& measure : {MeasuresOf(mean_of), MeasuresOf(square_of_mean)}) {
    const std::vector<double> all = all_differences(a, b, measure);
    const Replicates first = bootstrap({a}, measure, 100000, workers);
    const Replicates second = bootstrap({b}, measure, 100000, workers);
    const ItemInterval interval = difference_interval(first, second, 0);
    // The distribution has steps of 1/256; its 2.5 % and 97.5 % points lie within three standard errors of 100,000
    // draws.
    CHECK(share_at_most(all, interval.low + 1e-9) > 0.025 - 0.0015);
    CHECK(share_at_most(all, interval.low - 1e-9) < 0.025 + 0.0015);
    CHECK(share_at_most(all, interval.high + 1e-9) > 0.975 - 0.0015);
    CHECK(share_at_most(all, interval.high - 1e-9) < 0.975 + 0.0015);
    const double below = share_at_most(all, 0);
    CHECK(interval.share == Approx(2 * std::min(below, 1 - below)).margin(0.006));
  }
}

TEST_CASE("equal runs differ by nothing in any resample", "[bootstrap]") {
  const ItemStatistics a = items({0, 1, 1, 0, 3});
  parallel::Workers workers(1);
  const Replicates first = bootstrap({a}, mean_of, 500, workers);
  CHECK(*std::min_element(first.values.begin(), first.values.end()) <
        *std::max_element(first.values.begin(), first.values.end()));
  const ItemInterval interval = difference_interval(first, bootstrap({a}, mean_of, 500, workers), 0);
  CHECK(interval.low == 0);
  CHECK(interval.high == 0);
  CHECK(interval.share == 1);
  CHECK(interval.contains_zero());
}

TEST_CASE("items are paired: a constant difference has no width", "[bootstrap]") {
  parallel::Workers workers(1);
  const Replicates first = bootstrap({items({0, 4, 16, 2})}, mean_of, 999, workers);
  const Replicates second = bootstrap({items({1, 5, 17, 3})}, mean_of, 999, workers);
  const ItemInterval interval = difference_interval(first, second, 0);
  CHECK(interval.low == Approx(1));
  CHECK(interval.high == Approx(1));
  CHECK(interval.share == Approx(2.0 / 1000));
  CHECK_FALSE(interval.contains_zero());
}

TEST_CASE("runs are resampled jointly and their measures averaged, not their items", "[bootstrap]") {
  parallel::Workers workers(1);
  const ItemStatistics a = items({1, 2, 3, 7});
  const ItemStatistics b = items({7, 0, 1, 3});
  const Replicates both = bootstrap({a, b}, square_of_mean, 100, workers);
  const Replicates alone_a = bootstrap({a}, square_of_mean, 100, workers);
  const Replicates alone_b = bootstrap({b}, square_of_mean, 100, workers);
  for (std::size_t r = 0; r < 100; ++r) {
    CHECK(both.values[r] == Approx((alone_a.values[r] + alone_b.values[r]) / 2));
  }
}

TEST_CASE("threads change no bit of a bootstrap", "[bootstrap]") {
  parallel::Workers three(3);
  parallel::Workers one(1);
  const std::vector<ItemStatistics> runs{items({0.1, 0.2, 0.3, 0.7, 0.9}), items({0.3, 0.5, 0.1, 0.2, 0.4})};
  CHECK(bootstrap(runs, mean_of, 1000, three).values == bootstrap(runs, mean_of, 1000, one).values);
}

TEST_CASE("a bootstrap of what cannot be paired is refused", "[bootstrap][error]") {
  parallel::Workers workers(1);
  const auto of = [&](const std::vector<ItemStatistics>& runs) {
    return message_of<ArgumentError>([&] { static_cast<void>(bootstrap(runs, mean_of, 10, workers)); });
  };
  CHECK(has(of({}), "at least one run"));
  CHECK(has(of({items({})}), "one item"));
  CHECK(has(of({items({1, 2}), items({1, 2, 3})}), "the same items, got 2 and 3"));
  const Replicates first = bootstrap({items({1, 2})}, mean_of, 10, workers);
  const Replicates fewer = bootstrap({items({1, 2})}, mean_of, 9, workers);
  CHECK_THROWS_AS(static_cast<void>(difference_interval(first, fewer, 0)), ArgumentError);
  CHECK_THROWS_AS(static_cast<void>(difference_interval(first, first, 1)), ArgumentError);
}
