#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The data sets that worlds need and others publish: what their files are called, where they come from, and how to
/// tell that they are the right ones. A new one adds an entry in data_sets.cpp, and nothing else.
namespace saccade::envs {

/// What a file must hold.
struct Contents {
  std::uintmax_t size = 0;  ///< bytes
  std::string sha256;       ///< 64 hexadecimal digits, lower case
};

/// A file as it is published, and what it expands to if it is compressed. Either form may lie in a data folder.
struct DataFile {
  std::string name;  ///< as published; one that is compressed ends in ".gz"
  Contents published;
  std::optional<Contents> expanded = {};

  /// The name without ".gz".
  [[nodiscard]] std::string expanded_name() const;
};

struct DataSet {
  std::string name;     ///< and that of its folder below a data folder
  std::string summary;  ///< what it is and what it is for
  std::vector<DataFile> files;
  std::vector<std::string> mirrors;  ///< addresses of folders with these files, each ending in '/'; tried in order
  std::string terms = {};            ///< how to get a set that no mirror offers, to end a message; else empty

  /// Bytes of all files as published.
  [[nodiscard]] std::uintmax_t size() const;
};

/// Every known data set.
[[nodiscard]] std::span<const DataSet> data_sets();

/// @return  null if there is none of that name
[[nodiscard]] const DataSet* find_data_set(std::string_view name);

/// The forms of a file that lie in a folder, the expanded one first: it is the one that is read.
[[nodiscard]] std::vector<std::filesystem::path> forms_in(const std::filesystem::path& folder, const DataFile& file);

/// The first data folder in which the set's own folder holds one of its files, in any form, the set's name appended:
/// the one that is read.
[[nodiscard]] std::optional<std::filesystem::path> find_folder(const DataSet& set,
                                                               std::span<const std::filesystem::path> data_folders);

/// How to get what is missing into a data folder, or into the usual one if that is empty: the end of a message. The
/// terms of a set that has no mirrors. Empty if no data set has that name.
[[nodiscard]] std::string fetch_hint(std::string_view name, const std::filesystem::path& data_folder);

}  // namespace saccade::envs
