#include "experiments/data/encoder.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/errors.hpp"
#include "experiments/data/opencv/module.hpp"

namespace saccade::experiments {
namespace {

#ifdef SACCADE_OPENCV_MODULE
namespace fs = std::filesystem;

/// Beside the program, else where it was built.
fs::path module_file() {
  const fs::path built = SACCADE_OPENCV_MODULE;
  std::error_code ignored;
  const fs::path beside = fs::read_symlink("/proc/self/exe", ignored).parent_path() / built.filename();
  return fs::exists(beside, ignored) ? beside : built;
}

/// It stays loaded: its encoders live as long as they like.
opencv::MakeEncoder* load_module() {
  void* module = ::dlopen(module_file().c_str(), RTLD_NOW | RTLD_LOCAL);
  void* symbol = module == nullptr ? nullptr : ::dlsym(module, opencv::make_encoder_name);
  if (symbol == nullptr) throw IoError(fmt::format("OpenCV cannot be loaded: {}", ::dlerror()));
  return reinterpret_cast<opencv::MakeEncoder*>(symbol);
}

std::unique_ptr<Encoder> make_by_opencv(const EncoderSettings& settings) {
  static opencv::MakeEncoder* const make = load_module();
  return std::unique_ptr<Encoder>(make(settings));
}
#else
std::unique_ptr<Encoder> make_by_opencv(const EncoderSettings&) {
  throw ConfigError(
      "this build has no OpenCV, which annotations are computed by (CMake option SACCADE_OPENCV; Debian: "
      "libopencv-dnn-dev, libopencv-imgcodecs-dev, libopencv-imgproc-dev)");
}
#endif

}  // namespace

std::string pixels_text(const EncoderSettings& settings) {
  const auto& mean = settings.mean;
  const bool equal = mean[0] == mean[1] && mean[1] == mean[2];
  const std::string means = equal ? fmt::format("{}", mean[0]) : fmt::format("[{}]", fmt::join(mean, ", "));
  return fmt::format("{}, {} (x - {})", settings.bgr ? "BGR" : "RGB", settings.scale, means);
}

std::unique_ptr<Encoder> make_encoder(const EncoderSettings& settings) { return make_by_opencv(settings); }

}  // namespace saccade::experiments
