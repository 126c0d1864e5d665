#include "experiments/row_chart.hpp"

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"

using namespace saccade;
using namespace saccade::experiments;
using tests::has;
using tests::message_of;

TEST_CASE("a chart is a picture", "[row_chart]") {
  RowChart chart{"Errors", "%", {{"paper", true}, {"ours", false}}, {{"a", {{0, 1.3, 0}, {1, 1.1, 0.2}}}, {"b", {}}}};
  CHECK(draw_row_chart(chart).starts_with("\x89PNG"));
  chart.rows[0].marks = {{0, 0, 0}};
  CHECK(draw_row_chart(chart).starts_with("\x89PNG"));
  chart.logarithmic = false;
  CHECK(draw_row_chart(chart).starts_with("\x89PNG"));
  chart.rows[0].marks = {{2, 1, 0}};
  CHECK(has(message_of<ArgumentError>([&] { (void)draw_row_chart(chart); }), "names no series"));
}
