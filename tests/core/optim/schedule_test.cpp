#include "core/optim/schedule.hpp"

#include <cmath>

#include "tests/support/catch.hpp"

namespace saccade::optim {
namespace {

ScheduleConfig config_of(const std::string& kind) {
  ScheduleConfig config;
  config.kind = kind;
  config.rate = 0.5;
  config.final_rate = 0.125;
  return config;
}

TEST_CASE("a constant learning rate", "[optim]") {
  const Schedule schedule(config_of("constant"));
  CHECK(schedule.rate(0, 0) == 0.5);
  CHECK(schedule.rate(1, 100) == 0.5);
}

TEST_CASE("a linear learning rate ends at its final value", "[optim]") {
  const Schedule schedule(config_of("linear"));
  CHECK(schedule.rate(0, 0) == 0.5);
  CHECK(schedule.rate(0.5, 3) == 0.3125);
  CHECK(schedule.rate(1, 6) == 0.125);
  CHECK(schedule.rate(1.5, 9) == 0.125);
}

TEST_CASE("an exponential learning rate falls by a factor an epoch, to its least", "[optim]") {
  ScheduleConfig config = config_of("exponential");
  config.decay = 0.5;
  const Schedule schedule(config);
  CHECK(schedule.rate(0, 0) == 0.5);
  CHECK(schedule.rate(0.1, 1) == 0.25);
  CHECK(std::abs(schedule.rate(0.1, 0.5) - 0.5 * std::sqrt(0.5)) < 1e-15);
  CHECK(schedule.rate(0.9, 10) == 0.125);
}

TEST_CASE("a plateau lowers the learning rate after its patience", "[optim]") {
  ScheduleConfig config = config_of("plateau");
  config.patience = 2;
  Schedule schedule(config);
  const auto rate_after = [&](double score) {
    schedule.observe(score);
    return schedule.rate(0.5, 1);
  };
  CHECK(rate_after(0.3) == 0.5);
  CHECK(rate_after(0.3) == 0.5);  // no better: waits
  CHECK(rate_after(0.2) == 0.5);  // better: the wait begins anew
  CHECK(rate_after(0.25) == 0.5);
  CHECK(rate_after(0.2) == 0.25);  // two without a better score
  CHECK(rate_after(0.4) == 0.25);
  CHECK(rate_after(0.4) == 0.125);
  CHECK(rate_after(0.4) == 0.125);
  CHECK(rate_after(0.4) == 0.125);  // its least
}

TEST_CASE("a plateau takes no comfort from a score that is not a number", "[optim]") {
  ScheduleConfig config = config_of("plateau");
  config.patience = 1;
  Schedule schedule(config);
  schedule.observe(std::nan(""));
  CHECK(schedule.rate(0, 0) == 0.25);
}

TEST_CASE("a schedule goes on from its state", "[optim]") {
  ScheduleConfig config = config_of("plateau");
  config.patience = 2;
  Schedule first(config);
  for (const double score : {0.3, 0.4, 0.4, 0.4}) first.observe(score);
  Schedule second(config);
  second.set_state(first.state());
  CHECK(second.rate(0, 0) == 0.25);
  second.observe(0.35);
  CHECK(second.rate(0, 0) == 0.125);
}

}  // namespace
}  // namespace saccade::optim
