#include "envs/captions/captioned_images.hpp"

#include "core/io/sha256.hpp"

namespace saccade::envs::captions {
namespace {

/// A line for each image and, after it, one for each of its captions.
void add_lines(std::string& text, const char* split, const std::vector<CaptionedImage>& images) {
  text.append(split) += '\n';
  for (const CaptionedImage& image : images) {
    text.append(image.file) += '\n';
    for (const Tokens& caption : image.captions) text.append("\t").append(join(caption)) += '\n';
  }
}

}  // namespace

std::string digest_of(const CaptionSplits& splits) {
  std::string text;
  add_lines(text, "train:", splits.train);
  add_lines(text, "validation:", splits.validation);
  add_lines(text, "test:", splits.test);
  return io::sha256_of(text);
}

void add_captions(CaptionedImage& image, std::vector<Tokens> captions, CaptionSplits& counts, std::size_t most) {
  for (Tokens& caption : captions) {
    if (caption.empty()) {
      ++counts.empty_captions;
    } else if (image.captions.size() == most) {
      ++counts.excess_captions;
    } else {
      image.captions.push_back(std::move(caption));
    }
  }
}

}  // namespace saccade::envs::captions
