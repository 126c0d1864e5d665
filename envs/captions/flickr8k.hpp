#pragma once

#include <filesystem>

#include "envs/captions/captioned_images.hpp"

namespace saccade::envs::captions {

/// Flickr8k (Hodosh, Young and Hockenmaier 2013) from its standard files in `folder`:
///
///     Flickr8k.token.txt          a caption a line: image#number, a tab, the caption; numbers from 0 on
///     Flickr_8k.trainImages.txt   Flickr_8k.devImages.txt   Flickr_8k.testImages.txt       an image a line
///
/// plain or with ".gz", with line ends of Unix or DOS. Images stand in the order of their list, captions in that of
/// their numbers; captions are cut into words by tokenise(). Empty lines are passed over. As published there are 6,000,
/// 1,000 and 1,000 images with five captions each, and 92 more in no split, one of them, 2258277193_586949ec62.jpg.1,
/// without a photograph. Flickr30k's results_20130124.token has the same form.
///
/// @throws IoError  naming file and line: a file that is missing, a line that is no caption, a number that is
///                  given twice or left out, an image without captions, an image that is listed twice, a list without
///                  images
[[nodiscard]] CaptionSplits load_flickr8k(const std::filesystem::path& folder);

/// Whether the folder holds one of the four files, by name; load_flickr8k then names those that are missing.
[[nodiscard]] bool has_flickr8k(const std::filesystem::path& folder);

/// The folder of the photographs: images, Flicker8k_Dataset (as published) or Flickr8k_Dataset below `folder`.
/// @throws IoError  if there is none
[[nodiscard]] std::filesystem::path flickr8k_images(const std::filesystem::path& folder);

/// The same for who can do without photographs: where there is none, images, where they belong.
[[nodiscard]] std::filesystem::path flickr8k_images_or_their_place(const std::filesystem::path& folder);

}  // namespace saccade::envs::captions
