#include "core/parallel/workers.hpp"

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/skip.hpp"

namespace saccade::parallel {
namespace {

TEST_CASE("for_each calls every index once, on any number of threads", "[parallel]") {
  for (const std::size_t threads : {1UL, 2UL, 3UL, 7UL}) {
    Workers workers(threads);
    CHECK(workers.threads() == threads);
    for (const std::size_t count : {0UL, 1UL, 2UL, 1000UL}) {
      std::vector<std::atomic<int>> calls(count);
      workers.for_each(count, [&](std::size_t i) { ++calls[i]; });
      CHECK(std::all_of(calls.begin(), calls.end(), [](const auto& n) { return n == 1; }));
    }
  }
}

TEST_CASE("for_ranges covers all items in ranges of the grain", "[parallel]") {
  for (const std::size_t threads : {1UL, 3UL}) {
    Workers workers(threads);
    std::vector<std::atomic<int>> calls(25);
    std::atomic<int> short_ranges = 0;
    workers.for_ranges(25, 10, [&](std::size_t begin, std::size_t end) {
      if (begin % 10 != 0 || end - begin != 10) ++short_ranges;
      for (std::size_t i = begin; i < end; ++i) ++calls[i];
    });
    CHECK(std::all_of(calls.begin(), calls.end(), [](const auto& n) { return n == 1; }));
    CHECK(short_ranges == 1);
    workers.for_ranges(0, 10, [](std::size_t, std::size_t) { FAIL("called for nothing"); });
  }
}

TEST_CASE("an exception of a worker arrives", "[parallel]") {
  for (const std::size_t threads : {1UL, 2UL, 3UL}) {
    Workers workers(threads);
    const auto fail = [](std::size_t i) {
      if (i == 5) throw std::runtime_error("number five");
    };
    CHECK_THROWS_WITH(workers.for_each(10, fail), "number five");
    std::atomic<int> calls = 0;
    workers.for_each(10, [&](std::size_t) { ++calls; });
    CHECK(calls == 10);
  }
}

TEST_CASE("workers take numbers too small to be normal for 0, and their caller does not", "[parallel]") {
#if !defined(__SSE__)
  if (tests::skipped("only CPUs of x86 do")) return;
#endif
  const volatile float small = 1e-39F;
  for (const std::size_t threads : {1UL, 3UL}) {
    Workers workers(threads);
    std::vector<float> sums(64, 1);
    workers.for_each(sums.size(), [&](std::size_t i) { sums[i] = small + small; });
    CHECK(std::all_of(sums.begin(), sums.end(), [](float sum) { return sum == 0; }));
    CHECK(small + small > 0);
  }
}

TEST_CASE("no number of threads means one a core", "[parallel]") { CHECK(Workers().threads() >= 1); }

}  // namespace
}  // namespace saccade::parallel
