#include "experiments/data/features.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"
#include "core/io/sha256.hpp"

namespace saccade::experiments {
namespace {

namespace fs = std::filesystem;
using envs::captions::Annotations;
using envs::captions::AnnotationSource;
using envs::captions::AnnotationWriter;
using envs::captions::CaptionedImage;

/// Nothing to do if the file is there and is what would be made; an error if it is something else.
bool is_done(const fs::path& target, const std::vector<std::string>& names, const Shape& shape,
             const AnnotationSource& source) {
  if (!fs::exists(fs::symlink_status(target))) return false;
  const Annotations there = Annotations::open(target);
  if (there.names() == names && there.shape() == shape && there.source() == source) return true;
  const AnnotationSource& other = there.source();
  throw IoError(fmt::format(
      "{}: is there already, made by {} (SHA-256 {}, layer {}, {} pixels, {}, {}) for {} images; remove it or name "
      "another file",
      target.string(), other.encoder, other.encoder_sha256, other.layer, other.input_size, other.pixels, other.library,
      there.size()));
}

/// Before hours of work.
void check_all_there(const fs::path& folder, const std::vector<std::string>& names) {
  std::vector<fs::path> missing;
  for (const std::string& name : names) {
    if (!fs::exists(folder / name)) missing.push_back(folder / name);
  }
  if (missing.empty()) return;
  const std::string others = missing.size() == 1 ? "" : fmt::format(", and {} others", missing.size() - 1);
  throw IoError(fmt::format("{}: this photograph is missing{}", missing.front().string(), others));
}

class Annotating {
 public:
  Annotating(AnnotationWriter& writer, const std::vector<std::string>& names, const FeatureCallbacks& callbacks)
      : writer_{writer}, names_{names}, callbacks_{callbacks} {}

  void run(const fs::path& folder, Encoder& encoder, std::size_t numbers) {
    std::vector<float> row(numbers);
    report();
    while (writer_.rows() < names_.size()) {
      check_stop();
      encoder.encode(folder / names_[writer_.rows()], row);
      writer_.write(row);
      report();
    }
  }

 private:
  void report() const {
    if (callbacks_.on_progress) callbacks_.on_progress(writer_.rows(), names_.size());
  }

  void check_stop() const {
    if (!callbacks_.stop || !callbacks_.stop()) return;
    throw Interrupted(fmt::format("interrupted after {} of {} images", writer_.rows(), names_.size()));
  }

  AnnotationWriter& writer_;
  const std::vector<std::string>& names_;
  const FeatureCallbacks& callbacks_;
};

}  // namespace

std::vector<std::string> image_names(const envs::captions::CaptionSplits& splits) {
  std::vector<std::string> names;
  for (const auto* split : {&splits.train, &splits.validation, &splits.test, &splits.rest}) {
    for (const CaptionedImage& image : *split) names.push_back(image.file);
  }
  return names;
}

AnnotationSource source_of(const EncoderSettings& settings, const Encoder& encoder) {
  return {settings.file.filename().string(),
          io::sha256_of_file(settings.file),
          encoder.layer(),
          settings.size,
          pixels_text(settings),
          encoder.library()};
}

bool annotate(const fs::path& folder, const std::vector<std::string>& names, Encoder& encoder,
              const AnnotationSource& source, const fs::path& target, const FeatureCallbacks& callbacks) {
  const auto [height, width, depth] = encoder.shape();
  const Shape shape{height, width, depth};
  if (is_done(target, names, shape, source)) return false;
  check_all_there(folder, names);
  AnnotationWriter writer(target, names, shape, source);
  Annotating(writer, names, callbacks).run(folder, encoder, shape.size());
  writer.finish();
  return true;
}

}  // namespace saccade::experiments
