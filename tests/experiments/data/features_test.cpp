#include "experiments/data/features.hpp"

#include <algorithm>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/temp_folder.hpp"

namespace saccade::experiments {
namespace {

using namespace tests;
namespace fs = std::filesystem;
using envs::captions::Annotations;
using envs::captions::AnnotationSource;

/// Annotates a photograph by the size of its file.
class SizeEncoder final : public Encoder {
 public:
  [[nodiscard]] std::array<std::size_t, 3> shape() const override { return {1, 2, 2}; }
  [[nodiscard]] std::string layer() const override { return "size"; }
  [[nodiscard]] std::string library() const override { return "std 20"; }
  void encode(const fs::path& photograph, std::span<float> into) override {
    if (!fs::exists(photograph)) throw IoError(photograph.string() + ": missing");
    std::fill(into.begin(), into.end(), static_cast<float>(fs::file_size(photograph)));
    ++encoded;
  }
  std::size_t encoded = 0;
};

const std::vector<std::string> three{"a", "b", "c"};
const AnnotationSource source{"e.onnx", "digest", "size", 8, "RGB", "std 20"};

/// Three photographs of 1, 2 and 3 bytes.
struct Photographs {
  TempFolder folder;
  fs::path target = folder / "x.annotations";

  Photographs() {
    for (const std::string& name : three) folder.write(name, std::string(name[0] - 'a' + 1U, 'x'));
  }
};

Real first_of(const Annotations& annotations, const std::string& name) {
  std::vector<Real> numbers(annotations.shape().size());
  annotations.read(annotations.row_of(name), numbers);
  return numbers[0];
}

TEST_CASE("photographs are annotated in order, once", "[features]") {
  const Photographs photographs;
  SizeEncoder encoder;
  std::vector<std::size_t> seen;
  FeatureCallbacks callbacks;
  callbacks.on_progress = [&](std::size_t done, std::size_t all) { seen.push_back(10 * done + all); };
  CHECK(annotate(photographs.folder.path(), three, encoder, source, photographs.target, callbacks));
  CHECK(seen == std::vector<std::size_t>{3, 13, 23, 33});
  const Annotations annotations = Annotations::open(photographs.target);
  CHECK(annotations.shape() == Shape{1, 2, 2});
  CHECK(annotations.source() == source);
  CHECK(first_of(annotations, "a") == 1);
  CHECK(first_of(annotations, "c") == 3);
  CHECK_FALSE(annotate(photographs.folder.path(), three, encoder, source, photographs.target));
  CHECK(encoder.encoded == 3);
}

TEST_CASE("annotating goes on after it was stopped", "[features]") {
  const Photographs photographs;
  SizeEncoder encoder;
  FeatureCallbacks callbacks;
  callbacks.stop = [&] { return encoder.encoded == 2; };
  CHECK(message_of<Interrupted>([&] {
          annotate(photographs.folder.path(), three, encoder, source, photographs.target, callbacks);
        }) == "interrupted after 2 of 3 images");
  CHECK_FALSE(fs::exists(photographs.target));
  CHECK(annotate(photographs.folder.path(), three, encoder, source, photographs.target));
  CHECK(encoder.encoded == 3);
  CHECK(first_of(Annotations::open(photographs.target), "b") == 2);
}

TEST_CASE("a file that is there and was made in another way stays", "[features]") {
  const Photographs photographs;
  SizeEncoder encoder;
  annotate(photographs.folder.path(), three, encoder, source, photographs.target);
  AnnotationSource other = source;
  other.encoder_sha256 = "another";
  CHECK(message_of<IoError>([&] { annotate(photographs.folder.path(), three, encoder, other, photographs.target); }) ==
        photographs.target.string() +
            ": is there already, made by e.onnx (SHA-256 digest, layer size, 8 pixels, RGB, std 20) for 3 images; "
            "remove it or name another file");
  CHECK(
      has(message_of<IoError>([&] { annotate(photographs.folder.path(), {"a"}, encoder, source, photographs.target); }),
          "is there already"));
}

TEST_CASE("the images of all splits are annotated", "[features]") {
  envs::captions::CaptionSplits splits;
  splits.train = {{"t", {}}, {"u", {}}};
  splits.validation = {{"v", {}}};
  splits.test = {{"w", {}}};
  splits.rest = {{"r", {}}};
  CHECK(image_names(splits) == std::vector<std::string>{"t", "u", "v", "w", "r"});
}

TEST_CASE("what is done with pixels is told in words", "[features]") {
  EncoderSettings settings;
  settings.scale = {0.5, 0.5, 0.5};
  CHECK(pixels_text(settings) == "RGB, 0.5 (x - 127.5)");
  settings.mean = {1, 2.5, 3};
  settings.bgr = true;
  CHECK(pixels_text(settings) == "BGR, 0.5 (x - [1, 2.5, 3])");
  settings.scale[2] = 0.25;
  CHECK(pixels_text(settings) == "BGR, [0.5, 0.5, 0.25] (x - [1, 2.5, 3])");
}

}  // namespace
}  // namespace saccade::experiments
