#include "core/ops/stop_gradient.hpp"

namespace saccade::ops {

Variable stop_gradient(const Variable& x) { return x.tape().constant(x.value()); }

}  // namespace saccade::ops
