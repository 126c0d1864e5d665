#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/autograd/parameters.hpp"

namespace saccade::nn {

/// Where a module puts its parameters: a store, a dotted prefix for their names, and the seed of their initial values.
/// The initial value of a parameter depends on the seed and its full name alone, so adding a module changes no other.
class Scope {
 public:
  Scope(ParameterStore& store, std::uint64_t seed) : store_{&store}, seed_{seed} {}

  /// The scope of a part: `scope / "core"` prefixes names with "core.".
  [[nodiscard]] Scope operator/(std::string_view part) const;

  /// A parameter drawn from U(-bound, bound).
  [[nodiscard]] Parameter uniform(std::string_view name, const Shape& shape, double bound) const;
  /// A parameter that starts at one value throughout.
  [[nodiscard]] Parameter constant(std::string_view name, const Shape& shape, Real value) const;

  [[nodiscard]] ParameterStore& store() const { return *store_; }

 private:
  [[nodiscard]] std::string full_name(std::string_view name) const { return prefix_ + std::string(name); }

  ParameterStore* store_;
  std::uint64_t seed_;
  std::string prefix_;
};

}  // namespace saccade::nn
