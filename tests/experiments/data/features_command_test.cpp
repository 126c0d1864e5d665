#include <fmt/format.h>

#include <array>
#include <fstream>

#include "envs/captions/annotations.hpp"
#include "tests/experiments/decoded.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/command.hpp"
#include "tests/support/onnx.hpp"
#include "tests/support/skip.hpp"

namespace saccade::tests {
namespace {

namespace fs = std::filesystem;
using envs::captions::Annotations;

/// What the network makes of a pixel: its first channel, and 10 times the second one plus 100 times the third.
constexpr std::array<float, 6> weights{1, 0, 0, 0, 10, 100};

/// Three photographs of 2x2 pixels as Flickr8k, a list of one in Karpathy's form, and a network for them.
struct Home {
  TempFolder folder;
  TempFolder outputs;
  std::string data = (folder / "data").string();
  std::string images = data + "/flickr8k/images";
  std::string network = folder.write("tiny.onnx", onnx_of_1x1(weights, 2)).string();
  std::string list =
      folder
          .write("list.json", R"({"images": [{"filename": "c", "split": "train", "sentences": [{"tokens": ["x"]}]}]})")
          .string();

  Home() {
    for (const char* name : {"a", "b", "c"}) folder.write(std::string("data/flickr8k/images/") + name, picture(*name));
    folder.write("data/flickr8k/Flickr8k.token.txt", "a#0\tone\nb#0\ttwo\nc#0\tthree\n");
    folder.write("data/flickr8k/Flickr_8k.trainImages.txt", "b\n");
    folder.write("data/flickr8k/Flickr_8k.devImages.txt", "a\n");
    folder.write("data/flickr8k/Flickr_8k.testImages.txt", "c\n");
  }

  /// All pixels are (letter, 2, 3), but the last one, at the bottom right, is (letter, 5, 3).
  static std::string picture(char letter) {
    std::string text = "P6\n2 2\n255\n";
    for (int pixel = 0; pixel < 4; ++pixel) text += {letter, static_cast<char>(pixel == 3 ? 5 : 2), '\3'};
    return text;
  }

  [[nodiscard]] Outcome saccade(Arguments arguments) const {
    arguments.insert(arguments.begin(), {"data", "features"});
    return run_command(outputs, arguments);
  }

  /// Of flickr8k, by the tiny network, unless told otherwise.
  [[nodiscard]] Outcome features(const Arguments& more, const std::string& encoder = {}) const {
    Arguments arguments{"flickr8k", "--data", data, "--size", "2", "--encoder", encoder.empty() ? network : encoder};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return saccade(arguments);
  }

