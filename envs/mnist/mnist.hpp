#pragma once

#include <filesystem>

#include "core/config/fields.hpp"
#include "envs/images.hpp"

namespace saccade::envs {

/// Settings of the world "mnist".
struct MnistConfig {
  std::size_t validation = 10000;

  void describe(config::Fields& fields);
};

/// The MNIST database (LeCun, Cortes, Burges): the four IDX files under their original names, plain or with ".gz", in
/// `folder`. The last `validation` of the 60,000 training images are the validation split; the rest trains.
///
/// Files with other contents than the published ones are read, and noted.
///
/// @throws IoError  naming the file that is missing, truncated, corrupt, or does not hold what its name says
[[nodiscard]] ImageSplits load_mnist(const std::filesystem::path& folder, const MnistConfig& config);

/// Whether the folder holds one of the four files, by name; load_mnist then names those that are missing.
[[nodiscard]] bool has_mnist(const std::filesystem::path& folder);

}  // namespace saccade::envs
