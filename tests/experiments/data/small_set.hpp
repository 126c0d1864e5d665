#pragma once

#include <string>

#include "core/io/sha256.hpp"
#include "envs/data_sets.hpp"
#include "tests/support/gzip.hpp"

/// A data set of two files that tests can serve.
namespace saccade::tests {

/// Bytes without a pattern that could hide a piece in the wrong place.
inline std::string noise(std::size_t count, unsigned seed) {
  std::string bytes(count, '\0');
  for (char& byte : bytes) {
    seed = seed * 1664525U + 1013904223U;
    byte = static_cast<char>(seed >> 24);
  }
  return bytes;
}

struct SmallSet {
  std::string numbers_expanded = noise(100'000, 1);
  std::string numbers = gzip(numbers_expanded);
  std::string notes = noise(5000, 2);
  envs::DataSet set = describe();

 private:
  [[nodiscard]] envs::DataSet describe() const {
    envs::DataSet described;
    described.name = "small";
    described.files.push_back({"numbers.gz", contents(numbers), contents(numbers_expanded)});
    described.files.push_back({"notes", contents(notes), {}});
    return described;
  }

  static envs::Contents contents(const std::string& bytes) { return {bytes.size(), io::sha256_of(bytes)}; }
};

}  // namespace saccade::tests