  /// The numbers of an image, if the pixels are treated so.
  [[nodiscard]] std::vector<Real> numbers_of(const char* image, const Arguments& pixels) const {
    Arguments arguments{"--out", (folder / "pixels").string()};
    arguments.insert(arguments.end(), pixels.begin(), pixels.end());
    CHECK(features(arguments).code == 0);
    const Annotations annotations = Annotations::open(folder / "pixels");
    std::vector<Real> numbers(annotations.shape().size());
    annotations.read(annotations.row_of(image), numbers);
    fs::remove(folder / "pixels");
    return numbers;
  }
};

/// Whether this build has no OpenCV, which the command says.
bool without_opencv(const Home& home) {
  const Outcome outcome = home.features({"--out", "/no/x"});
  if (!has(outcome.error, "no OpenCV")) return false;
  CHECK(refused(outcome, "this build has no OpenCV, which photographs are read by (CMake option SACCADE_OPENCV"));
  return skipped("this build has no OpenCV");
}

TEST_CASE("photographs are annotated beside their data set", "[command]") {
  const Home home;
  if (without_opencv(home)) return;
  const fs::path file = home.data + "/flickr8k/tiny-2.annotations";
  const Outcome outcome = home.features({});
  CHECK(outcome.code == 0);
  CHECK(has(outcome.out, "3 images to " + file.string() + ": 2 x 2 places of 2 numbers, float16\n"));
  CHECK(has(outcome.out, "     3 of 3 images  100%"));
  CHECK(has(outcome.out, "made " + file.string() + "\n"));
  const Annotations annotations = Annotations::open(file);
  CHECK(annotations.names() == std::vector<std::string>{"b", "a", "c"});
  CHECK(annotations.shape() == Shape{2, 2, 2});
  CHECK(annotations.source().encoder == "tiny.onnx");
  CHECK(annotations.source().layer == "features");
  CHECK(annotations.source().pixels == "RGB, 0.00784313725490196 (x - 127.5)");
  CHECK(annotations.source().library.starts_with("OpenCV 4."));
  CHECK(has(home.features({}).out, file.string() + " is there already\n"));
  const Outcome verified = run_command(home.outputs, {"data", "verify", file.string()});
  CHECK(verified.code == 0);
  CHECK(has(verified.out, "right    3 images, each [2, 2, 2], by tiny.onnx (SHA-256 "));
  std::ofstream(home.data + "/flickr8k/cut.annotations") << "short";
  const std::string listed = run_command(home.outputs, {"data", "list", "--data", home.data}).out;
  CHECK(has(listed, "           tiny-2.annotations: annotations of 3 images, [2, 2, 2], "));
  CHECK(has(listed, "           " + home.data + "/flickr8k/cut.annotations: "));
}

TEST_CASE("the numbers of a place are what the network makes of its pixel", "[command]") {
  const Home home;
  if (without_opencv(home)) return;
  using Numbers = std::vector<Real>;
  CHECK(home.numbers_of("b", {"--scale", "1", "--mean", "0"}) == Numbers{98, 320, 98, 320, 98, 320, 98, 350});
  CHECK(home.numbers_of("c", {"--scale", "2", "--mean", "99,1,1"}) == Numbers{0, 420, 0, 420, 0, 420, 0, 480});
  CHECK(home.numbers_of("c", {"--scale", "1,2,0.5", "--mean", "0"}) == Numbers{99, 190, 99, 190, 99, 190, 99, 250});
  CHECK(home.numbers_of("c", {"--scale", "1,2,0.25", "--mean", "0,0,91", "--bgr"}) ==
        Numbers{3, 240, 3, 240, 3, 240, 3, 300});
  CHECK(home.numbers_of("c", {"--scale", "1", "--mean", "3,2,1", "--bgr"}) ==
        Numbers{0, 9800, 0, 9800, 0, 9800, 0, 9832});  // 9,830 in float16
}

TEST_CASE("other photographs are annotated from a list", "[command]") {
  const Home home;
  if (without_opencv(home)) return;
  const std::string out = (home.folder / "x.annotations").string();
  const Arguments listed{"--images", home.images, "--list", home.list, "--size", "2", "--encoder", home.network};
  CHECK(refused(home.saccade(listed), "--images, --list and --out go together"));
  Arguments complete = listed;
  complete.insert(complete.end(), {"--out", out});
  CHECK(home.saccade(complete).code == 0);
  CHECK(Annotations::open(out).names() == std::vector<std::string>{"c"});
}

TEST_CASE("a network that is none, or is asked for what it has not, is told in a sentence", "[command]") {
  const Home home;
  if (without_opencv(home)) return;
  CHECK(refused(home.features({"--layer", "conv5"}), "tiny.onnx: the network has no layer conv5; its last ones are "));
  CHECK(refused(home.features({}, home.folder.write("text.onnx", "text").string()),
                "text.onnx: OpenCV cannot read this as an ONNX network: "));
  CHECK(refused(home.features({}, "/no.onnx"), "/no.onnx: cannot open: No such file"));
}

TEST_CASE("a photograph that cannot be decoded is named, and annotating goes on when it can be", "[command]") {
  const Home home;
  if (without_opencv(home)) return;
  const std::string broken = home.folder.write("data/flickr8k/images/a", "P6").string();
  CHECK(refused(home.features({}), broken + ": OpenCV cannot decode this as a picture"));
  home.folder.write("data/flickr8k/images/a", "");
  CHECK(refused(home.features({}), broken + ": OpenCV cannot decode this as a picture"));
  home.folder.write("data/flickr8k/images/a", "\xff\xd8\xff\xe0");
  CHECK(refused(home.features({}), broken + ": this JPEG is cut short: its end is missing"));
  fs::remove(broken);
  CHECK(refused(home.features({}), broken + ": this photograph is missing"));
  home.folder.write("data/flickr8k/images/a", Home::picture('a'));
  CHECK(has(home.features({}).out, "     3 of 3 images  100%"));
}

/// The photographs of Home annotated by its network, and a run that has learned their captions.
struct PhotographRun {
  Home home;
  std::string run = (home.folder / "run").string();

