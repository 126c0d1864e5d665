#include "envs/captions/annotations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <set>
#include <system_error>
#include <utility>

#include "core/errors.hpp"
#include "core/io/safetensors.hpp"
#include "core/tensor/float16.hpp"
#include "envs/captions/lines.hpp"

namespace saccade::envs::captions {
namespace {

namespace fs = std::filesystem;
using io::ArrayEntry;
using io::DType;
using io::Metadata;

constexpr std::string_view format = "saccade annotations 1";
constexpr const char* annotations_name = "annotations";
constexpr const char* digests_name = "sha256";
constexpr std::size_t digest_digits = 64;
constexpr std::size_t half_bytes = sizeof(std::uint16_t);

[[noreturn]] void fail(const fs::path& path, std::string_view fault) {
  throw IoError(fmt::format("{}: {}", path.string(), fault));
}

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Writing the header.

std::string lines(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += name + '\n';
  return text;
}

Metadata metadata_of(const std::vector<std::string>& names, const AnnotationSource& source) {
  return {{"format", std::string(format)}, {"images", lines(names)},
          {"encoder", source.encoder},     {"encoder_sha256", source.encoder_sha256},
          {"layer", source.layer},         {"input_size", fmt::format("{}", source.input_size)},
          {"pixels", source.pixels},       {"library", source.library}};
}

std::string head_of(const std::vector<std::string>& names, const Shape& shape, const AnnotationSource& source) {
  const Shape all = shape.prepended(names.size());
  const std::size_t bytes = all.size() * half_bytes;
  const std::array<ArrayEntry, 2> arrays{
      ArrayEntry{annotations_name, DType::f16, {all.begin(), all.end()}, 0, bytes},
      ArrayEntry{digests_name, DType::u8, {2, digest_digits}, bytes, bytes + 2 * digest_digits}};
  return io::safetensors_head(arrays, metadata_of(names, source));
}

// Reading the header.

const std::string& fact(const fs::path& path, const Metadata& metadata, const char* key) {
  const auto found = metadata.find(key);
  if (found == metadata.end()) fail(path, fmt::format("the header has no metadata {}", key));
  return found->second;
}

std::size_t number(const fs::path& path, const Metadata& metadata, const char* key) {
  const std::string& text = fact(path, metadata, key);
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    fail(path, fmt::format(R"(metadata {} is "{}", not a whole number)", key, text));
  }
  return value;
}

AnnotationSource source_in(const fs::path& path, const Metadata& metadata) {
  const auto text = [&](const char* key) { return fact(path, metadata, key); };
  return {text("encoder"), text("encoder_sha256"), text("layer"), number(path, metadata, "input_size"),
          text("pixels"),  text("library")};
}

void check_format(const fs::path& path, const Metadata& metadata) {
  const std::string& found = fact(path, metadata, "format");
  if (std::string_view(found) != format) {
    fail(path, fmt::format(R"(metadata format is "{}", expected "{}")", found, format));
  }
}

void check_arrays(const fs::path& path, const io::SafeTensorsLayout& layout) {
  const auto& arrays = layout.arrays;
  const bool named = arrays.size() == 2 && arrays[0].name == annotations_name && arrays[1].name == digests_name;
  if (!named) fail(path, fmt::format("its arrays are not {} and, after it, {}", annotations_name, digests_name));
  if (arrays[0].dtype != DType::f16 || arrays[0].shape.size() != 4) {
    fail(path, fmt::format("array {} is {} with {} axes, expected F16 [N, H, W, D]", annotations_name,
                           io::name(arrays[0].dtype), arrays[0].shape.size()));
  }
  if (arrays[1].dtype != DType::u8 || arrays[1].end - arrays[1].begin != 2 * digest_digits) {
    fail(path, fmt::format("array {} is not U8 [2, {}]", digests_name, digest_digits));
  }
  if (arrays[0].end == 0) fail(path, fmt::format("array {} is empty", annotations_name));
  if (layout.data_begin % half_bytes != 0) {
    fail(path, fmt::format("array {} is misaligned: it starts at byte {}", annotations_name, layout.data_begin));
  }
}

void check_digest(const fs::path& path, std::string_view what, const std::string& got, std::string_view expected) {
  if (got != expected) fail(path, fmt::format("{} corrupt: expected SHA-256 {}, got {}", what, expected, got));
}

std::vector<std::string> names_in(const std::string& text) {
  std::vector<std::string> names;
  for_each_line(text, [&](std::size_t, std::string_view line) { names.emplace_back(line); });
  return names;
}

std::map<std::string, std::size_t, std::less<>> index_of(const fs::path& path, const std::vector<std::string>& names) {
  std::map<std::string, std::size_t, std::less<>> index;
  for (std::size_t row = 0; row < names.size(); ++row) {
    const auto added = index.emplace(names[row], row);
    if (!added.second) {
      fail(path, fmt::format("rows {} and {} are both of image {}", added.first->second, row, names[row]));
    }
  }
  return index;
}

void check_names(const std::vector<std::string>& names) {
  std::set<std::string_view> seen;
  for (const std::string& name : names) {
    if (name.empty() || name.find_first_of("\r\n") != std::string::npos) {
      throw ArgumentError(fmt::format(R"(AnnotationWriter: "{}" is no name of an image)", name));
    }
    if (!seen.insert(name).second) throw ArgumentError(fmt::format("AnnotationWriter: image {} is there twice", name));
  }
  if (names.empty()) throw ArgumentError("AnnotationWriter: there are no images");
}

const Shape& checked(const Shape& shape) {
  if (shape.rank() == 3 && shape.size() > 0) return shape;
  throw ArgumentError(fmt::format("AnnotationWriter: expected a shape [H, W, D], got {}", to_string(shape)));
}

const std::vector<std::string>& checked(const std::vector<std::string>& names) {
  check_names(names);
  return names;
}

void check_free(const fs::path& target) {
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(target, ignored))) fail(target, "is there already");
}

