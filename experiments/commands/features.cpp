#include "experiments/commands/features.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <optional>

#include "core/errors.hpp"
#include "envs/captions/flickr8k.hpp"
#include "envs/captions/karpathy.hpp"
#include "envs/data_sets.hpp"
#include "experiments/commands/stop.hpp"
#include "experiments/commands/terminal.hpp"
#include "experiments/data/features.hpp"
#include "experiments/experiment.hpp"

namespace saccade::commands {
namespace {

namespace fs = std::filesystem;
using namespace experiments;

/// A line that renews itself on a terminal; elsewhere a line for each twentieth.
class ImageProgress {
 public:
  void show(std::size_t done, std::size_t all) {
    if (!first_) first_ = done;
    const double rate = static_cast<double>(done - *first_) / seconds();
    const double left = static_cast<double>(all - done) / rate;
    const std::string text = fmt::format("{:>6} of {} images  {:3.0f}%  {:5.1f} images/s  left {}", done, all,
                                         100 * static_cast<double>(done) / static_cast<double>(all), rate,
                                         done > *first_ ? duration_text(left) : "?");
    line_.show(text);
    if (!terminal_ && is_twentieth(done, all)) print(text);
  }
  void close() { line_.close(); }

 private:
  [[nodiscard]] double seconds() const {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start_;
    return std::max(passed.count(), 1e-9);
  }
  [[nodiscard]] bool is_twentieth(std::size_t done, std::size_t all) const {
    return done > *first_ && done * 20 / all != (done - 1) * 20 / all;
  }

  bool terminal_ = ::isatty(STDOUT_FILENO) != 0;
  StatusLine line_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::optional<std::size_t> first_;
};

/// Which photographs, and where a file of their annotations belongs.
struct Photographs {
  fs::path folder;
  std::vector<std::string> names;
  fs::path home;
};

struct FeaturesCommand {
  std::string name;
  std::string encoder;
  std::string layer;
  std::string out;
  std::string data;
  std::string images;
  std::string list;
  std::size_t size = 224;
  std::vector<double> scale{1 / 127.5};
  std::vector<double> mean{127.5};
  bool bgr = false;
  int threads = 1;

  CLI::App* add(CLI::App& app) {
    CLI::App* command =
        app.add_subcommand("features", "Annotate photographs by a convolutional network, once, for training");
    command->add_option("name", name, "data set: flickr8k");
    command->add_option("--encoder", encoder, "network, an ONNX file with one input [1, 3, size, size]")->required();
    command->add_option("--layer", layer, "layer whose output [1, D, H, W] to keep (default: the network's output)");
    command->add_option("--size", size, "pixels to which width and height are resized")
        ->capture_default_str()
        ->check(CLI::Range(1, 4096));
    add_channels(*command, "--scale", scale,
                 "a value x in 0..255 becomes scale (x - mean); one number or three, as --mean");
    add_channels(*command, "--mean", mean, "one number, or one for each channel: R,G,B, or B,G,R with --bgr");
    command->add_flag("--bgr", bgr, "blue first, as networks from Caffe want it (default: red first)");
    command->add_option("--threads", threads, "threads for each image")
        ->capture_default_str()
        ->check(CLI::Range(1, 1024));
    command->add_option("--out", out, "file to make (default: ENCODER-SIZE.annotations in the folder of the data set)");
    command->add_option("--data", data,
                        "folder that holds flickr8k/ (default: $SACCADE_DATA, ./data, ~/.local/share/saccade)");
    command->add_option("--images", images, "folder of other photographs, with --list and --out");
    command->add_option("--list", list, "their names: a dataset_*.json of Karpathy's form");
    command->footer(
        "After Ctrl-C or a crash the same command goes on where it ended; the file appears when it is whole.\n"
        "Examples:\n"
        "  saccade data features flickr8k --encoder mobilenet_v2.onnx\n"
        "  saccade data features flickr8k --encoder vgg19.onnx --layer conv5_4 --scale 1 --mean 103.9,116.8,123.7 "
        "--bgr\n"
        "  saccade data features flickr8k --encoder resnet50.onnx --layer layer4 --mean 123.675,116.28,103.53 "
        "--scale 0.01712,0.01751,0.01743   # of torchvision\n"
        "  saccade data features --images coco --list dataset_coco.json --encoder mobilenet_v2.onnx --out "
        "coco.annotations");
    return command;
  }

