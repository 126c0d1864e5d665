#include "envs/captions/flickr8k.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/gzip.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/temp_folder.hpp"

namespace saccade::envs::captions {
namespace {

using namespace tests;

constexpr const char* captions_file = "Flickr8k.token.txt";
constexpr const char* train_list = "Flickr_8k.trainImages.txt";
constexpr const char* validation_list = "Flickr_8k.devImages.txt";
constexpr const char* test_list = "Flickr_8k.testImages.txt";

constexpr const char* captions =
    "b.jpg#0\tA dog .\n"
    "b.jpg#1\tTwo dogs , playing\n"
    "a.jpg#1\tThe second of a\n"
    "a.jpg#0\tThe first of a\n"
    "c.jpg#0\tA cat\n"
    "d.jpg.1#0\tIn no split\n"
    "e.jpg#0\tTest it !\n";

/// A small Flickr8k.
TempFolder& write(TempFolder& folder, const std::string& end = "\n") {
  std::string text = captions;
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += end.size()) text.replace(at, 1, end);
  folder.write(captions_file, text);
  folder.write(train_list, "b.jpg" + end + "a.jpg" + end);
  folder.write(validation_list, "c.jpg" + end);
  folder.write(test_list, "e.jpg");
  return folder;
}

void check_splits(const CaptionSplits& splits) {
  REQUIRE(splits.train.size() == 2);
  CHECK(splits.train[0].file == "b.jpg");
  CHECK(splits.train[0].captions == std::vector<Tokens>{{"a", "dog"}, {"two", "dogs", "playing"}});
  CHECK(splits.train[1].file == "a.jpg");
  CHECK(splits.train[1].captions == std::vector<Tokens>{{"the", "first", "of", "a"}, {"the", "second", "of", "a"}});
  REQUIRE(splits.validation.size() == 1);
  CHECK(splits.validation[0].file == "c.jpg");
  REQUIRE(splits.test.size() == 1);
  CHECK(splits.test[0].captions == std::vector<Tokens>{{"test", "it"}});
  CHECK(splits.rest.empty());
  CHECK(splits.images_in_no_split == 1);
  CHECK(splits.empty_captions == 0);
  CHECK(splits.excess_captions == 0);
}

/// What is said of the small Flickr8k once a file holds something else.
std::string error_with(const char* name, const std::string& contents) {
  TempFolder folder;
  write(folder).write(name, contents);
  std::string message = message_of<IoError>([&] { (void)load_flickr8k(folder.path()); });
  const std::string prefix = (folder / "").string();
  for (std::size_t at = 0; (at = message.find(prefix)) != std::string::npos;) message.erase(at, prefix.size());
  return message;
}

TEST_CASE("Flickr8k is read in the order of its lists", "[captions]") {
  TempFolder folder;
  CHECK_FALSE(has_flickr8k(folder.path()));
  check_splits(load_flickr8k(write(folder).path()));
  CHECK(has_flickr8k(folder.path()));
}

TEST_CASE("Flickr8k is read with line ends of DOS, empty lines and compressed", "[captions]") {
  TempFolder folder;
  check_splits(load_flickr8k(write(folder, "\r\n").path()));
  check_splits(load_flickr8k(write(folder, "\n\n").path()));
  std::filesystem::remove(folder / captions_file);
  folder.write(std::string(captions_file) + ".gz", gzip(captions));
  check_splits(load_flickr8k(folder.path()));
}

TEST_CASE("a missing file of Flickr8k is named", "[captions]") {
  for (const char* name : {captions_file, train_list, validation_list, test_list}) {
    TempFolder folder;
    write(folder);
    std::filesystem::remove(folder / name);
    CHECK(message_of<IoError>([&] { (void)load_flickr8k(folder.path()); }) ==
          (folder / name).string() + ": this file is missing");
  }
}

TEST_CASE("how to get a missing file of Flickr8k is told where it is looked for", "[captions]") {
  const TempFolder folder;
  folder.write("flickr8k/Flickr8k.token.txt", captions);
  CHECK(has(message_of<IoError>([&] { (void)load_flickr8k(folder / "flickr8k"); }),
            "Flickr_8k.trainImages.txt: this file is missing; it is given out by its authors"));
}

TEST_CASE("lines of Flickr8k that are no captions are told with their number", "[captions]") {
  for (const char* line : {"b.jpg#2 no tab", "b.jpg\tno number", "b.jpg#\tno number", "b.jpg#x\tno number",
                           "b.jpg#1x\tno number", "b.jpg#-1\tno number", "#2\tno image"}) {
    CHECK(error_with(captions_file, std::string("c.jpg#0\tA cat\r\n") + line + "\r\n") ==
          fmt::format("Flickr8k.token.txt:2: expected image#number, a tab and a caption, got \"{}\"", line));
  }
}

TEST_CASE("captions of Flickr8k have each number once, from 0 on", "[captions]") {
  const std::string text = captions;
  CHECK(error_with(captions_file, text + "b.jpg#1\tAgain\n") ==
        "Flickr8k.token.txt:8: caption 1 of b.jpg is already in line 2");
  CHECK(error_with(captions_file, text + "b.jpg#3\tThe third is left out\n") ==
        "Flickr8k.token.txt:8: there is a caption 3 of b.jpg, but no caption 2");
}

TEST_CASE("captions without words and in excess of five are left out and counted", "[captions]") {
  TempFolder folder;
  std::string text = captions;
  for (int i = 2; i < 8; ++i) text += fmt::format("b.jpg#{}\t{}\n", i, i == 3 ? " . " : "more");
  write(folder).write(captions_file, text);
  const CaptionSplits splits = load_flickr8k(folder.path());
  CHECK(splits.train[0].captions.size() == 5);
  CHECK(splits.train[0].captions[4] == Tokens{"more"});
  CHECK(splits.empty_captions == 1);
  CHECK(splits.excess_captions == 2);
}

TEST_CASE("images of Flickr8k's lists have captions and are listed once", "[captions]") {
  CHECK(has(error_with(validation_list, "c.jpg\nx.jpg\n"),
            "Flickr_8k.devImages.txt:2: x.jpg has no caption in Flickr8k.token.txt"));
  CHECK(error_with(train_list, "a.jpg\n\nb.jpg\na.jpg \n") ==
        "Flickr_8k.trainImages.txt:4: a.jpg is already listed in Flickr_8k.trainImages.txt:1");
  CHECK(error_with(test_list, "e.jpg\nb.jpg\n") ==
        "Flickr_8k.testImages.txt:2: b.jpg is already listed in Flickr_8k.trainImages.txt:1");
  CHECK(error_with(test_list, "\n\n") == "Flickr_8k.testImages.txt: this list holds no image");
  CHECK(error_with(captions_file, std::string(captions) + "f.jpg#0\t!\n") == "(no error)");
  std::string wordless = captions;
  wordless.replace(wordless.find("A cat"), 5, " . ");
  CHECK(error_with(captions_file, wordless) ==
        "Flickr_8k.devImages.txt:1: c.jpg has no caption with a word in Flickr8k.token.txt");
}

TEST_CASE("the photographs of Flickr8k have a folder of several names", "[captions]") {
  const TempFolder folder;
  CHECK(has(message_of<IoError>([&] { (void)flickr8k_images(folder.path()); }), "holds no folder of photographs"));
  CHECK(flickr8k_images_or_their_place(folder.path()) == folder / "images");
  folder.write("Flicker8k_Dataset/a.jpg", "");
  CHECK(flickr8k_images(folder.path()) == folder / "Flicker8k_Dataset");
  CHECK(flickr8k_images_or_their_place(folder.path()) == folder / "Flicker8k_Dataset");
  folder.write("images/a.jpg", "");
  CHECK(flickr8k_images(folder.path()) == folder / "images");
}

}  // namespace
}  // namespace saccade::envs::captions
