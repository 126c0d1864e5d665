#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Named arrays in the safetensors layout, which Python's safetensors and PyTorch read and write too: the length of the
/// header in 8 little-endian bytes; the header, a JSON object with `dtype`, `shape` and `data_offsets` of each array
/// and the strings of `__metadata__`, filled up with spaces to a multiple of 8; then the values, row-major and
/// little-endian, without gaps.
namespace saccade::io {

/// The element types that headers may name. F16, IEEE's binary16, has no C++ type here: who reads such arrays takes
/// their bytes from where the layout says.
enum class DType { f64, i64, f32, f16, u8 };

/// The name of a type in the header: "F32".
std::string_view name(DType dtype);

/// An array as the header of its file describes it; `begin` and `end` count bytes from the start of the values.
struct ArrayEntry {
  std::string name;
  DType dtype;
  std::vector<std::size_t> shape;
  std::size_t begin;
  std::size_t end;
};

/// One array to be written. The values stay where they are and must live until `write_safetensors` returns.
struct NamedArray {
  std::string name;
  std::vector<std::size_t> shape;
  std::variant<std::span<const double>, std::span<const std::int64_t>, std::span<const float>,
               std::span<const std::uint8_t>>
      values;
};

/// Sorted by key, so that the same metadata always give the same bytes.
using Metadata = std::map<std::string, std::string, std::less<>>;

/// Writes the arrays, complete or not at all (see AtomicFile). In the file, types with larger
/// elements come first, and arrays of one type are sorted by name; this keeps every array aligned, and the bytes depend
/// on the contents alone and not on the order of `arrays`. A shape that does not fit its values, a name used twice, and
/// text that is not UTF-8 are errors, found before anything is written.
void write_safetensors(const std::filesystem::path& path, std::span<const NamedArray> arrays,
                       const Metadata& metadata = {});

/// Where the arrays of a file lie, for files that are written and read in pieces.
struct SafeTensorsLayout {
  std::vector<ArrayEntry> arrays;  ///< in the order of the data
  Metadata metadata;
  std::size_t data_begin = 0;  ///< the byte of the file at which the values start
};

/// All bytes before the values, for arrays that follow one another without gaps. Text that is not UTF-8 is an
/// ArgumentError.
std::string safetensors_head(std::span<const ArrayEntry> arrays, const Metadata& metadata = {});

/// Reads and checks the header of a file whose bytes are given, as SafeTensors does; the values are not looked at.
SafeTensorsLayout read_safetensors_layout(const std::filesystem::path& path, std::span<const std::byte> file);

/// A safetensors file in memory. Opening checks all of it: a header that is too long, is no JSON or repeats a key, an
/// unknown dtype, offsets that disagree with the shape, overlap, leave a gap, lie outside the file or are misaligned,
/// and missing or surplus data are each an IoError with the path, the array and what is wrong. The spans given out live
/// as long as the object and survive its being moved.
class SafeTensors {
 public:
  explicit SafeTensors(const std::filesystem::path& path);

  /// All names, in the order of the data.
  std::vector<std::string> names() const;

  const Metadata& metadata() const { return metadata_; }

  bool contains(std::string_view name) const { return find(name) != nullptr; }

  /// These three are IoErrors when the file holds no array of that name; `values` also when its type is not T, which is
  /// double, std::int64_t, float or std::uint8_t.
  const std::vector<std::size_t>& shape(std::string_view name) const { return at(name).shape; }
  DType dtype(std::string_view name) const { return at(name).dtype; }
  template <typename T>
  std::span<const T> values(std::string_view name) const;

 private:
  const ArrayEntry* find(std::string_view name) const;
  const ArrayEntry& at(std::string_view name) const;

  std::string path_;
  std::vector<std::byte> data_;
  std::vector<ArrayEntry> entries_;
  Metadata metadata_;
};

}  // namespace saccade::io
