#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "envs/captions/flickr8k.hpp"
#include "experiments/data/features.hpp"
#include "experiments/experiment.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/skip.hpp"

// Needs Flickr8k in flickr8k/ and MobileNet v2 in cnn/mobilenet_v2.onnx below one of the data folders.
namespace saccade::tests {
namespace {

namespace fs = std::filesystem;
using namespace experiments;

/// The data folder that has both; empty if there is none.
fs::path data_folder() {
  for (const fs::path& data : data_folders("")) {
    if (envs::captions::has_flickr8k(data / "flickr8k") && fs::exists(data / "cnn/mobilenet_v2.onnx")) return data;
  }
  return {};
}

std::unique_ptr<Encoder> mobilenet(std::size_t size) {
  EncoderSettings settings;
  settings.file = data_folder() / "cnn/mobilenet_v2.onnx";
  settings.size = size;
  return make_encoder(settings);
}

bool without_network() {
  if (data_folder().empty()) return skipped("no flickr8k/ and cnn/mobilenet_v2.onnx in a data folder");
  return skipped(has(message_of<ConfigError>([] { mobilenet(32); }), "no OpenCV") ? "this build has no OpenCV" : "");
}

TEST_CASE("a photograph becomes 7x7 annotations of 1,280 finite numbers that are not all alike") {
  if (without_network()) return;
  const auto encoder = mobilenet(224);
  CHECK(encoder->shape() == std::array<std::size_t, 3>{7, 7, 1280});
  std::vector<float> numbers(7 * 7 * 1280, -1);
  const fs::path images = envs::captions::flickr8k_images(data_folder() / "flickr8k");
  encoder->encode(images / "1000268201_693b08cb0e.jpg", numbers);
  CHECK(std::all_of(numbers.begin(), numbers.end(), [](float x) { return std::isfinite(x) && x >= 0 && x <= 6; }));
  const auto active = std::count_if(numbers.begin(), numbers.end(), [](float x) { return x > 0; });
  CHECK(active > 1000);
  const bool alike = std::equal(numbers.begin(), numbers.begin() + 1280, numbers.begin() + 24 * 1280);
  CHECK_FALSE(alike);
}

TEST_CASE("larger photographs have more places") {
  if (without_network()) return;
  CHECK(mobilenet(448)->shape() == std::array<std::size_t, 3>{14, 14, 1280});
}

}  // namespace
}  // namespace saccade::tests
