#include "core/attention/retina.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "core/errors.hpp"
#include "core/ops/add.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade::attention {
namespace {

using namespace tests;

Tensor glimpse(Tensor images, Tensor locations, const RetinaGeometry& geometry) {
  Recording on(Tape::Mode::infer);
  return to_tensor(retina(on.constant(std::move(images)), on.keep(std::move(locations)), geometry).value());
}

/// The part of pixel p that lies in [low, high).
double overlap(double low, double high, std::ptrdiff_t p) {
  return std::max(0.0, std::min(high, double(p + 1)) - std::max(low, double(p)));
}

/// Mean of the square of side `width` with its corner at (left, top), pixel by pixel.
double naive_cell(const Tensor& images, std::size_t b, std::size_t c, double left, double top, double width,
                  double background) {
  const auto height = static_cast<std::ptrdiff_t>(images.shape(1)), wide = static_cast<std::ptrdiff_t>(images.shape(2));
  double total = 0;
  for (auto y = std::ptrdiff_t(std::floor(top)); double(y) < top + width; ++y) {
    for (auto x = std::ptrdiff_t(std::floor(left)); double(x) < left + width; ++x) {
      const bool inside = y >= 0 && y < height && x >= 0 && x < wide;
      const double value = inside ? double{images(b, std::size_t(y), std::size_t(x), c)} : background;
      total += overlap(left, left + width, x) * overlap(top, top + width, y) * value;
    }
  }
  return total / (width * width);
}

/// By the definition: the centre of the finest patch, which is snapped, is the centre of all.
Tensor naive(const Tensor& images, const Tensor& locations, const RetinaGeometry& g) {
  Tensor result = zeros({images.shape(0), g.scales, g.size, g.size, images.shape(3)});
  for (std::size_t i = 0; i < result.size(); ++i) {
    const std::size_t channels = images.shape(3), c = i % channels, column = i / channels % g.size;
    const std::size_t row = i / (channels * g.size) % g.size, s = i / (channels * g.size * g.size) % g.scales;
    const std::size_t b = i / (channels * g.size * g.size * g.scales);
    const double width = std::pow(2.0, double(s)), half = double(g.size) / 2;
    const auto start = [&](std::size_t axis, std::size_t extent) {
      const double centre = (double{locations(b, axis)} + 1) / 2 * double(extent);
      return std::floor(centre - half + 0.5) + half - half * width;
    };
    const double left = start(0, images.shape(2)) + double(column) * width;
    const double top = start(1, images.shape(1)) + double(row) * width;
    result.flat(i) = static_cast<Real>(naive_cell(images, b, c, left, top, width, double{g.background}));
  }
  return result;
}

TEST_CASE("glimpses are exact means of areas", "[retina]") {
  for (const Shape& shape : {Shape{3, 9, 7, 1}, Shape{3, 4, 11, 2}, Shape{3, 1, 1, 3}}) {
    for (const std::size_t size : {1UL, 2UL, 3UL, 5UL, 8UL}) {
      for (const std::size_t scales : {1UL, 2UL, 4UL}) {
        CAPTURE(to_string(shape), size, scales);
        const Tensor images = uniform(shape, 0, 1, 1);
        const Tensor locations = uniform({3, 2}, -1, 1, size);
        const RetinaGeometry geometry{size, scales, Real{0.25}};
        Tensor found = glimpse(images, locations, geometry);
        CHECK(close(found, naive(images, locations, geometry)));
      }
    }
  }
}

TEST_CASE("glimpses at the corners and edges are exact means of areas", "[retina]") {
  const Tensor images = uniform({9, 6, 5, 2}, 0, 1, 1);
  const Tensor locations = tensor({9, 2}, {-1, -1, 0, -1, 1, -1, -1, 0, 0, 0, 1, 0, -1, 1, 0, 1, 1, 1});
  for (const std::size_t size : {2UL, 3UL}) {
    const RetinaGeometry geometry{size, 3, -1};
    Tensor found = glimpse(images, locations, geometry);
    CHECK(close(found, naive(images, locations, geometry)));
  }
}

TEST_CASE("all scales have one centre", "[retina]") {
  Tensor ramp = zeros({1, 40, 50, 1});
  for (std::size_t y = 0; y < 40; ++y) {
    for (std::size_t x = 0; x < 50; ++x) ramp(0, y, x, 0) = static_cast<Real>(3 * double(x) - 2 * double(y));
  }
  for (const std::size_t size : {3UL, 4UL}) {
    Tensor found = glimpse(ramp, tensor({1, 2}, {0.1, -0.2}), {size, 3, 0});
    const TensorView patches = TensorView{found}.reshaped({3, size * size});
    const auto mean = [&](std::size_t s) {
      const TensorView patch = patches.rows(s, 1);
      return std::accumulate(patch.begin(), patch.end(), 0.0) / double(size * size);
    };
    CHECK(std::abs(mean(1) - mean(0)) < 100 * rounding);
    CHECK(std::abs(mean(2) - mean(0)) < 100 * rounding);
  }
}

TEST_CASE("a bright pixel is found at x, then y", "[retina]") {
  Tensor image = zeros({1, 8, 12, 1});
  image(0, 2, 9, 0) = 1;
  const double x = 2 * 9.5 / 12 - 1, y = 2 * 2.5 / 8 - 1;
  Tensor found = glimpse(image, tensor({1, 2}, {x, y}), {3, 1, 0});
  CHECK(close(found, tensor({1, 1, 3, 3, 1}, {0, 0, 0, 0, 1, 0, 0, 0, 0}), 0));
  Tensor swapped = glimpse(image, tensor({1, 2}, {y, x}), {3, 1, 0});
  CHECK(close(swapped, zeros({1, 1, 3, 3, 1}), 0));
}

TEST_CASE("a glimpse keeps left, right, top and bottom", "[retina]") {
  Tensor image = tensor({1, 2, 2, 1}, {1, 2, 3, 4});
  Tensor found = glimpse(image, zeros({1, 2}), {2, 1, 0});
  CHECK(close(found, tensor({1, 1, 2, 2, 1}, {1, 2, 3, 4}), 0));
}

TEST_CASE("minus one is the near edge of the image and one the far edge", "[retina]") {
  CHECK(first_pixel(-1, 28, 8) == -4);
  CHECK(first_pixel(0, 28, 8) == 10);
  CHECK(first_pixel(1, 28, 8) == 24);
  CHECK(first_pixel(-1, 7, 3) == -1);
  CHECK(first_pixel(0, 7, 3) == 2);
  CHECK(first_pixel(1, 28, 56) == 0);
}

TEST_CASE("half of a patch at the edge shows the background", "[retina]") {
  Tensor image = zeros({2, 6, 6, 1});
  image.fill(1);
  Tensor found = glimpse(image, tensor({2, 2}, {-1, 0, 0, 1}), {2, 1, -3});
  CHECK(close(found, tensor({2, 1, 2, 2, 1}, {-3, 1, -3, 1, 1, 1, -3, -3}), 0));
}

TEST_CASE("every pixel can be reached", "[retina]") {
  for (const std::size_t size : {1UL, 4UL, 5UL}) {
    std::vector<bool> seen(7);
    for (int step = 0; step <= 1000; ++step) {
      const auto first = first_pixel(static_cast<Real>(step) / 500 - 1, 7, size);
      for (auto p = first; p < first + static_cast<std::ptrdiff_t>(size); ++p) {
        if (p >= 0 && p < 7) seen[static_cast<std::size_t>(p)] = true;
      }
    }
    CHECK(std::count(seen.begin(), seen.end(), true) == 7);
  }
}

TEST_CASE("a constant image stays constant where the patches are inside", "[retina]") {
  Tensor image = zeros({1, 33, 33, 2});
  image.fill(Real{0.75});
  for (const std::size_t size : {3UL, 4UL}) {
    Tensor expected = zeros({1, 3, size, size, 2});
    expected.fill(Real{0.75});
    Tensor found = glimpse(image, tensor({1, 2}, {0.05, -0.05}), {size, 3, 100});
    CHECK(close(found, expected));
  }
}

TEST_CASE("an image in its background is all that a wide patch shows", "[retina]") {
  Tensor image = zeros({1, 2, 2, 1});
  image.fill(1);
  Tensor found = glimpse(image, zeros({1, 2}), {2, 4, 0});
  for (std::size_t s = 0; s < 4; ++s) {
    const double share = std::pow(0.25, double(s));
    const TensorView patch = TensorView{found}.reshaped({4, 4}).rows(s, 1);
    CHECK(close(patch, tensor({1, 4}, {share, share, share, share})));
  }
}

TEST_CASE("no images give no glimpses", "[retina]") {
  CHECK(glimpse(zeros({0, 5, 5, 1}), zeros({0, 2}), {3, 2, 0}).size() == 0);
}

std::string error(Tensor images, Tensor locations, const RetinaGeometry& geometry) {
  return message_of<Error>([&] { (void)glimpse(images, locations, geometry); });
}

TEST_CASE("the retina refuses what does not fit", "[retina]") {
  const Tensor images = zeros({1, 5, 5, 1});
  const Tensor centre = zeros({1, 2});
  CHECK(has(error(images, centre, {0, 1, 0}), "retina: size must be at least 1, got 0"));
  CHECK(has(error(images, centre, {3, 0, 0}), "retina: scales must be in 1..16, got 0"));
  CHECK(has(error(images, centre, {3, 17, 0}), "retina: scales must be in 1..16, got 17"));
  CHECK(has(error(images, tensor({1, 2}, {0, 1.5}), {3, 1, 0}), "in [-1, 1], got 1.5"));
  CHECK(has(error(images, tensor({1, 2}, {std::nan(""), 0}), {3, 1, 0}), "in [-1, 1], got nan"));
  CHECK(has(error(zeros({1, 5, 5}), centre, {3, 1, 0}), "retina: images"));
  CHECK(has(error(images, zeros({2, 2}), {3, 1, 0}), "retina: locations"));
  CHECK(has(error(images, zeros({1, 3}), {3, 1, 0}), "retina: locations"));
  CHECK(has(error(zeros({1, 0, 5, 1}), centre, {3, 1, 0}), "retina: images must have pixels"));
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of the retina", "[grad]") {
  Tensor locations = uniform({2, 2}, -1, 1, 1);
  for (const std::size_t size : {1UL, 2UL, 3UL}) {
    for (const std::size_t scales : {1UL, 3UL}) {
      const auto op = [&](Tape&, auto& in) { return retina(in[0], locations, {size, scales, 0.5}); };
      CHECK(check_grad(op, {randn({2, 4, 5, 2}, 1)}));
    }
  }
}

TEST_CASE("gradients of several glimpses add up", "[grad]") {
  Tensor here = uniform({2, 2}, -1, 1, 1);
  Tensor there = uniform({2, 2}, -1, 1, 2);
  const auto op = [&](Tape&, auto& in) {
    return ops::add(retina(in[0], here, {2, 2, 0}), retina(in[0], there, {2, 2, 0}));
  };
  CHECK(check_grad(op, {randn({2, 4, 5, 1}, 1)}));
}
#endif

}  // namespace
}  // namespace saccade::attention
