#pragma once

#include <filesystem>

#include "envs/captions/captioned_images.hpp"

namespace saccade::envs::captions {

/// Captions and splits in the form of Karpathy's dataset_flickr8k.json, dataset_flickr30k.json and dataset_coco.json,
/// plain or compressed with gzip:
///
///     {"images": [{"filename": "1.jpg", "filepath": "val2014", "split": "train",
///                  "sentences": [{"tokens": ["a", "dog"], ...}, ...], ...}, ...], ...}
///
/// Splits are train, val, test and restval. Tokens are taken as they are: they are in small letters and without
/// punctuation already. With a `filepath`, which COCO has, the image's name is filepath/filename. Other keys are passed
/// over. Images are kept one by one, so that the file itself is the most that it takes in memory.
///
/// @throws IoError  naming the file and the byte or the image: no JSON, a key that is missing or of the wrong type, an
///                  unknown split, an image without captions, an image that is there twice
[[nodiscard]] CaptionSplits load_karpathy(const std::filesystem::path& file);

/// The folder below which the images have their names, if nothing else is said: images beside the file if there is such
/// a folder, else the one that the file is in, where COCO's val2014 and train2014 may be.
[[nodiscard]] std::filesystem::path karpathy_images(const std::filesystem::path& file);

}  // namespace saccade::envs::captions
