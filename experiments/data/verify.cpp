#include "experiments/data/verify.hpp"

#include <fmt/format.h>

#include "core/io/sha256.hpp"

namespace saccade::experiments {
namespace {

namespace fs = std::filesystem;

/// Empty if there is none.
std::string fault_of(const fs::path& path, const std::string& sha256, const envs::Contents& expected) {
  if (sha256 == expected.sha256) return {};
  const std::uintmax_t size = fs::file_size(path);
  if (size != expected.size) return fmt::format("expected {} bytes, got {}", expected.size, size);
  return fmt::format("expected SHA-256 {}", expected.sha256);
}

FileCheck check_form(const fs::path& path, const envs::DataFile& file) {
  FileCheck check{path, FileState::right, io::sha256_of_file(path), {}, path.filename() != file.name};
  check.fault = fault_of(path, check.sha256, check.expanded ? *file.expanded : file.published);
  if (!check.fault.empty()) check.state = FileState::wrong;
  return check;
}

}  // namespace

std::vector<FileCheck> verify_file(const fs::path& folder, const envs::DataFile& file) {
  std::vector<FileCheck> checks;
  for (const fs::path& form : envs::forms_in(folder, file)) checks.push_back(check_form(form, file));
  if (checks.empty()) checks.push_back({folder / file.name, FileState::missing, {}, {}, false});
  return checks;
}

std::vector<FileCheck> verify(const fs::path& folder, const envs::DataSet& set) {
  std::vector<FileCheck> checks;
  for (const envs::DataFile& file : set.files) {
    for (FileCheck& check : verify_file(folder, file)) checks.push_back(std::move(check));
  }
  return checks;
}

}  // namespace saccade::experiments
