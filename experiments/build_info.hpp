#pragma once

#include <string>
#include <utility>
#include <vector>

namespace saccade::experiments {

/// What the running binary was made from and for.
struct BuildInfo {
  std::string version;  ///< of the project
  std::string commit;   ///< git commit, or "unknown"
  bool dirty;           ///< whether the source tree had changes that were not committed
  std::string compiler;
  std::string flags;
  std::string architecture;  ///< value of -march: "native" or a portable level
  std::string build_type;
  std::string source_folder;
  std::vector<std::pair<std::string, std::string>> libraries;  ///< name and version
};

[[nodiscard]] const BuildInfo& build_info();

/// The machine that runs it.
struct MachineInfo {
  std::string cpu;
  std::size_t cores;
  std::string blas_kernel;
  std::string blas;
  std::string system;
};

[[nodiscard]] MachineInfo machine_info();

}  // namespace saccade::experiments
