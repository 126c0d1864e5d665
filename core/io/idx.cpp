#include "core/io/idx.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/errors.hpp"
#include "core/io/file.hpp"

namespace saccade::io {
namespace {

constexpr std::size_t magic_bytes = 4;
constexpr std::size_t size_bytes = 4;
constexpr unsigned unsigned_byte = 0x08;

unsigned byte_at(std::string_view contents, std::size_t offset) { return static_cast<unsigned char>(contents[offset]); }

std::uint32_t size_at(std::string_view contents, std::size_t offset) {
  std::uint32_t size = 0;
  for (std::size_t i = 0; i < size_bytes; ++i) size = (size << 8) | byte_at(contents, offset + i);
  return size;
}

std::string_view name_of_type(unsigned type) {
  switch (type) {
    case 0x08: return "unsigned bytes";
    case 0x09: return "signed bytes";
    case 0x0b: return "16-bit integers";
    case 0x0c: return "32-bit integers";
    case 0x0d: return "32-bit floats";
    case 0x0e: return "64-bit floats";
    default: return "an unknown type";
  }
}

void check_magic(const std::string& path, std::string_view contents) {
  if (contents.size() < magic_bytes) {
    throw IoError(fmt::format("{}: truncated: an IDX file starts with 4 bytes of magic number, this one has {} bytes",
                              path, contents.size()));
  }
  if (byte_at(contents, 0) != 0 || byte_at(contents, 1) != 0) {
    throw IoError(fmt::format("{}: not an IDX file: it starts with the bytes {:02x} {:02x} instead of 00 00", path,
                              byte_at(contents, 0), byte_at(contents, 1)));
  }
  const unsigned type = byte_at(contents, 2);
  if (type != unsigned_byte) {
    throw IoError(
        fmt::format("{}: byte 2 says that the IDX values are {} ({:02x}); only unsigned bytes (08) can be read", path,
                    name_of_type(type), type));
  }
  if (byte_at(contents, 3) == 0) throw IoError(fmt::format("{}: byte 3 gives the IDX array the rank 0", path));
}

std::vector<std::uint32_t> read_shape(const std::string& path, std::string_view contents) {
  const std::size_t rank = byte_at(contents, 3);
  const std::size_t header = magic_bytes + rank * size_bytes;
  if (contents.size() < header) {
    throw IoError(fmt::format("{}: truncated: the IDX header of rank {} takes {} bytes, the file ends at byte {}", path,
                              rank, header, contents.size()));
  }
  std::vector<std::uint32_t> shape(rank);
  for (std::size_t i = 0; i < rank; ++i) shape[i] = size_at(contents, magic_bytes + i * size_bytes);
  return shape;
}

/// Nothing when the product is too large for the machine.
std::optional<std::size_t> count(std::span<const std::uint32_t> shape) {
  std::size_t product = 1;
  for (const std::uint32_t size : shape) {
    if (__builtin_mul_overflow(product, std::size_t{size}, &product)) return std::nullopt;
  }
  return product;
}

void check_count(const std::string& path, std::span<const std::uint32_t> shape, std::size_t header, std::size_t held) {
  const std::optional<std::size_t> promised = count(shape);
  if (promised == held) return;
  const std::string sizes = fmt::format("{}", fmt::join(shape, "x"));
  if (!promised) throw IoError(fmt::format("{}: the IDX header promises an impossible {} values", path, sizes));
  throw IoError(fmt::format("{}: {}: the IDX header promises {} = {} values from byte {} on, the file holds {}", path,
                            held < *promised ? "truncated" : "trailing bytes", sizes, *promised, header, held));
}

}  // namespace

IdxArray read_idx(const std::filesystem::path& path) {
  const std::string contents = read_file_or_gzip(path);
  check_magic(path.string(), contents);
  std::vector<std::uint32_t> shape = read_shape(path.string(), contents);
  const std::size_t header = magic_bytes + shape.size() * size_bytes;
  check_count(path.string(), shape, header, contents.size() - header);
  const auto values = std::string_view(contents).substr(header);
  return {std::move(shape), std::vector<std::uint8_t>(values.begin(), values.end())};
}

IdxArray read_idx(const std::filesystem::path& path, std::size_t rank) {
  IdxArray array = read_idx(path);
  if (array.shape.size() != rank) {
    throw IoError(fmt::format("{}: expected an IDX array of rank {}, the file holds one of rank {} ({})", path.string(),
                              rank, array.shape.size(), fmt::join(array.shape, "x")));
  }
  return array;
}

}  // namespace saccade::io
