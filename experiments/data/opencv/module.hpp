#pragma once

#include "experiments/data/encoder.hpp"
#include "experiments/data/photograph.hpp"

/// What the shared library that is linked with OpenCV offers; its sources, in this folder, are the only ones that know
/// of OpenCV, and use nothing of Saccade's libraries but headers. It is a library of its own, loaded when it is needed,
/// because OpenCV's readers of pictures bring a hundred libraries with them, which take a tenth of a second and 40 MB
/// of every command that is linked with them.
namespace saccade::experiments::opencv {

using MakeEncoder = Encoder*(const EncoderSettings&);
using ReadPhotograph = void(const std::filesystem::path&, std::size_t longest_side, Photograph& into);

inline constexpr const char* make_encoder_name = "saccade_make_opencv_encoder";
inline constexpr const char* read_photograph_name = "saccade_read_photograph_by_opencv";

}  // namespace saccade::experiments::opencv
