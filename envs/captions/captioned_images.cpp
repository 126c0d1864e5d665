#include "envs/captions/captioned_images.hpp"

namespace saccade::envs::captions {

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
