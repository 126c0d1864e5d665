#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace saccade::io {

/// An array of bytes in the IDX format of LeCun's MNIST files, row-major: for images the shape is {count, height,
/// width}, for labels {count}.
struct IdxArray {
  std::vector<std::uint32_t> shape;
  std::vector<std::uint8_t> values;
};

/// Reads an IDX file of unsigned bytes, plain or compressed with gzip. The layout is two zero bytes, the type of the
/// values (08 for unsigned bytes, the only one accepted), the rank, one big-endian 32-bit size for each dimension, and
/// the values. A file that is no IDX file, holds another type, or whose values are fewer or more than its sizes promise
/// is an IoError with the path and the byte. Offsets count in the expanded contents. Nothing is allocated on the word
/// of a header alone.
IdxArray read_idx(const std::filesystem::path& path);

/// The same for a caller that needs a given rank: 3 for images, 1 for labels. Another rank is an IoError, so that a
/// file of labels passed for one of images is noticed here.
IdxArray read_idx(const std::filesystem::path& path, std::size_t rank);

}  // namespace saccade::io
