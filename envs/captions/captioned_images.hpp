#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "envs/captions/tokens.hpp"

namespace saccade::envs::captions {

struct CaptionedImage {
  std::string file;              ///< its name, below the folder of the images
  std::vector<Tokens> captions;  ///< at least one; none is empty
};

/// Images with their captions, split for training, choosing and testing. No image is in two splits.
struct CaptionSplits {
  std::vector<CaptionedImage> train;
  std::vector<CaptionedImage> validation;
  std::vector<CaptionedImage> test;
  /// Karpathy's "restval" of COCO: validation images that his splits leave over. Some papers train on them too, others
  /// do not, so who trains on them must say it.
  std::vector<CaptionedImage> rest;

  // What the files hold beside that.
  std::size_t images_in_no_split = 0;  ///< have captions, but are in no split
  std::size_t empty_captions = 0;      ///< were left out: they hold no word
  std::size_t excess_captions = 0;     ///< were left out: their image has enough
};

/// How many captions of an image are read: the first so many. Xu et al. 2015 discard what COCO has in excess of five.
inline constexpr std::size_t captions_per_image = 5;

/// The SHA-256 digest of what the splits train, choose and test with: images, captions and their order.
[[nodiscard]] std::string digest_of(const CaptionSplits& splits);

/// Adds captions to an image: those without a word and those in excess are counted and left out.
void add_captions(CaptionedImage& image, std::vector<Tokens> captions, CaptionSplits& counts,
                  std::size_t most = captions_per_image);

}  // namespace saccade::envs::captions
