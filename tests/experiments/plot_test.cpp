#include "experiments/plot.hpp"

#include <cmath>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"

using namespace saccade;
using namespace saccade::experiments;
using tests::has;
using tests::message_of;

TEST_CASE("a linear axis has ticks around what it shows", "[plot]") {
  CHECK(linear_ticks(0, 10) == std::vector<double>{0, 2, 4, 6, 8, 10});
  const std::vector<double> ticks = linear_ticks(-0.7, 1.9);
  REQUIRE(ticks.size() == 4);
  CHECK((ticks.front() == -1 && ticks[1] == 0 && ticks.back() == 2));
  CHECK(linear_ticks(3, 3).size() > 1);
  CHECK_THROWS_AS(static_cast<void>(linear_ticks(1, 0)), ArgumentError);
  CHECK_THROWS_AS(static_cast<void>(linear_ticks(0, INFINITY)), ArgumentError);
}

TEST_CASE("a logarithmic axis has ticks of 1, 2 and 5 around its numbers", "[plot]") {
  CHECK(log_ticks(0.7, 42.85) == std::vector<double>{0.5, 1, 2, 5, 10, 20, 50});
  CHECK(log_ticks(1, 10) == std::vector<double>{1, 2, 5, 10});
  CHECK(log_ticks(3, 3) == std::vector<double>{2, 5});
  CHECK(log_ticks(2, 2) == std::vector<double>{2, 5});
  CHECK(has(message_of<ArgumentError>([] { (void)log_ticks(0, 1); }), "0 < low"));
}

TEST_CASE("axes map their ticks onto the page", "[plot]") {
  const Axis linear = Axis::linear({0, 10}, 100, 200);
  CHECK(linear.at(0) == Approx(100));
  CHECK(linear.at(2.5) == Approx(125));
  const Axis logarithmic = Axis::logarithmic({1, 10}, 300, 100);
  CHECK(logarithmic.at(10) == Approx(100));
  CHECK(logarithmic.at(std::sqrt(10.0)) == Approx(200));
  CHECK(logarithmic.at(0.5) == Approx(300));  // beyond its end
  CHECK(logarithmic.at(-1) == Approx(300));
  CHECK(Axis::logarithmic({}, 0, 1).ticks() == std::vector<double>{1, 2, 5, 10});
  CHECK(Axis::with_ticks({4, 6, 8}, 0, 1).at(6) == Approx(0.5));
  CHECK_THROWS_AS(static_cast<void>(Axis::with_ticks({4}, 0, 1)), ArgumentError);
}

TEST_CASE("what is published is grey, what was run has hues", "[plot]") {
  const std::vector<ChartSeries> series{{"v1", true}, {"ours", false}, {"v2", true}, {"more", false}};
  CHECK(series_colour(series, 1) == hue(0));
  CHECK(series_colour(series, 3) == hue(1));
  CHECK(series_colour(series, 0) != series_colour(series, 2));
}
