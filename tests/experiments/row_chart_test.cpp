#include "experiments/row_chart.hpp"

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"

using namespace saccade;
using namespace saccade::experiments;
using tests::has;
using tests::message_of;

TEST_CASE("a logarithmic axis has ticks of 1, 2 and 5 around its numbers", "[row_chart]") {
  CHECK(log_ticks(0.7, 42.85) == std::vector<double>{0.5, 1, 2, 5, 10, 20, 50});
  CHECK(log_ticks(1, 10) == std::vector<double>{1, 2, 5, 10});
  CHECK(log_ticks(3, 3) == std::vector<double>{2, 5});
  CHECK(log_ticks(2, 2) == std::vector<double>{2, 5});
  CHECK(has(message_of<ArgumentError>([] { (void)log_ticks(0, 1); }), "0 < low"));
}

TEST_CASE("a chart is a picture", "[row_chart]") {
  RowChart chart{"Errors", "%", {{"paper", true}, {"ours", false}}, {{"a", {{0, 1.3, 0}, {1, 1.1, 0.2}}}, {"b", {}}}};
  CHECK(draw_row_chart(chart).starts_with("\x89PNG"));
  chart.rows[0].marks = {{0, 0, 0}};
  CHECK(draw_row_chart(chart).starts_with("\x89PNG"));
  chart.rows[0].marks = {{2, 1, 0}};
  CHECK(has(message_of<ArgumentError>([&] { (void)draw_row_chart(chart); }), "names no series"));
}
