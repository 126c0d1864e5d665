#include "experiments/build_info.hpp"

#include <sys/utsname.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "core/tensor/gemm.hpp"
#include "experiments/git_version.hpp"

namespace saccade::experiments {
namespace {

std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line)) {
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

std::string system_name() {
  utsname name{};
  if (uname(&name) != 0) return "unknown";
  return std::string(name.sysname) + " " + name.machine;
}

/// The build's list "name version,name version" taken apart.
std::vector<std::pair<std::string, std::string>> libraries() {
  std::vector<std::pair<std::string, std::string>> pairs;
  std::istringstream list(SACCADE_LIBRARIES);
  for (std::string entry; std::getline(list, entry, ',');) {
    const std::size_t space = entry.find(' ');
    pairs.emplace_back(entry.substr(0, space), entry.substr(space + 1));
  }
  return pairs;
}

}  // namespace

const BuildInfo& build_info() {
  static const BuildInfo info{SACCADE_VERSION,    SACCADE_GIT_COMMIT,    SACCADE_GIT_DIRTY != 0,
                              SACCADE_COMPILER,   SACCADE_COMPILE_FLAGS, SACCADE_ARCH_NAME,
                              SACCADE_BUILD_TYPE, SACCADE_SOURCE_FOLDER, libraries()};
  return info;
}

MachineInfo machine_info() {
  const BlasInfo blas = blas_info();
  return {cpu_model(), std::thread::hardware_concurrency(), blas.kernel, blas.config, system_name()};
}

}  // namespace saccade::experiments
