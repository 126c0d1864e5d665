#include "envs/mnist/mnist.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/errors.hpp"
#include "core/io/idx.hpp"
#include "core/io/sha256.hpp"
#include "envs/data_sets.hpp"

namespace saccade::envs {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t side = 28;
constexpr std::array<const char*, 4> file_names{"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                                "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

/// Digests of the contents of the files as everybody has them, without their heads.
constexpr std::array<const char*, 4> published{"741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
                                               "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
                                               "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
                                               "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5"};

/// The plain file if it is there, else the compressed one, else the plain one for the message.
fs::path locate(const fs::path& folder, const std::string& name) {
  const fs::path plain = folder / name;
  const fs::path compressed = folder / (name + ".gz");
  return !fs::exists(plain) && fs::exists(compressed) ? compressed : plain;
}

std::string missing(const fs::path& path) {
  const fs::path folder = path.parent_path();
  const bool usual = folder.filename() == "mnist";
  return fmt::format("{}: this file is missing{}", path.string(),
                     usual ? fetch_hint("mnist", folder.parent_path()) : "");
}

void check_complete(const fs::path& folder) {
  for (const char* name : file_names) {
    const fs::path path = locate(folder, name);
    if (!fs::exists(path)) throw IoError(missing(path));
  }
}

/// Tells one file's contents from another's, compressed or not.
std::string digest_line(const char* name, const std::vector<std::uint8_t>& values) {
  return fmt::format("{}  {}\n", io::sha256_of(std::as_bytes(std::span(values))), name);
}

ImageSet load_set(const fs::path& folder, const char* images_name, const char* labels_name, std::string& digests) {
  const fs::path images_path = locate(folder, images_name);
  const fs::path labels_path = locate(folder, labels_name);
  io::IdxArray images = io::read_idx(images_path, 3);
  io::IdxArray labels = io::read_idx(labels_path, 1);
  if (images.shape[1] != side || images.shape[2] != side) {
    throw IoError(fmt::format("{}: expected images of 28x28 pixels, got {}x{}", images_path.string(), images.shape[1],
                              images.shape[2]));
  }
  if (images.shape[0] != labels.shape[0]) {
    throw IoError(fmt::format("{}: expected a label for each of {} images, got {}", labels_path.string(),
                              images.shape[0], labels.shape[0]));
  }
  const auto wrong = std::find_if(labels.values.begin(), labels.values.end(), [](std::uint8_t v) { return v > 9; });
  if (wrong != labels.values.end()) {
    throw IoError(fmt::format("{}: expected labels 0 to 9, got {} at index {}", labels_path.string(), *wrong,
                              wrong - labels.values.begin()));
  }
  digests += digest_line(images_name, images.values) + digest_line(labels_name, labels.values);
  return {std::move(images.values), std::move(labels.values)};
}

std::vector<std::string> notes_on(const std::string& digests) {
  std::vector<std::string> notes;
  for (std::size_t i = 0; i < file_names.size(); ++i) {
    if (digests.find(published[i]) != std::string::npos) continue;
    notes.push_back(fmt::format("{} is not that of MNIST as it was published", file_names[i]));
  }
  return notes;
}

/// Cuts the last `count` images off.
ImageSet split_off(ImageSet& from, std::size_t count) {
  const auto keep = static_cast<std::ptrdiff_t>(from.size() - count);
  const auto keep_pixels = keep * static_cast<std::ptrdiff_t>(side * side);
  ImageSet tail{{from.pixels.begin() + keep_pixels, from.pixels.end()},
                {from.labels.begin() + keep, from.labels.end()}};
  from.pixels.resize(static_cast<std::size_t>(keep_pixels));
  from.labels.resize(static_cast<std::size_t>(keep));
  from.pixels.shrink_to_fit();
  return tail;
}

}  // namespace

void MnistConfig::describe(config::Fields& fields) {
  fields.add("validation", &validation, "images cut off the end of the training files for validation",
             config::range(1, 59999));
}

ImageSplits load_mnist(const fs::path& folder, const MnistConfig& config) {
  check_complete(folder);
  ImageSplits splits;
  splits.train = load_set(folder, file_names[0], file_names[1], splits.digests);
  splits.test = load_set(folder, file_names[2], file_names[3], splits.digests);
  if (config.validation >= splits.train.size()) {
    throw ConfigError(fmt::format("environment.validation must leave training images: {} holds {}, got {}",
                                  locate(folder, file_names[0]).string(), splits.train.size(), config.validation));
  }
  splits.notes = notes_on(splits.digests);
  splits.validation = split_off(splits.train, config.validation);
  return splits;
}

bool has_mnist(const fs::path& folder) {
  return std::any_of(file_names.begin(), file_names.end(),
                     [&](const char* name) { return fs::exists(locate(folder, name)); });
}

}  // namespace saccade::envs
