#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "envs/data_sets.hpp"

namespace saccade::experiments {

enum class FileState { right, wrong, missing };

/// What became of one form of a file, compressed or expanded.
struct FileCheck {
  std::filesystem::path path;  ///< as published, if it is missing
  FileState state = FileState::missing;
  std::string sha256;     ///< empty if it is missing
  std::string fault;      ///< what is wrong, in words; empty if nothing is
  bool expanded = false;  ///< it is the expanded form of a file that is published compressed
};

/// Compares each form of a file that lies in the folder with what it must hold, the one that is read first; one check
/// that says "missing" if there is none.
/// @throws IoError  if a file is there and cannot be read
[[nodiscard]] std::vector<FileCheck> verify_file(const std::filesystem::path& folder, const envs::DataFile& file);

/// The same for all files of a set.
[[nodiscard]] std::vector<FileCheck> verify(const std::filesystem::path& folder, const envs::DataSet& set);

}  // namespace saccade::experiments
