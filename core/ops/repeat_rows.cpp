#include "core/ops/repeat_rows.hpp"

#include "core/errors.hpp"
#include "core/tensor/checks.hpp"

namespace saccade::ops {

Variable repeat_rows(const Variable& x, std::size_t times) {
  check_rank("repeat_rows", "x", x.value(), 2);
  if (times == 0) throw ArgumentError("repeat_rows: times must be at least 1");
  const Variable y = x.tape().result({x.shape()[0] * times, x.shape()[1]}, {x});
  for (std::size_t i = 0; i < y.shape()[0]; ++i) copy(x.value().rows(i / times, 1), y.value().rows(i, 1));
  x.tape().record(y, [x, y, times] {
    const GradientTarget target = gradient_target(x);
    if (!target.add) fill(target.view, 0);
    for (std::size_t i = 0; i < y.shape()[0]; ++i) {
      add_to(target.view.rows(i / times, 1), flat(y.grad().rows(i, 1)));
    }
  });
  return y;
}

}  // namespace saccade::ops
