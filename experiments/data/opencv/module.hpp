#pragma once

#include "experiments/data/encoder.hpp"

/// What the shared library that is linked with OpenCV offers. It is a library of its own, loaded when it is needed,
/// because OpenCV's readers of pictures bring a hundred libraries with them, which take a tenth of a second and 40 MB
/// of every command that is linked with them.
namespace saccade::experiments::opencv {

using MakeEncoder = Encoder*(const EncoderSettings&);

inline constexpr const char* make_encoder_name = "saccade_make_opencv_encoder";

}  // namespace saccade::experiments::opencv
