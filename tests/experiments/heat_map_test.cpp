#include "experiments/heat_map.hpp"

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"

using namespace saccade;
using namespace saccade::experiments;

TEST_CASE("places are counted in the cells that they fall into", "[heat_map]") {
  const std::vector<Place> places{{-1, -1}, {-0.9, -0.6}, {1, 1}, {0, 0}, {0.99, -1}, {2, 2}};
  CHECK(count_places(places, 2, 4) == std::vector<std::size_t>{2, 1, 0, 0, 0, 1, 0, 2});
}

TEST_CASE("heat maps are a picture", "[heat_map]") {
  CHECK(draw_heat_maps({"Places", 60, 30, {{{0, 0}}, {{0.5, -0.5}, {1, 1}}, {}, {}, {{0, 0}}}}).starts_with("\x89PNG"));
  CHECK(tests::has(tests::message_of<ArgumentError>([] {
                     (void)draw_heat_maps({"none", 1, 1, {}});
                   }),
                   "at least one step"));
}
