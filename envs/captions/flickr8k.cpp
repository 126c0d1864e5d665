#include "envs/captions/flickr8k.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "core/errors.hpp"
#include "core/io/file.hpp"
#include "envs/captions/lines.hpp"
#include "envs/data_sets.hpp"

namespace saccade::envs::captions {
namespace {

namespace fs = std::filesystem;

constexpr const char* token_file = "Flickr8k.token.txt";
constexpr std::array<const char*, 4> file_names{token_file, "Flickr_8k.trainImages.txt", "Flickr_8k.devImages.txt",
                                                "Flickr_8k.testImages.txt"};
constexpr std::array<const char*, 3> image_folders{"images", "Flicker8k_Dataset", "Flickr8k_Dataset"};

/// The plain file if it is there, else the compressed one, else the plain one for the message.
fs::path locate(const fs::path& folder, const std::string& name) {
  const fs::path plain = folder / name;
  const fs::path compressed = folder / (name + ".gz");
  return !fs::exists(plain) && fs::exists(compressed) ? compressed : plain;
}

void check_complete(const fs::path& folder) {
  for (const char* name : file_names) {
    const fs::path path = locate(folder, name);
    if (fs::exists(path)) continue;
    const bool usual = folder.filename() == "flickr8k";
    throw IoError(fmt::format("{}: this file is missing{}", path.string(),
                              usual ? fetch_hint("flickr8k", folder.parent_path()) : ""));
  }
}

/// A line of a file, for messages.
struct Place {
  const fs::path* path;
  std::size_t line;

  [[noreturn]] void fail(const std::string& fault) const {
    throw IoError(fmt::format("{}:{}: {}", path->string(), line, fault));
  }
};

struct NumberedCaption {
  Tokens tokens;
  std::size_t line;
};

/// The captions of each image, by number.
using Captions = std::unordered_map<std::string, std::map<std::size_t, NumberedCaption>>;

std::optional<std::size_t> number_in(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

void read_caption(const Place& place, std::string_view line, Captions& captions) {
  const std::size_t tab = line.find('\t');
  const std::string_view id = line.substr(0, tab);
  const std::size_t mark = id.rfind('#');
  const bool complete = tab != std::string_view::npos && mark != std::string_view::npos && mark > 0;
  const auto number = complete ? number_in(id.substr(mark + 1)) : std::nullopt;
  if (!number) place.fail(fmt::format("expected image#number, a tab and a caption, got \"{}\"", line.substr(0, 80)));
  const std::string image(id.substr(0, mark));
  const auto added = captions[image].try_emplace(*number, NumberedCaption{tokenise(line.substr(tab + 1)), place.line});
  if (!added.second) {
    place.fail(fmt::format("caption {} of {} is already in line {}", *number, image, added.first->second.line));
  }
}

Captions read_captions(const fs::path& path) {
  Captions captions;
  for_each_line(io::read_file_or_gzip(path), [&](std::size_t number, std::string_view line) {
    if (!line.empty()) read_caption({&path, number}, line, captions);
  });
  return captions;
}

/// Reads the lists, one after the other.
class Lists {
 public:
  Lists(const fs::path& folder, Captions captions)
      : folder_{folder}, token_path_{locate(folder, token_file)}, captions_{std::move(captions)} {}

  std::vector<CaptionedImage> read(const char* name) {
    const fs::path path = locate(folder_, name);
    std::vector<CaptionedImage> images;
    for_each_line(io::read_file_or_gzip(path), [&](std::size_t number, std::string_view line) {
      const std::string_view image = line.substr(0, line.find_last_not_of(" \t") + 1);
      if (!image.empty()) images.push_back(take({&path, number}, std::string(image)));
    });
    if (images.empty()) throw IoError(fmt::format("{}: this list holds no image", path.string()));
    return images;
  }

  [[nodiscard]] std::size_t left() const { return captions_.size() - seen_.size(); }
  [[nodiscard]] const CaptionSplits& counts() const { return counts_; }

 private:
  CaptionedImage take(const Place& place, const std::string& name) {
    const auto [first, is_new] = seen_.try_emplace(name, place_text(place));
    if (!is_new) place.fail(fmt::format("{} is already listed in {}", name, first->second));
    const auto found = captions_.find(name);
    if (found == captions_.end()) place.fail(fmt::format("{} has no caption in {}", name, token_path_.string()));
    CaptionedImage image{name, {}};
    add_captions(image, in_order(name, found->second), counts_);
    if (image.captions.empty()) {
      place.fail(fmt::format("{} has no caption with a word in {}", name, token_path_.string()));
    }
    return image;
  }

  static std::string place_text(const Place& place) {
    return fmt::format("{}:{}", place.path->filename().string(), place.line);
  }

  [[nodiscard]] std::vector<Tokens> in_order(const std::string& name,
                                             const std::map<std::size_t, NumberedCaption>& numbered) const {
    std::vector<Tokens> captions;
    for (const auto& [number, caption] : numbered) {
      if (number != captions.size()) {
        Place{&token_path_, caption.line}.fail(
            fmt::format("there is a caption {} of {}, but no caption {}", number, name, captions.size()));
      }
      captions.push_back(caption.tokens);
    }
    return captions;
  }

  fs::path folder_;
  fs::path token_path_;
  Captions captions_;
  std::unordered_map<std::string, std::string> seen_;
  CaptionSplits counts_;
};

}  // namespace

CaptionSplits load_flickr8k(const fs::path& folder) {
  check_complete(folder);
  Lists lists(folder, read_captions(locate(folder, token_file)));
  CaptionSplits splits;
  splits.train = lists.read(file_names[1]);
  splits.validation = lists.read(file_names[2]);
  splits.test = lists.read(file_names[3]);
  splits.images_in_no_split = lists.left();
  splits.empty_captions = lists.counts().empty_captions;
  splits.excess_captions = lists.counts().excess_captions;
  return splits;
}

bool has_flickr8k(const fs::path& folder) {
  return std::any_of(file_names.begin(), file_names.end(),
                     [&](const char* name) { return fs::exists(locate(folder, name)); });
}

fs::path flickr8k_images_or_their_place(const fs::path& folder) {
  for (const char* name : image_folders) {
    if (fs::is_directory(folder / name)) return folder / name;
  }
  return folder / image_folders[0];
}

fs::path flickr8k_images(const fs::path& folder) {
  fs::path images = flickr8k_images_or_their_place(folder);
  if (fs::is_directory(images)) return images;
  throw IoError(fmt::format("{}: holds no folder of photographs: images, Flicker8k_Dataset or Flickr8k_Dataset",
                            folder.string()));
}

}  // namespace saccade::envs::captions
