#include "core/ops/matmul.hpp"

#include "core/tensor/checks.hpp"

namespace saccade::ops {

Variable matmul(const Variable& a, const Variable& b) {
  check_rank("matmul", "a", a.value(), 2);
  check_rank("matmul", "b", b.value(), 2);
  check_dim("matmul", "b", b.value(), 0, a.shape()[1]);
  const Variable y = a.tape().result({a.shape()[0], b.shape()[1]}, {a, b});
  gemm(a.value(), Transpose::no, b.value(), Transpose::no, y.value(), 0, y.tape().products());
  a.tape().record(y, [a, b, y] {
    add_grad_product(a, y.grad(), Transpose::no, b.value(), Transpose::yes);
    add_grad_product(b, a.value(), Transpose::yes, y.grad(), Transpose::no);
  });
  return y;
}

}  // namespace saccade::ops
