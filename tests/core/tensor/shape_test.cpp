#include "core/tensor/shape.hpp"

#include <vector>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"

namespace saccade {
namespace {

using tests::has;
using tests::message_of;

TEST_CASE("a shape knows its extents", "[tensor]") {
  const Shape shape{64, 28, 1};
  CHECK(shape.rank() == 3);
  CHECK(shape[1] == 28);
  CHECK(shape.size() == 64 * 28);
  CHECK(Shape{}.rank() == 0);
  CHECK(Shape{}.size() == 1);
  CHECK(Shape{3, 0, 2}.size() == 0);
  CHECK(std::vector<std::size_t>(shape.begin(), shape.end()) == std::vector<std::size_t>{64, 28, 1});
}

TEST_CASE("shapes are equal in rank and extents", "[tensor]") {
  CHECK(Shape{2, 3} == Shape{2, 3});
  CHECK(Shape{2, 3} != Shape{3, 2});
  CHECK(Shape{2} != Shape{2, 1});
  CHECK(Shape{} != Shape{0});
}

TEST_CASE("a shape gains and loses its first axis", "[tensor]") {
  CHECK(Shape{2, 3}.prepended(5) == Shape{5, 2, 3});
  CHECK(Shape{}.prepended(5) == Shape{5});
  CHECK(Shape{5, 2, 3}.without_first() == Shape{2, 3});
  CHECK(Shape{5}.without_first() == Shape{});
}

TEST_CASE("a shape reads as a list", "[tensor]") {
  CHECK(to_string(Shape{64, 28, 28, 1}) == "[64, 28, 28, 1]");
  CHECK(to_string(Shape{}) == "[]");
}

TEST_CASE("a shape has at most six axes", "[tensor]") {
  CHECK(Shape{1, 2, 3, 4, 5, 6}.size() == 720);
  CHECK(message_of<ShapeError>([] { Shape{1, 1, 1, 1, 1, 1, 1}; }) == "Shape: expected at most 6 axes, got 7");
  CHECK(has(message_of<ShapeError>([] { (void)Shape{1, 2, 3, 4, 5, 6}.prepended(7); }), "at most 6 axes"));
  CHECK(has(message_of<ShapeError>([] { (void)Shape{}.without_first(); }), "Shape::without_first"));
}

}  // namespace
}  // namespace saccade
