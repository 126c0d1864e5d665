#include "core/tensor/tensor.hpp"

#include <limits>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("a view names the elements of a tensor", "[tensor]") {
  Tensor x = tensor({2, 3}, {0, 1, 2, 3, 4, 5});
  const TensorView view{x};
  CHECK(view.shape() == Shape{2, 3});
  CHECK(view(1, 2) == 5);
  CHECK(view[3] == 3);
  view(0, 1) = 7;
  CHECK(x(0, 1) == 7);
  CHECK(view.span().size() == 6);
  CHECK_FALSE(view.empty());
  CHECK(TensorView{}.empty());
}

TEST_CASE("a view is reshaped in place", "[tensor]") {
  Tensor x = tensor({2, 3}, {0, 1, 2, 3, 4, 5});
  const TensorView tall = TensorView{x}.reshaped({3, 2});
  CHECK(tall(2, 0) == 4);
  CHECK(tall.data() == x.data());
  CHECK(has(message_of<ShapeError>([&] {
              (void)TensorView{x}.reshaped({4, 2});
            }),
            "expected 6 elements, got shape [4, 2]"));
}

TEST_CASE("rows are a range of the leading axis", "[tensor]") {
  Tensor x = randn({4, 2, 3}, 1);
  const TensorView rows = TensorView{x}.rows(1, 2);
  CHECK(rows.shape() == Shape{2, 2, 3});
  CHECK(rows.data() == x.data() + 6);
  CHECK(TensorView{x}.rows(4, 0).size() == 0);
  CHECK(has(message_of<ShapeError>([&] { (void)TensorView{x}.rows(3, 2); }), "TensorView::rows: expected rows within"));
  CHECK_THROWS_AS(TensorView{x}.rows(std::numeric_limits<std::size_t>::max(), 2), ShapeError);
  Real number = 0;
  CHECK_THROWS_AS((TensorView{&number, {}}.rows(0, 1)), ShapeError);
}

TEST_CASE("expressions are evaluated into views", "[tensor]") {
  Tensor x = tensor({2, 2}, {1, 2, 3, 4});
  Tensor y = zeros({2, 2});
  assign(y, Real{2} * flat(x));
  CHECK(close(y, tensor({2, 2}, {2, 4, 6, 8})));
  add_to(y, flat(x));
  CHECK(close(y, tensor({2, 2}, {3, 6, 9, 12})));
  assign(y, flat(y) * flat(y));
  CHECK(close(y, tensor({2, 2}, {9, 36, 81, 144})));
  CHECK(matrix(y)(1, 0) == 81);
}

TEST_CASE("tensors are filled, copied and cleared", "[tensor]") {
  Tensor x = randn({3, 5}, 2);
  Tensor y = zeros({15});
  copy(x, y);
  CHECK(close(TensorView{y}.reshaped({3, 5}), x, 0));
  CHECK(close(y, to_tensor(y), 0));
  fill(y, 3);
  CHECK(y(14) == 3);
  CHECK(x(2, 4) != 3);
  CHECK(close(x, to_tensor(x), 0));
  CHECK(xt::sum(zeros({4, 4}))() == 0);
  Tensor other = zeros({14});
  CHECK(message_of<ShapeError>([&] { copy(x, other); }) == "copy: expected shape [14], got [3, 5]");
}

TEST_CASE("the comparison of the tests sees what is wrong", "[support]") {
  const Real nan = std::numeric_limits<Real>::quiet_NaN();
  Tensor x = tensor({2}, {1, 2});
  CHECK(close(x, tensor({2}, {1, 2.001}), 1e-2));
  CHECK_FALSE(close(x, tensor({2}, {1, 2.001}), 1e-4));
  CHECK_FALSE(close(x, tensor({2, 1}, {1, 2})));
  CHECK_FALSE(close(x, tensor({2}, {1, nan}), 1e9));
  CHECK(has(close(x, tensor({2}, {1, 3})).worst, "element 1: 2, expected 3"));
  CHECK_FALSE(all_finite(TensorView{x = tensor({2}, {1, nan})}));
}

}  // namespace
}  // namespace saccade