  /// @param world  the lines of its environment
  [[nodiscard]] Outcome train(const std::string& world, const std::string& attention = "soft") const {
    const fs::path config = home.folder.write("photographs.toml", fmt::format(R"(
[environment]
min_count = 1
{}
[agent]
kind = "show_attend_tell"
attention = "{}"
embedding = 4
hidden = 4
attention_hidden = 4
[trainer]
epochs = 1
batch = 1
shard = 1
)",
                                                                              world, attention));
    return run_command(home.outputs, {"run", config.string(), "--data", home.data, "--out", run, "--threads", "1"});
  }
  [[nodiscard]] Outcome show(const Arguments& more) const {
    Arguments arguments{"show", run, "--data", home.data, "--count", "1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_command(home.outputs, arguments);
  }
  /// Whether the photograph that was drawn is that of this letter.
  [[nodiscard]] bool shows(char letter) const {
    const Decoded drawn{home.folder.read("run/glimpses.png")};
    return drawn.has_colour(2 * 16 + 40, 2 * 44 + 40, {letter / 255.0, 2 / 255.0, 3 / 255.0});
  }
};

TEST_CASE("the attention of a run on annotations is shown on photographs, which training does without", "[command]") {
  const PhotographRun photographs;
  const Home& home = photographs.home;
  if (without_opencv(home)) return;
  CHECK(home.features({}).code == 0);
  fs::rename(home.images, home.folder / "away");
  REQUIRE(photographs.train("kind = \"flickr8k\"\nannotations = \"tiny-2\"\n").code == 0);
  CHECK(refused(photographs.show({}), home.images + "/c: this photograph is missing, which training does"));
  CHECK(photographs.show({"--images", (home.folder / "away").string()}).code == 0);
  CHECK(photographs.shows('c'));
  fs::rename(home.folder / "away", home.images);
  CHECK(photographs.show({}).code == 0);
  CHECK(photographs.shows('c'));
  CHECK(photographs.show({"--split", "validation"}).code == 0);
  CHECK(photographs.shows('a'));
  home.folder.write("data/flickr8k/images/c", "no picture");
  CHECK(refused(photographs.show({}), home.images + "/c: OpenCV cannot decode this as a picture"));
}

TEST_CASE("runs on annotations are compared by what people said of the photographs alone", "[command]") {
  const PhotographRun photographs;
  const Home& home = photographs.home;
  if (without_opencv(home)) return;
  CHECK(home.features({}).code == 0);
  const std::string world = "kind = \"flickr8k\"\nannotations = \"tiny-2\"\n";
  const std::string soft = (home.folder / "soft").string();
  REQUIRE(photographs.train(world).code == 0);
  fs::rename(photographs.run, soft);
  REQUIRE(photographs.train(world, "mean").code == 0);
  fs::remove(home.data + "/flickr8k/tiny-2.annotations");
  const Arguments compare{"compare", soft, photographs.run, "--resamples", "100", "--data", home.data};
  const Outcome complete = run_command(home.outputs, compare);
  CHECK(complete.code == 0);
  CHECK_FALSE(has(complete.out, "Nothing is said of test items"));
  fs::remove(home.data + "/flickr8k/Flickr8k.token.txt");
  const Outcome without = run_command(home.outputs, compare);
  CHECK(without.code == 0);
  CHECK(has(without.out, "Nothing is said of test items, as what people said of them cannot be had: "));
}

TEST_CASE("photographs of a list are shown from the folder that is named", "[command]") {
  const PhotographRun photographs;
  const Home& home = photographs.home;
  if (without_opencv(home)) return;
  CHECK(home.features({}).code == 0);
  const auto image = [](const char* name, const char* split) {
    return fmt::format(R"({{"filename": "{}", "split": "{}", "sentences": [{{"tokens": ["x"]}}]}})", name, split);
  };
  const fs::path list = home.folder.write("all.json", fmt::format(R"({{"images": [{}, {}, {}]}})", image("c", "train"),
                                                                  image("b", "val"), image("a", "test")));
  const std::string world = fmt::format("kind = \"karpathy\"\nfile = \"{}\"\nannotations = \"{}\"\n", list.string(),
                                        home.data + "/flickr8k/tiny-2.annotations");
  REQUIRE(photographs.train(world).code == 0);
  CHECK(refused(photographs.show({}), (home.folder / "a").string() + ": this photograph is missing"));
  CHECK(photographs.show({"--images", home.images}).code == 0);
  CHECK(photographs.shows('a'));
  CHECK(refused(photographs.show({"--images", "/nowhere"}), "--images: Directory does not exist: /nowhere"));
  fs::remove_all(photographs.run);
  CHECK(refused(photographs.train("kind = \"karpathy\"\nfile = \"all.json\"\n"),
                "environment.file: there is no file all.json from /"));
  fs::remove_all(photographs.run);
  REQUIRE(photographs.train(world + fmt::format("images = \"{}\"\n", home.images)).code == 0);
  CHECK(photographs.show({}).code == 0);
  CHECK(photographs.shows('a'));
}

TEST_CASE("mistakes in the arguments of data features are told in a sentence", "[command]") {
  const Home home;
  CHECK(has(home.saccade({"--help"}).out, "  saccade data features flickr8k"));
  CHECK(refused(home.saccade({"flickr8k"}), "--encoder is required"));
  if (without_opencv(home)) return;
  CHECK(refused(home.saccade({"--encoder", home.network, "--size", "2"}), "name a data set (flickr8k)"));
  CHECK(refused(home.saccade({"mnist", "--encoder", home.network, "--size", "2"}), "mnist has no photographs"));
  CHECK(refused(home.features({"--mean", "1,2"}), "--mean takes one number or three, got 2"));
  CHECK(refused(home.features({"--scale", "1,2"}), "--scale takes one number or three, got 2"));
  CHECK(refused(home.features({"--scale", "1,1,0"}), "--scale must be finite and not 0"));
  CHECK(refused(home.features({"--scale", "inf"}), "--scale must be finite and not 0"));
  CHECK(refused(home.features({"--mean", "nan"}), "--mean must be finite"));
  CHECK(refused(home.features({"--out", "/no/x"}), "/no/x.part: cannot be made: No such file"));
  CHECK(refused(home.saccade({"flickr8k", "--encoder", home.network, "--size", "2", "--data", "/nowhere"}),
                "no flickr8k data found; searched /nowhere/flickr8k; it is given out by its authors"));
}

}  // namespace
}  // namespace saccade::tests
