#include "envs/captions/karpathy.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <unordered_map>

#include "core/errors.hpp"
#include "core/io/file.hpp"

namespace saccade::envs::captions {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// Takes images out of the document while it is parsed.
class Reader {
 public:
  explicit Reader(const fs::path& path) : path_{path.string()} {}

  /// What becomes of a piece that was parsed: false drops it.
  bool keep(int depth, Json::parse_event_t event, const Json& piece) {
    if (depth == 1 && event == Json::parse_event_t::key) in_images_ = piece.get<std::string>() == "images";
    if (!in_images_ || depth != 2 || event != Json::parse_event_t::object_end) return true;
    read_image(piece);
    ++count_;
    return false;
  }

  CaptionSplits finish(const Json& document) {
    if (!document.is_object() || !document.contains("images") || !document.at("images").is_array()) {
      throw IoError(fmt::format("{}: expected an object with an array \"images\"", path_));
    }
    if (!document.at("images").empty()) fail("expected an object for each image");
    if (count_ == 0) throw IoError(fmt::format("{}: \"images\" is empty", path_));
    return std::move(splits_);
  }

 private:
  void read_image(const Json& from) {
    CaptionedImage image;
    image.file = text(from, "filename");
    if (from.contains("filepath")) image.file = fmt::format("{}/{}", text(from, "filepath"), image.file);
    const auto [first, is_new] = seen_.try_emplace(image.file, count_);
    if (!is_new) fail(fmt::format("{} is already images[{}]", image.file, first->second));
    add_captions(image, sentences(from), splits_);
    if (image.captions.empty()) fail(fmt::format("{} has no caption with a word", image.file));
    split(text(from, "split")).push_back(std::move(image));
  }

  std::vector<CaptionedImage>& split(const std::string& name) {
    if (name == "train") return splits_.train;
    if (name == "val") return splits_.validation;
    if (name == "test") return splits_.test;
    if (name == "restval") return splits_.rest;
    fail(fmt::format(R"("split" must be train, val, test or restval, got "{}")", name));
  }

  [[nodiscard]] std::vector<Tokens> sentences(const Json& from) const {
    std::vector<Tokens> all;
    for (const Json& sentence : array(from, "sentences")) {
      if (!sentence.is_object()) fail("\"sentences\" must hold objects");
      all.emplace_back();
      for (const Json& token : array(sentence, "tokens")) all.back().push_back(word(token));
    }
    return all;
  }

  [[nodiscard]] std::string word(const Json& token) const {
    const auto* text = token.get_ptr<const std::string*>();
    if (text == nullptr || text->empty() || text->find_first_of(" \t\n\v\f\r") != std::string::npos) {
      fail(fmt::format("\"tokens\" must hold words, got {}", token.dump()));
    }
    return *text;
  }

  [[nodiscard]] std::string text(const Json& from, const char* key) const {
    const auto found = from.find(key);
    if (found == from.end() || !found->is_string() || found->get<std::string>().empty()) {
      fail(fmt::format("\"{}\" must be a text", key));
    }
    return found->get<std::string>();
  }

  [[nodiscard]] const Json& array(const Json& from, const char* key) const {
    const auto found = from.find(key);
    if (found == from.end() || !found->is_array()) fail(fmt::format("\"{}\" must be an array", key));
    return *found;
  }

  [[noreturn]] void fail(const std::string& fault) const {
    throw IoError(fmt::format("{}: images[{}]: {}", path_, count_, fault));
  }

  std::string path_;
  bool in_images_ = false;
  std::size_t count_ = 0;
  std::unordered_map<std::string, std::size_t> seen_;
  CaptionSplits splits_;
};

}  // namespace

CaptionSplits load_karpathy(const fs::path& file) {
  Reader reader(file);
  Json document;
  try {
    document = Json::parse(io::read_file_or_gzip(file), [&](int depth, Json::parse_event_t event, Json& piece) {
      return reader.keep(depth, event, piece);
    });
  } catch (const Json::parse_error& error) {
    throw IoError(fmt::format("{}: no valid JSON at byte {}", file.string(), error.byte));
  }
  return reader.finish(document);
}

fs::path karpathy_images(const fs::path& file) {
  fs::path images = file.parent_path() / "images";
  return fs::is_directory(images) ? images : fs::absolute(file).parent_path();
}

}  // namespace saccade::envs::captions
