#include "experiments/data/opencv_module.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <filesystem>

#include "core/errors.hpp"

namespace saccade::experiments {

#ifdef SACCADE_OPENCV_MODULE
namespace {

namespace fs = std::filesystem;

/// Beside the program, else where it was built.
fs::path module_file() {
  const fs::path built = SACCADE_OPENCV_MODULE;
  std::error_code ignored;
  const fs::path beside = fs::read_symlink("/proc/self/exe", ignored).parent_path() / built.filename();
  return fs::exists(beside, ignored) ? beside : built;
}

void* checked(void* loaded) {
  if (loaded == nullptr) throw IoError(fmt::format("OpenCV cannot be loaded: {}", ::dlerror()));
  return loaded;
}

}  // namespace

void* opencv_symbol(const char* name) {
  static void* const module = checked(::dlopen(module_file().c_str(), RTLD_NOW | RTLD_LOCAL));
  return checked(::dlsym(module, name));
}
#else
void* opencv_symbol(const char* /*name*/) {
  throw ConfigError(
      "this build has no OpenCV, which photographs are read by (CMake option SACCADE_OPENCV; Debian: "
      "libopencv-dnn-dev, libopencv-imgcodecs-dev, libopencv-imgproc-dev)");
}
#endif

}  // namespace saccade::experiments
