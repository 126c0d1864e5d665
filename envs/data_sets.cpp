#include "envs/data_sets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace saccade::envs {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view packed_ending = ".gz";

/// A file that is published compressed.
DataFile packed(const char* name, std::uintmax_t size, const char* sha256, std::uintmax_t expanded_size,
                const char* expanded_sha256) {
  return {name, {size, sha256}, Contents{expanded_size, expanded_sha256}};
}

DataSet mnist() {
  DataSet set;
  set.name = "mnist";
  set.summary =
      "28x28 handwritten digits, 60,000 to train with and 10,000 to test (LeCun, Cortes, Burges); for the worlds "
      "mnist, translated_mnist and cluttered_mnist";
  set.files.push_back(packed("train-images-idx3-ubyte.gz",  //
                             9'912'422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609", 47'040'016,
                             "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"));
  set.files.push_back(packed("train-labels-idx1-ubyte.gz",                                                //
                             28'881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",  //
                             60'008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"));
  set.files.push_back(packed("t10k-images-idx3-ubyte.gz",  //
                             1'648'877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6", 7'840'016,
                             "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"));
  set.files.push_back(packed("t10k-labels-idx1-ubyte.gz",                                                //
                             4'542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",  //
                             10'008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"));
  set.mirrors = {"https://ossci-datasets.s3.amazonaws.com/mnist/",
                 "https://storage.googleapis.com/cvdf-datasets/mnist/"};
  return set;
}

/// A file that is published as it is.
DataFile plain(const char* name, std::uintmax_t size, const char* sha256) { return {name, {size, sha256}, {}}; }

/// Its authors publish no digests: these are of the files whose counts tests/data/flickr8k_data_test.cpp compares with
/// published ones. The photographs come in several sizes, so only the texts are named.
DataSet flickr8k() {
  DataSet set;
  set.name = "flickr8k";
  set.summary =
      "8,000 photographs with five captions each, 6,000 to train with, 1,000 to choose and 1,000 to test (Hodosh, "
      "Young, Hockenmaier 2013); for captions";
  set.files.push_back(plain("Flickr8k.token.txt", 3'395'237,  //
                            "1e1f3a371ba1a1bf742e6930521c037e046b2bf3fcc2390ba8405e0301ed7689"));
  set.files.push_back(plain("Flickr_8k.trainImages.txt", 154'678,  //
                            "e330ddd5156a4c2d2e2b67bc587e70e588f2d132bd8a10dc54dcb71e58115d8e"));
  set.files.push_back(plain("Flickr_8k.devImages.txt", 25'801,  //
                            "18ba829f47f6df1cb830bf7f0506e2ddf333818925299babbd1bbcaf50fdc504"));
  set.files.push_back(plain("Flickr_8k.testImages.txt", 25'775,  //
                            "c0924146c131458ceba45da59670fe9520eadce1e5cafffa16a817672a9b1f17"));
  set.terms =
      "it is given out by its authors for research and education only: put its texts into flickr8k/ and the "
      "photographs, a gigabyte, into flickr8k/images/";
  return set;
}

const std::vector<DataSet>& table() {
  static const std::vector<DataSet> sets{mnist(), flickr8k()};
  return sets;
}

}  // namespace

std::string DataFile::expanded_name() const {
  return expanded ? name.substr(0, name.size() - packed_ending.size()) : name;
}

std::uintmax_t DataSet::size() const {
  return std::accumulate(files.begin(), files.end(), std::uintmax_t{0},
                         [](std::uintmax_t sum, const DataFile& file) { return sum + file.published.size; });
}

std::span<const DataSet> data_sets() { return table(); }

const DataSet* find_data_set(std::string_view name) {
  const auto found = std::find_if(table().begin(), table().end(), [&](const DataSet& set) { return set.name == name; });
  return found == table().end() ? nullptr : &*found;
}

std::vector<fs::path> forms_in(const fs::path& folder, const DataFile& file) {
  std::vector<fs::path> forms;
  if (file.expanded) forms.push_back(folder / file.expanded_name());
  forms.push_back(folder / file.name);
  std::error_code ignored;
  std::erase_if(forms, [&](const fs::path& form) { return !fs::exists(form, ignored); });
  return forms;
}

std::optional<fs::path> find_folder(const DataSet& set, std::span<const fs::path> data_folders) {
  for (const fs::path& data : data_folders) {
    fs::path folder = data / set.name;
    const auto lies_there = [&](const DataFile& file) { return !forms_in(folder, file).empty(); };
    if (std::any_of(set.files.begin(), set.files.end(), lies_there)) return folder;
  }
  return std::nullopt;
}

std::string fetch_hint(std::string_view name, const fs::path& data_folder) {
  const DataSet* set = find_data_set(name);
  if (set == nullptr) return {};
  if (set->mirrors.empty()) return fmt::format("; {}", set->terms);
  const std::string to = data_folder.empty() ? "" : fmt::format(" --to {}", data_folder.string());
  return fmt::format("; `saccade data fetch {}{}` downloads what is missing", name, to);
}

}  // namespace saccade::envs
