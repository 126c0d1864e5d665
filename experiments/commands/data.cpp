#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <set>

#include "core/config/fields.hpp"
#include "core/errors.hpp"
#include "envs/captions/annotations.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/commands/common.hpp"
#include "experiments/commands/features.hpp"
#include "experiments/commands/stop.hpp"
#include "experiments/commands/terminal.hpp"
#include "experiments/data/fetch.hpp"
#include "experiments/data/verify.hpp"
#include "experiments/experiment.hpp"

namespace saccade::commands {
namespace {

namespace fs = std::filesystem;
using namespace experiments;
using envs::DataFile;
using envs::DataSet;

std::string size_text(std::uintmax_t bytes) {
  const auto size = static_cast<double>(bytes);
  return bytes < 1'000'000 ? fmt::format("{:.1f} kB", size / 1e3) : fmt::format("{:.1f} MB", size / 1e6);
}

const DataSet& set_named(const std::string& name) {
  if (const DataSet* set = envs::find_data_set(name)) return *set;
  std::vector<std::string> names;
  for (const DataSet& set : envs::data_sets()) names.push_back(set.name);
  const std::string hint = config::suggestion(name, names);
  throw ConfigError(fmt::format("data: there is no data set {}{}", name,
                                hint.empty() ? fmt::format("; there are {}", fmt::join(names, ", ")) : hint));
}

/// Where to fetch what was not found: into the only folder that was searched, or the usual one.
fs::path only_one(const std::vector<fs::path>& folders) { return folders.size() == 1 ? folders.front() : fs::path(); }

std::string searched(const DataSet& set, const std::vector<fs::path>& folders) {
  std::vector<std::string> places;
  for (const fs::path& folder : folders) places.push_back((folder / set.name).string());
  return fmt::format("{}", fmt::join(places, ", "));
}

struct ListCommand {
  std::string data;

  CLI::App* add(CLI::App& app) {
    CLI::App* command = app.add_subcommand("list", "List the data sets: what for, where they are, how large");
    command->add_option("--data", data, data_option_help);
    command->footer("Example:\n  saccade data list");
    return command;
  }

  void execute() const {
    for (const DataSet& set : envs::data_sets()) {
      print(fmt::format("{:<10} {}", set.name, set.summary));
      print(fmt::format("{:<10} {}", "", whereabouts(set)));
      if (const auto folder = envs::find_folder(set, data_folders(data))) print_annotations(*folder);
    }
  }

  /// What `saccade data features` has made in the folder of a set.
  static void print_annotations(const fs::path& folder) {
    std::set<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() == ".annotations") files.insert(entry.path());
    }
    for (const fs::path& file : files) print(fmt::format("{:<10} {}", "", annotations_in(file)));
  }

  static std::string annotations_in(const fs::path& file) {
    try {
      const auto annotations = envs::captions::Annotations::open(file);
      return fmt::format("{}: annotations of {} images, {}, {}", file.filename().string(), annotations.size(),
                         to_string(annotations.shape()), size_text(fs::file_size(file)));
    } catch (const IoError& error) {
      return error.what();
    }
  }

  [[nodiscard]] std::string whereabouts(const DataSet& set) const {
    const std::vector<fs::path> folders = data_folders(data);
    const auto folder = envs::find_folder(set, folders);
    if (!folder) {
      return fmt::format("not found in {} ({}){}", searched(set, folders), size_text(set.size()),
                         envs::fetch_hint(set.name, only_one(folders)));
    }
    std::size_t there = 0;
    std::uintmax_t bytes = 0;
    for (const DataFile& file : set.files) {
      const std::vector<fs::path> forms = envs::forms_in(*folder, file);
      there += forms.empty() ? 0 : 1;
      for (const fs::path& form : forms) bytes += fs::file_size(form);
    }
    return fmt::format("in {}, {} of {} files, {}{}", folder->string(), there, set.files.size(), size_text(bytes),
                       there == set.files.size() ? "" : envs::fetch_hint(set.name, folder->parent_path()));
  }
};

struct VerifyCommand {
  std::string name;
  std::string data;

