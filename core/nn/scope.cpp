#include "core/nn/scope.hpp"

#include "core/random/stream.hpp"

namespace saccade::nn {

Scope Scope::operator/(std::string_view part) const {
  Scope inner = *this;
  inner.prefix_ += std::string(part) + ".";
  return inner;
}

Parameter Scope::uniform(std::string_view name, const Shape& shape, double bound) const {
  const Parameter parameter = store_->add(full_name(name), shape);
  random::Stream stream(seed_, random::Purpose("initial " + full_name(name)));
  for (Real& value : store_->value(parameter).span()) value = static_cast<Real>(stream.uniform(-bound, bound));
  return parameter;
}

Parameter Scope::constant(std::string_view name, const Shape& shape, Real value) const {
  const Parameter parameter = store_->add(full_name(name), shape);
  fill(store_->value(parameter), value);
  return parameter;
}

}  // namespace saccade::nn
