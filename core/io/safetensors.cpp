#include "core/io/safetensors.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <tuple>
#include <type_traits>
#include <utility>

#include "core/errors.hpp"
#include "core/io/file.hpp"

namespace saccade::io {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

static_assert(std::endian::native == std::endian::little, "safetensors values are little-endian");

constexpr std::size_t length_bytes = 8;
constexpr std::size_t alignment = 8;
constexpr std::uint64_t longest_header = 100'000'000;  // the limit of the reference implementation
constexpr std::string_view metadata_key = "__metadata__";

constexpr std::array dtypes{DType::f64, DType::i64, DType::f32, DType::f16, DType::u8};

template <typename T>
constexpr DType dtype_of() {
  if constexpr (std::is_same_v<T, double>) return DType::f64;
  if constexpr (std::is_same_v<T, std::int64_t>) return DType::i64;
  if constexpr (std::is_same_v<T, float>) return DType::f32;
  if constexpr (std::is_same_v<T, std::uint8_t>) return DType::u8;
}

std::size_t element_bytes(DType dtype) {
  switch (dtype) {
    case DType::f64:
    case DType::i64: return 8;
    case DType::f32: return 4;
    case DType::f16: return 2;
    case DType::u8: return 1;
  }
  return 0;
}

/// Nothing when the product is too large for the machine.
std::optional<std::size_t> byte_count(std::span<const std::size_t> shape, DType dtype) {
  std::size_t product = element_bytes(dtype);
  for (const std::size_t size : shape) {
    if (__builtin_mul_overflow(product, size, &product)) return std::nullopt;
  }
  return product;
}

std::string describe(std::span<const std::size_t> shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

// Writing.

DType dtype_of(const NamedArray& array) {
  return std::visit(
      [](auto values) { return dtype_of<std::remove_const_t<typename decltype(values)::element_type>>(); },
      array.values);
}

std::span<const std::byte> bytes_of(const NamedArray& array) {
  return std::visit([](auto values) { return std::as_bytes(values); }, array.values);
}

void check_array(const NamedArray& array) {
  if (array.name == metadata_key) {
    throw ArgumentError("write_safetensors: no array can be called __metadata__, the format reserves that name");
  }
  const DType dtype = dtype_of(array);
  const std::size_t held = bytes_of(array).size() / element_bytes(dtype);
  if (byte_count(array.shape, dtype) != bytes_of(array).size()) {
    throw ShapeError(fmt::format("write_safetensors: array {} has the shape {} but {} values", array.name,
                                 describe(array.shape), held));
  }
}

/// The arrays in the order of the file.
std::vector<const NamedArray*> arrange(std::span<const NamedArray> arrays) {
  std::vector<const NamedArray*> order;
  for (const NamedArray& array : arrays) {
    check_array(array);
    order.push_back(&array);
  }
  std::ranges::sort(order, [](const NamedArray* a, const NamedArray* b) {
    return std::tuple(dtype_of(*a), std::string_view(a->name)) < std::tuple(dtype_of(*b), std::string_view(b->name));
  });
  std::set<std::string_view> seen;
  for (const NamedArray* array : order) {
    if (!seen.insert(array->name).second) {
      throw ArgumentError(fmt::format("write_safetensors: the name {} is used twice", array->name));
    }
  }
  return order;
}

std::string header_text(const ordered_json& header) {
  try {
    std::string text = header.dump();
    text.resize((text.size() + alignment - 1) / alignment * alignment, ' ');
    return text;
  } catch (const json::exception& error) {
    throw ArgumentError(fmt::format("write_safetensors: names and metadata must be UTF-8: {}", error.what()));
  }
}

std::vector<ArrayEntry> entries_of(std::span<const NamedArray* const> arrays) {
  std::vector<ArrayEntry> entries;
  std::size_t offset = 0;
  for (const NamedArray* array : arrays) {
    const std::size_t end = offset + bytes_of(*array).size();
    entries.push_back({array->name, dtype_of(*array), array->shape, offset, end});
    offset = end;
  }
  return entries;
}

// Reading.

[[noreturn]] void fail(const std::string& path, std::string_view what) {
  throw IoError(fmt::format("{}: {}", path, what));
}

std::size_t read_header_length(const std::string& path, std::span<const std::byte> file) {
  if (file.size() < length_bytes) {
    fail(path, fmt::format("truncated: a safetensors file starts with 8 bytes of header length, this one has {} bytes",
                           file.size()));
  }
  std::uint64_t length = 0;
  std::memcpy(&length, file.data(), length_bytes);
  if (length > longest_header) {
    fail(path, fmt::format("not a safetensors file: it would have a header of {} bytes", length));
  }
  if (length > file.size() - length_bytes) {
    fail(path, fmt::format("truncated: the safetensors header takes {} bytes from byte 8 on, the file ends at byte {}",
                           length, file.size()));
  }
  return static_cast<std::size_t>(length);
}

/// Refuses keys that appear twice in one object, of which the parser by itself keeps the last.
class UniqueKeys {
 public:
  explicit UniqueKeys(const std::string& path) : path_(path) {}

  bool operator()(json::parse_event_t event, const json& value) {
    if (event == json::parse_event_t::object_start) open_.emplace_back();
    if (event == json::parse_event_t::object_end) open_.pop_back();
    if (event == json::parse_event_t::key && !open_.back().insert(value.get<std::string>()).second) {
      fail(path_, fmt::format("the safetensors header has the key {} twice", value.get<std::string>()));
    }
    return true;
  }

 private:
  const std::string& path_;
  std::vector<std::set<std::string>> open_;
};

json parse_header(const std::string& path, std::string_view text) {
  UniqueKeys unique(path);
  json header;
  try {
    header = json::parse(text, [&](int, json::parse_event_t event, json& value) { return unique(event, value); });
  } catch (const json::exception& error) {
    fail(path, fmt::format("the safetensors header is not JSON: {}", error.what()));
  }
  if (!header.is_object()) fail(path, "the safetensors header is not a JSON object");
  return header;
}

Metadata read_metadata(const std::string& path, const json& header) {
  Metadata metadata;
  const auto found = header.find(metadata_key);
  if (found == header.end()) return metadata;
  if (!found->is_object()) fail(path, "__metadata__ in the safetensors header is not a JSON object");
  for (const auto& [key, value] : found->items()) {
    if (!value.is_string()) fail(path, fmt::format("metadata {} in the safetensors header is not a string", key));
    metadata.emplace(key, value.get<std::string>());
  }
  return metadata;
}

const json& member(const std::string& path, const std::string& array, const json& entry, const char* key) {
  if (!entry.is_object() || !entry.contains(key)) fail(path, fmt::format("array {} has no {}", array, key));
  return entry.at(key);
}

DType read_dtype(const std::string& path, const std::string& array, const json& value) {
  for (const DType dtype : dtypes) {
    if (value == name(dtype)) return dtype;
  }
  fail(path, fmt::format("array {} has the dtype {}; F64, I64, F32, F16 and U8 can be read", array, value.dump()));
}

std::vector<std::size_t> read_sizes(const std::string& path, const std::string& array, const json& value,
                                    const char* key) {
  const auto is_size = [](const json& size) { return size.is_number_unsigned(); };
  if (!value.is_array() || !std::ranges::all_of(value, is_size)) {
    fail(path, fmt::format("the {} of array {} is not a list of whole numbers: {}", key, array, value.dump()));
  }
  return value.get<std::vector<std::size_t>>();
}

ArrayEntry read_entry(const std::string& path, const std::string& array, const json& value) {
  const DType dtype = read_dtype(path, array, member(path, array, value, "dtype"));
  auto shape = read_sizes(path, array, member(path, array, value, "shape"), "shape");
  const auto offsets = read_sizes(path, array, member(path, array, value, "data_offsets"), "data_offsets");
  if (offsets.size() != 2 || offsets[0] > offsets[1]) {
    fail(path, fmt::format("the data_offsets of array {} are {}, not a begin and an end", array, describe(offsets)));
  }
  if (byte_count(shape, dtype) != offsets[1] - offsets[0]) {
    fail(path, fmt::format("array {} of {} and shape {} cannot take the {} bytes that its data_offsets give it", array,
                           name(dtype), describe(shape), offsets[1] - offsets[0]));
  }
  if (offsets[0] % element_bytes(dtype) != 0) {
    fail(path, fmt::format("array {} of {} is misaligned: its values start at byte {} of the data", array, name(dtype),
                           offsets[0]));
  }
  return {array, dtype, std::move(shape), offsets[0], offsets[1]};
}

std::vector<ArrayEntry> read_entries(const std::string& path, const json& header) {
  std::vector<ArrayEntry> entries;
  for (const auto& [key, value] : header.items()) {
    if (key != metadata_key) entries.push_back(read_entry(path, key, value));
  }
  std::ranges::sort(entries, {}, [](const auto& entry) { return std::tuple(entry.begin, entry.end, entry.name); });
  return entries;
}

/// The arrays must cover the data from the first byte to the last, each byte once.
void check_cover(const std::string& path, std::span<const ArrayEntry> entries, std::size_t bytes) {
  std::size_t covered = 0;
  for (const ArrayEntry& entry : entries) {
    if (entry.begin != covered) {
      fail(path,
           fmt::format("array {} starts at byte {} of the data, which {} the array before it, ending at byte {}",
                       entry.name, entry.begin, entry.begin < covered ? "overlaps" : "leaves a gap after", covered));
    }
    covered = entry.end;
    if (covered > bytes) {
      fail(path, fmt::format("truncated: array {} ends at byte {} of the data, the file holds {}", entry.name, covered,
                             bytes));
    }
  }
  if (covered != bytes) {
    fail(path, fmt::format("trailing bytes: the arrays take {} bytes of data, the file holds {}", covered, bytes));
  }
}

}  // namespace

std::string_view name(DType dtype) {
  switch (dtype) {
    case DType::f64: return "F64";
    case DType::i64: return "I64";
    case DType::f32: return "F32";
    case DType::f16: return "F16";
    case DType::u8: return "U8";
  }
  return "?";
}

std::string safetensors_head(std::span<const ArrayEntry> arrays, const Metadata& metadata) {
  ordered_json header = ordered_json::object();
  if (!metadata.empty()) header[std::string(metadata_key)] = metadata;
  for (const ArrayEntry& array : arrays) {
    ordered_json entry;
    entry["dtype"] = name(array.dtype);
    entry["shape"] = array.shape;
    entry["data_offsets"] = {array.begin, array.end};
    header[array.name] = std::move(entry);
  }
  const std::string text = header_text(header);
  const std::uint64_t length = text.size();
  std::string head(reinterpret_cast<const char*>(&length), length_bytes);
  return head += text;
}

SafeTensorsLayout read_safetensors_layout(const std::filesystem::path& path, std::span<const std::byte> file) {
  const std::string shown = path.string();
  const std::size_t length = read_header_length(shown, file);
  const json header = parse_header(shown, {reinterpret_cast<const char*>(file.data()) + length_bytes, length});
  SafeTensorsLayout layout{{}, read_metadata(shown, header), length_bytes + length};
  layout.arrays = read_entries(shown, header);
  check_cover(shown, layout.arrays, file.size() - layout.data_begin);
  return layout;
}

void write_safetensors(const std::filesystem::path& path, std::span<const NamedArray> arrays,
                       const Metadata& metadata) {
  const std::vector<const NamedArray*> order = arrange(arrays);
  const std::string head = safetensors_head(entries_of(order), metadata);
  AtomicFile file(path);
  file.write(head);
  for (const NamedArray* array : order) file.write(bytes_of(*array));
  file.commit();
}

SafeTensors::SafeTensors(const std::filesystem::path& path) : path_(path.string()), data_(read_bytes(path)) {
  SafeTensorsLayout layout = read_safetensors_layout(path, data_);
  metadata_ = std::move(layout.metadata);
  entries_ = std::move(layout.arrays);
  // Moved to the front, the values are aligned even if the writer did not pad its header.
  data_.erase(data_.begin(), data_.begin() + static_cast<std::ptrdiff_t>(layout.data_begin));
}

std::vector<std::string> SafeTensors::names() const {
  std::vector<std::string> names;
  for (const ArrayEntry& entry : entries_) names.push_back(entry.name);
  return names;
}

const ArrayEntry* SafeTensors::find(std::string_view name) const {
  const auto found = std::ranges::find(entries_, name, &ArrayEntry::name);
  return found == entries_.end() ? nullptr : &*found;
}

const ArrayEntry& SafeTensors::at(std::string_view name) const {
  const ArrayEntry* entry = find(name);
  if (entry == nullptr) fail(path_, fmt::format("there is no array named {}", name));
  return *entry;
}

template <typename T>
std::span<const T> SafeTensors::values(std::string_view name) const {
  const ArrayEntry& entry = at(name);
  if (entry.dtype != dtype_of<T>()) {
    fail(path_, fmt::format("array {} is of {}, not of {}", name, io::name(entry.dtype), io::name(dtype_of<T>())));
  }
  return {reinterpret_cast<const T*>(data_.data() + entry.begin), (entry.end - entry.begin) / sizeof(T)};
}

template std::span<const double> SafeTensors::values(std::string_view name) const;
template std::span<const std::int64_t> SafeTensors::values(std::string_view name) const;
template std::span<const float> SafeTensors::values(std::string_view name) const;
template std::span<const std::uint8_t> SafeTensors::values(std::string_view name) const;

}  // namespace saccade::io