  CLI::App* add(CLI::App& app) {
    CLI::App* command = app.add_subcommand("verify", "Compare the SHA-256 of every file with the published one");
    command->add_option("name", name, "data set, or a file of annotations (default: all data sets that are found)");
    command->add_option("--data", data, data_option_help);
    command->footer(
        "Examples:\n  saccade data verify\n  saccade data verify mnist --data ~/data\n  saccade data verify "
        "x.annotations");
    return command;
  }

  void execute() const {
    if (name.ends_with(".annotations")) return verify_annotations();
    const std::vector<fs::path> folders = data_folders(data);
    std::vector<std::string> faults;
    std::size_t found = 0;
    for (const DataSet* set : wanted()) {
      const auto folder = envs::find_folder(*set, folders);
      if (!folder) continue;
      ++found;
      if (!check(*set, *folder)) faults.push_back(fault(*set, *folder));
    }
    if (found == 0) throw IoError(nothing_found(folders));
    if (!faults.empty()) throw IoError(fmt::format("{}", fmt::join(faults, "; ")));
  }

  void verify_annotations() const {
    const auto annotations = envs::captions::Annotations::open(name);
    annotations.verify();
    const envs::captions::AnnotationSource& source = annotations.source();
    print(fmt::format("right    {} images, each {}, by {} (SHA-256 {}), layer {}, {} pixels, {}, {}",
                      annotations.size(), to_string(annotations.shape()), source.encoder, source.encoder_sha256,
                      source.layer, source.input_size, source.pixels, source.library));
  }

  [[nodiscard]] std::vector<const DataSet*> wanted() const {
    if (!name.empty()) return {&set_named(name)};
    std::vector<const DataSet*> all;
    for (const DataSet& set : envs::data_sets()) all.push_back(&set);
    return all;
  }

  [[nodiscard]] std::string nothing_found(const std::vector<fs::path>& folders) const {
    std::vector<std::string> places;
    for (const DataSet* set : wanted()) places.push_back(searched(*set, folders));
    return fmt::format("no {} found; searched {}{}", name.empty() ? "data set" : name + " data",
                       fmt::join(places, ", "), envs::fetch_hint(name, only_one(folders)));
  }

  static std::string fault(const DataSet& set, const fs::path& folder) {
    const std::string cure = set.mirrors.empty() ? set.terms
                                                 : fmt::format("`saccade data fetch {} --to {}` downloads them",
                                                               set.name, folder.parent_path().string());
    return fmt::format("{}: files of {} are wrong or missing; {}", folder.string(), set.name, cure);
  }

  /// Whether all files are right.
  static bool check(const DataSet& set, const fs::path& folder) {
    bool right = true;
    for (const FileCheck& file : verify(folder, set)) {
      right = right && file.state == FileState::right;
      print(line(file));
    }
    return right;
  }

  static std::string line(const FileCheck& file) {
    switch (file.state) {
      case FileState::right: return fmt::format("right    {}  {}", file.sha256, file.path.string());
      case FileState::wrong: return fmt::format("wrong    {}  {}  {}", file.sha256, file.path.string(), file.fault);
      default: return fmt::format("missing  {:<64}  {}", "-", file.path.string());
    }
  }
};

/// Bytes per second since it was made.
class Rate {
 public:
  [[nodiscard]] double operator()(std::uintmax_t bytes) {
    if (!first_) first_ = bytes;
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start_;
    return passed.count() > 0 && bytes > *first_ ? static_cast<double>(bytes - *first_) / passed.count() : 0;
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::optional<std::uintmax_t> first_;
};

struct FetchCommand {
  std::string name;
  std::string to;
  std::vector<std::string> mirrors;
  long timeout = 30;

