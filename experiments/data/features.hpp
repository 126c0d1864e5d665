#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "envs/captions/annotations.hpp"
#include "envs/captions/captioned_images.hpp"
#include "experiments/data/encoder.hpp"

namespace saccade::experiments {

/// The images of all splits: training, validation, test, and what is left over.
[[nodiscard]] std::vector<std::string> image_names(const envs::captions::CaptionSplits& splits);

/// What the file of annotations will say of its making. @throws IoError  if the network's file cannot be read
[[nodiscard]] envs::captions::AnnotationSource source_of(const EncoderSettings& settings, const Encoder& encoder);

struct FeatureCallbacks {
  std::function<void(std::size_t done, std::size_t all)> on_progress = {};  ///< at the start and after each image
  std::function<bool()> stop = {};                                          ///< whether to throw Interrupted
};

/// Annotates the photographs `names` in `folder` and keeps the result in the file `target`, whose folder must exist.
/// What an earlier call has done, however it ended, is not done again.
///
/// @return false if the target was there already, whole and made in just this way of these images
/// @throws IoError         the target is there, made in another way; a photograph that is missing, before any is
///                         annotated, or that cannot be decoded, naming it; what AnnotationWriter throws
/// @throws NonFiniteError  naming the image: the network yields what cannot be kept
/// @throws Interrupted     when the callback `stop` says so; the same call goes on later
bool annotate(const std::filesystem::path& folder, const std::vector<std::string>& names, Encoder& encoder,
              const envs::captions::AnnotationSource& source, const std::filesystem::path& target,
              const FeatureCallbacks& callbacks = {});

}  // namespace saccade::experiments