/// Whether anything follows the header, whatever that says.
bool holds_more_than_a_head(std::span<const std::byte> part) {
  std::uint64_t length = 0;
  if (part.size() <= sizeof length) return false;
  std::memcpy(&length, part.data(), sizeof length);
  return part.size() - sizeof length > length;
}

/// The folder in which the rows of a file that is not there yet are collected.
fs::path part_folder(const fs::path& target) {
  check_free(target);
  fs::path folder = target;
  folder += ".part";
  std::error_code error;
  fs::create_directory(folder, error);
  if (error) fail(folder, fmt::format("cannot be made: {}", error.message()));
  return folder;
}

}  // namespace

Annotations Annotations::open(const fs::path& path) { return Annotations(path); }

Annotations::Annotations(const fs::path& path) : path_{path}, file_{path} {
  const std::span<const std::byte> bytes = file_.bytes();
  const io::SafeTensorsLayout layout = io::read_safetensors_layout(path, bytes);
  check_format(path, layout.metadata);
  check_arrays(path, layout);
  const ArrayEntry& array = layout.arrays[0];
  const std::string_view digests = text_of(bytes.last(2 * digest_digits));
  check_digest(path, "the header is", io::sha256_of(bytes.first(layout.data_begin)), digests.substr(0, digest_digits));
  digest_ = digests.substr(digest_digits);
  rows_ = bytes.subspan(layout.data_begin, array.end);
  shape_ = Shape(std::span(array.shape)).without_first();
  source_ = source_in(path, layout.metadata);
  names_ = names_in(fact(path, layout.metadata, "images"));
  index_ = index_of(path, names_);
  if (names_.size() != array.shape[0]) {
    fail(path, fmt::format("metadata images has {} lines for {} rows", names_.size(), array.shape[0]));
  }
}

std::size_t Annotations::row_of(std::string_view name) const {
  const auto found = index_.find(name);
  if (found == index_.end()) fail(path_, fmt::format("holds no annotations of {}", name));
  return found->second;
}

std::string Annotations::digest() const { return io::sha256_of(lines(names_) + digest_); }

void Annotations::read(std::size_t row, std::span<Real> into) const {
  const std::size_t count = shape_.size();
  if (row >= size()) throw ArgumentError(fmt::format("Annotations::read: row {} of {}", row, size()));
  if (into.size() != count) {
    throw ArgumentError(fmt::format("Annotations::read: expected room for {} numbers, got {}", count, into.size()));
  }
  const auto* halves = reinterpret_cast<const std::uint16_t*>(rows_.data());
  from_float16({halves + row * count, count}, into);
}

void Annotations::verify() const { check_digest(path_, "the annotations are", io::sha256_of(rows_), digest_); }

AnnotationWriter::AnnotationWriter(fs::path target, const std::vector<std::string>& names, const Shape& shape,
                                   const AnnotationSource& source)
    : target_{std::move(target)},
      names_{checked(names)},
      head_{head_of(names_, checked(shape), source)},
      folder_{part_folder(target_)},
      part_{folder_ / annotations_name},
      lock_{folder_, "making these annotations"},
      file_{io::OutputFile::append(part_)},
      row_(shape.size()) {
  check_free(target_);  // again: another writer may have finished before the lock
  go_on();
}

void AnnotationWriter::go_on() {
  const io::MappedFile part(part_);
  rows_ = rows_in(part.bytes());
  if (rows_ == 0) return begin_anew();
  const std::size_t row_bytes = row_.size() * half_bytes;
  digest_.update(part.bytes().subspan(head_.size(), rows_ * row_bytes));
  file_.truncate(head_.size() + rows_ * row_bytes);
}

std::size_t AnnotationWriter::rows_in(std::span<const std::byte> part) const {
  if (text_of(part).starts_with(head_)) {
    return std::min((part.size() - head_.size()) / (row_.size() * half_bytes), names_.size());
  }
  if (!holds_more_than_a_head(part)) return 0;
  fail(folder_, "was begun with other images, another encoder or other settings; remove it to begin anew");
}

void AnnotationWriter::begin_anew() {
  file_.truncate(0);
  file_.write(head_);
}

void AnnotationWriter::write(std::span<const float> annotations) {
  if (rows_ == names_.size()) throw ArgumentError("AnnotationWriter::write: all rows are there");
  if (annotations.size() != row_.size()) {
    throw ArgumentError(
        fmt::format("AnnotationWriter::write: expected {} numbers, got {}", row_.size(), annotations.size()));
  }
  to_float16(annotations, row_);
  const auto is_finite = [](std::uint16_t half) { return (half & 0x7C00U) != 0x7C00U; };
  const auto bad = static_cast<std::size_t>(std::ranges::find_if_not(row_, is_finite) - row_.begin());
  if (bad < row_.size()) {
    throw NonFiniteError(
        fmt::format("the annotations of {} cannot be kept: number {} is {}", names_[rows_], bad, annotations[bad]));
  }
  const auto bytes = std::as_bytes(std::span(std::as_const(row_)));
  file_.write(bytes);
  digest_.update(bytes);
  ++rows_;
}

void AnnotationWriter::finish() {
  if (rows_ != names_.size()) {
    throw ArgumentError(fmt::format("AnnotationWriter::finish: {} of {} rows are there", rows_, names_.size()));
  }
  file_.write(io::sha256_of(head_));
  file_.write(digest_.finish());
  file_.sync();
  file_.close();
  io::replace(target_, part_);
  std::error_code ignored;
  fs::remove(folder_, ignored);
}

}  // namespace saccade::envs::captions