  CLI::App* add(CLI::App& app) {
    CLI::App* command = app.add_subcommand("fetch", "Download a data set; what is there and right stays as it is");
    command->add_option("name", name, "data set that `saccade data list` shows")->required();
    command->add_option("--to", to,
                        "data folder, which gets a folder of the set's name (default: where a part of it lies, else "
                        "$SACCADE_DATA, else ~/.local/share/saccade)");
    command
        ->add_option("--mirror", mirrors,
                     "address of a folder with the files, instead of the known ones (may be repeated)")
        ->allow_extra_args(false);
    command->add_option("--timeout", timeout, "seconds without data after which the next mirror is tried")
        ->check(CLI::Range(1, 3600));
    command->footer(
        "A download that was cut short goes on where it ended. Proxies are taken from the environment (https_proxy).\n"
        "Examples:\n"
        "  saccade data fetch mnist\n"
        "  saccade data fetch mnist --to ~/data --mirror http://server.example/mnist/");
    return command;
  }

  void execute() const {
    const DataSet& set = set_named(name);
    FetchOptions options;
    for (const std::string& mirror : mirrors) options.mirrors.push_back(mirror_named(mirror));
    options.connect_seconds = options.stall_seconds = timeout;
    const fs::path data = to.empty() ? folder_to_fetch_into(set) : fs::path(to);
    listen_for_stop();
    if (!set.mirrors.empty() || !options.mirrors.empty()) {
      print(fmt::format("{} ({}) into {}", set.name, size_text(set.size()), (data / set.name).string()));
    }
    fetch_with_progress(set, data / set.name, options);
    print(fmt::format("all files of {} are right{}", set.name, hint_to_use(set, data)));
  }

  static void fetch_with_progress(const DataSet& set, const fs::path& folder, const FetchOptions& options) {
    StatusLine line;
    Rate rate;
    FetchCallbacks callbacks;
    callbacks.on_progress = [&](const DataFile& file, std::uintmax_t bytes) { line.show(progress(file, bytes, rate)); };
    callbacks.on_file = [&](const DataFile& file, bool fetched) {
      line.close();
      print(fmt::format("{:<28} {:>8}  {}", file.name, size_text(file.published.size),
                        fetched ? "fetched" : "already there"));
      rate = Rate();
    };
    callbacks.on_failure = [&](const std::string& reason) {
      line.close();
      print(fmt::format("failed: {}", reason));
    };
    callbacks.stop = [] { return stop_signal() != 0; };
    try {
      fetch(set, folder, options, callbacks);
    } catch (const Interrupted& interruption) {
      line.close();
      throw Interrupted(fmt::format("{}; the same command goes on from there", interruption.what()));
    } catch (...) {
      line.close();
      throw;
    }
  }

  static std::string progress(const DataFile& file, std::uintmax_t bytes, Rate& rate) {
    const auto size = static_cast<double>(file.published.size);
    const double speed = rate(bytes);
    const double left = speed > 0 ? (size - static_cast<double>(bytes)) / speed : 0;
    return fmt::format("{:<28} {:3.0f}%  {} of {}  {}/s  left {}", file.name, 100 * static_cast<double>(bytes) / size,
                       size_text(bytes), size_text(file.published.size), size_text(static_cast<std::uintmax_t>(speed)),
                       speed > 0 ? duration_text(left) : "?");
  }

  /// For a folder in which nothing is looked for by itself.
  static std::string hint_to_use(const DataSet& set, const fs::path& data) {
    const auto found = envs::find_folder(set, data_folders(""));
    std::error_code ignored;
    if (found && fs::equivalent(*found, data / set.name, ignored)) return {};
    return fmt::format("; use them with --data {}", data.string());
  }
};

template <typename Command>
void add(CLI::App& data) {
  const auto options = std::make_shared<Command>();
  options->add(data)->callback([options] { options->execute(); });
}

}  // namespace

void add_data(CLI::App& app) {
  CLI::App* data = app.add_subcommand("data", "Find, verify and download data sets");
  data->require_subcommand(1);
  data->footer(
      "Examples:\n"
      "  saccade data list\n"
      "  saccade data verify mnist\n"
      "  saccade data fetch mnist\n"
      "  saccade data features flickr8k --encoder mobilenet_v2.onnx");
  add<ListCommand>(*data);
  add<VerifyCommand>(*data);
  add<FetchCommand>(*data);
  add_features(*data);
}

}  // namespace saccade::commands
