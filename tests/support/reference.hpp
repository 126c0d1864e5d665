#pragma once

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "core/autograd/parameters.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/farthest.hpp"

/// Numbers of other programs, from tests/reference.
namespace saccade::tests {

using Json = nlohmann::json;

inline Json read_reference(const std::string& file) {
  return Json::parse(std::ifstream(SACCADE_SOURCE_DIR "/tests/reference/" + file));
}

/// Sets every parameter, by name.
inline void load(ParameterStore& store, const Json& values) {
  REQUIRE(values.size() == store.size());
  for (const auto& [name, numbers] : values.items()) {
    const TensorView value = store.value(store.find(name));
    REQUIRE(numbers.size() == value.size());
    for (std::size_t i = 0; i < value.size(); ++i) value[i] = numbers[i];
  }
}

/// The greatest difference of a flat array from the numbers of every parameter, relative to 1 + the number.
inline double distance(const ParameterStore& store, const TensorView& all, const Json& expected) {
  Farthest farthest;
  for (const auto& [name, numbers] : expected.items()) {
    const TensorView part = store.slice(all, store.find(name));
    for (std::size_t i = 0; i < part.size(); ++i) {
      const double wanted = numbers[i];
      farthest.add((part[i] - wanted) / (1 + std::abs(wanted)));
    }
  }
  return farthest.distance();
}

}  // namespace saccade::tests
