#include "experiments/line_chart.hpp"

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"

using namespace saccade;
using namespace saccade::experiments;
using tests::has;
using tests::message_of;

TEST_CASE("numbers over glimpses are a picture", "[line_chart]") {
  LineChart chart{"Errors", "glimpses", "%", {{"paper", true}, {"ours", false}}, {}, {}};
  CHECK(draw_line_chart(chart).starts_with("\x89PNG"));
  const std::string empty = draw_line_chart(chart);
  chart.points = {{0, 4, 7.1, 0}, {0, 6, 5.9, 0}, {1, 4, 5, 0.5}, {1, 6, 4.5, 6}, {1, 8, 0, 0}};
  chart.levels = {{"convolutional", 8.1, 1}, {"not run", 0}, {"random", 14.4, 0}};
  const std::string drawn = draw_line_chart(chart);
  CHECK(drawn.starts_with("\x89PNG"));
  CHECK(drawn != empty);
  chart.levels.back().series = 1;
  CHECK(draw_line_chart(chart) != drawn);
  chart.levels.back().series = 2;
  CHECK(has(message_of<ArgumentError>([&] { (void)draw_line_chart(chart); }), "names no series"));
  chart.levels.pop_back();
  CHECK(draw_line_chart(chart) != drawn);
  chart.points.push_back({2, 4, 1, 0});
  CHECK(has(message_of<ArgumentError>([&] { (void)draw_line_chart(chart); }), "names no series"));
}
