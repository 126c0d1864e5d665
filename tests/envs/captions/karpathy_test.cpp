#include "envs/captions/karpathy.hpp"

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/gzip.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/temp_folder.hpp"

namespace saccade::envs::captions {
namespace {

using namespace tests;

/// A small file in Karpathy's form.
constexpr const char* small = R"({
  "info": [{"filename": "not an image"}],
  "images": [
    {"sentids": [0, 1], "imgid": 0, "filename": "a.jpg", "split": "train",
     "sentences": [
       {"tokens": ["a", "kite", "over", "a", "beach"], "raw": "A kite over a beach.", "imgid": 0, "sentid": 0},
       {"tokens": ["somebody", "flies", "a", "kite"], "raw": "Somebody flies a kite", "imgid": 0, "sentid": 1}]},
    {"filepath": "val2014", "filename": "b.jpg", "split": "restval", "cocoid": 7,
     "sentences": [{"tokens": ["a", "bus"]}]},
    {"filename": "c.jpg", "split": "val", "sentences": [{"tokens": []}, {"tokens": ["a", "tram"]}]},
    {"filename": "d.jpg", "split": "train", "sentences": [
       {"tokens": ["1"]}, {"tokens": ["2"]}, {"tokens": ["3"]}, {"tokens": ["4"]}, {"tokens": ["5"]}, {"tokens": ["6"]}]},
    {"filename": "e.jpg", "split": "test", "sentences": [{"tokens": ["caf\u00e9"]}]}],
  "dataset": "small"
})";

void check_small(const CaptionSplits& splits) {
  REQUIRE(splits.train.size() == 2);
  CHECK(splits.train[0].file == "a.jpg");
  CHECK(splits.train[0].captions ==
        std::vector<Tokens>{{"a", "kite", "over", "a", "beach"}, {"somebody", "flies", "a", "kite"}});
  CHECK(splits.train[1].captions == std::vector<Tokens>{{"1"}, {"2"}, {"3"}, {"4"}, {"5"}});
  REQUIRE(splits.rest.size() == 1);
  CHECK(splits.rest[0].file == "val2014/b.jpg");
  REQUIRE(splits.validation.size() == 1);
  CHECK(splits.validation[0].captions == std::vector<Tokens>{{"a", "tram"}});
  REQUIRE(splits.test.size() == 1);
  CHECK(splits.test[0].captions == std::vector<Tokens>{{"caf\xc3\xa9"}});
  CHECK(splits.empty_captions == 1);
  CHECK(splits.excess_captions == 1);
  CHECK(splits.images_in_no_split == 0);
}

TEST_CASE("Karpathy's form is read, plain and compressed", "[captions]") {
  const TempFolder folder;
  check_small(load_karpathy(folder.write("small.json", small)));
  check_small(load_karpathy(folder.write("small.json.gz", gzip(small))));
}

TEST_CASE("the photographs of Karpathy's form are in images or beside the file", "[captions]") {
  const TempFolder folder;
  CHECK(karpathy_images(folder / "small.json") == folder.path());
  CHECK(karpathy_images("small.json") == std::filesystem::current_path());
  folder.write("images/a.jpg", "");
  CHECK(karpathy_images(folder / "small.json") == folder / "images");
}

std::string error_of(const std::string& contents) {
  const TempFolder folder;
  const std::filesystem::path file = folder.write("small.json", contents);
  return message_of<IoError>([&] { (void)load_karpathy(file); }).substr(folder.path().string().size() + 1);
}

/// After one right image, this one.
std::string error_of_image(const std::string& image) {
  return error_of(R"({"images": [{"filename": "a", "split": "val", "sentences": [{"tokens": ["a"]}]}, )" + image +
                  "]}");
}

TEST_CASE("what is not in Karpathy's form is told", "[captions]") {
  CHECK(error_of("") == "small.json: no valid JSON at byte 1");
  CHECK(error_of(std::string(small).substr(0, 500)) == "small.json: no valid JSON at byte 501");
  for (const char* text : {"[]", "1", "{}", R"({"images": {}})", R"([{"images": []}])"}) {
    CHECK(error_of(text) == "small.json: expected an object with an array \"images\"");
  }
  CHECK(error_of(R"({"images": []})") == "small.json: \"images\" is empty");
  CHECK(error_of_image("7") == "small.json: images[1]: expected an object for each image");
}

TEST_CASE("faulty images in Karpathy's form are told by their number", "[captions]") {
  const std::string right = R"("sentences": [{"tokens": ["a"]}])";
  CHECK(error_of_image(R"({"split": "val", )" + right + "}") == "small.json: images[1]: \"filename\" must be a text");
  CHECK(error_of_image(R"({"filename": "b", )" + right + "}") == "small.json: images[1]: \"split\" must be a text");
  CHECK(error_of_image(R"({"filename": "b", "split": "dev", )" + right + "}") ==
        "small.json: images[1]: \"split\" must be train, val, test or restval, got \"dev\"");
  CHECK(error_of_image(R"({"filename": "a", "split": "test", )" + right + "}") ==
        "small.json: images[1]: a is already images[0]");
  CHECK(error_of_image(R"({"filename": "b", "split": "val"})") ==
        "small.json: images[1]: \"sentences\" must be an array");
}

TEST_CASE("faulty captions in Karpathy's form are told by their image", "[captions]") {
  const auto error = [](const std::string& sentences) {
    return error_of_image(R"({"filename": "b", "split": "val", "sentences": )" + sentences + "}");
  };
  CHECK(error("[]") == "small.json: images[1]: b has no caption with a word");
  CHECK(error(R"([{"tokens": []}])") == "small.json: images[1]: b has no caption with a word");
  CHECK(error("[7]") == "small.json: images[1]: \"sentences\" must hold objects");
  CHECK(error(R"([{"raw": "A"}])") == "small.json: images[1]: \"tokens\" must be an array");
  CHECK(error(R"([{"tokens": [7]}])") == "small.json: images[1]: \"tokens\" must hold words, got 7");
  CHECK(error(R"([{"tokens": [""]}])") == "small.json: images[1]: \"tokens\" must hold words, got \"\"");
  CHECK(error(R"([{"tokens": ["a b"]}])") == "small.json: images[1]: \"tokens\" must hold words, got \"a b\"");
}

}  // namespace
}  // namespace saccade::envs::captions