  static void add_channels(CLI::App& command, const char* name, std::vector<double>& numbers, const char* description) {
    command.add_option(name, numbers, description)->delimiter(',')->expected(1, 3)->capture_default_str();
  }

  void execute() const {
    const EncoderSettings wanted = settings();
    const std::unique_ptr<Encoder> network = make_encoder(wanted);
    const Photographs photographs = find_photographs();
    const fs::path target = target_for(photographs);
    const auto [height, width, depth] = network->shape();
    print(fmt::format("{} images to {}: {} x {} places of {} numbers, float16", photographs.names.size(),
                      target.string(), height, width, depth));
    listen_for_stop();
    const bool made = annotate_with_progress(photographs, *network, source_of(wanted, *network), target);
    print(made ? fmt::format("made {}", target.string()) : fmt::format("{} is there already", target.string()));
  }

  [[nodiscard]] EncoderSettings settings() const {
    const auto is_finite = [](double x) { return std::isfinite(x); };
    const auto is_factor = [](double s) { return std::isfinite(s) && std::abs(s) > 0; };
    if (!std::all_of(scale.begin(), scale.end(), is_factor)) {
      throw ConfigError("data features: --scale must be finite and not 0");
    }
    if (!std::all_of(mean.begin(), mean.end(), is_finite)) throw ConfigError("data features: --mean must be finite");
    return {encoder, layer, size, channels("--scale", scale), channels("--mean", mean), bgr, threads};
  }

  static std::array<double, 3> channels(const char* name, const std::vector<double>& numbers) {
    if (numbers.size() == 2) throw ConfigError(fmt::format("data features: {} takes one number or three, got 2", name));
    return {numbers[0], numbers.size() == 3 ? numbers[1] : numbers[0], numbers.back()};
  }

  [[nodiscard]] Photographs find_photographs() const {
    if (!images.empty() || !list.empty()) return listed();
    if (name.empty()) throw ConfigError("data features: name a data set (flickr8k), or --images and --list");
    if (name != "flickr8k") {
      throw ConfigError(fmt::format("data features: {} has no photographs to annotate; flickr8k has", name));
    }
    const std::vector<fs::path> folders = data_folders(data);
    const auto folder = envs::find_folder(*envs::find_data_set(name), folders);
    if (!folder) {
      std::vector<std::string> places;
      for (const fs::path& place : folders) places.push_back((place / name).string());
      throw IoError(
          fmt::format("no {} data found; searched {}{}", name, fmt::join(places, ", "), envs::fetch_hint(name, {})));
    }
    return {envs::captions::flickr8k_images(*folder), image_names(envs::captions::load_flickr8k(*folder)), *folder};
  }

  [[nodiscard]] Photographs listed() const {
    const bool complete = !images.empty() && !list.empty() && !out.empty() && name.empty();
    if (!complete) throw ConfigError("data features: --images, --list and --out go together, without a data set");
    return {images, image_names(envs::captions::load_karpathy(list)), {}};
  }

  [[nodiscard]] fs::path target_for(const Photographs& photographs) const {
    if (!out.empty()) return out;
    if (::access(photographs.home.c_str(), W_OK) != 0) {
      throw IoError(
          fmt::format("{}: cannot be written to; name the file to make with --out", photographs.home.string()));
    }
    return photographs.home / fmt::format("{}-{}.annotations", fs::path(encoder).stem().string(), size);
  }

  static bool annotate_with_progress(const Photographs& photographs, Encoder& network,
                                     const envs::captions::AnnotationSource& source, const fs::path& target) {
    ImageProgress progress;
    FeatureCallbacks callbacks;
    callbacks.on_progress = [&](std::size_t done, std::size_t all) { progress.show(done, all); };
    callbacks.stop = [] { return stop_signal() != 0; };
    try {
      const bool made = annotate(photographs.folder, photographs.names, network, source, target, callbacks);
      progress.close();
      return made;
    } catch (const Interrupted& interruption) {
      progress.close();
      throw Interrupted(fmt::format("{}; the same command goes on from there", interruption.what()));
    } catch (...) {
      progress.close();
      throw;
    }
  }
};

}  // namespace

void add_features(CLI::App& data) {
  const auto options = std::make_shared<FeaturesCommand>();
  options->add(data)->callback([options] { options->execute(); });
}

}  // namespace saccade::commands
