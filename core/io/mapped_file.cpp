#include "core/io/mapped_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/errors.hpp"

namespace saccade::io {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, std::string_view action, int code) {
  throw IoError(fmt::format("{}: cannot {}: {}", path.string(), action, std::generic_category().message(code)));
}

std::size_t size_of(const std::filesystem::path& path, int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) fail(path, "read its size", errno);
  if (S_ISDIR(status.st_mode)) fail(path, "read", EISDIR);
  if (!S_ISREG(status.st_mode)) throw IoError(fmt::format("{}: cannot map: it is not a regular file", path.string()));
  return static_cast<std::size_t>(status.st_size);
}

/// Nothing can be mapped of a file without bytes.
std::span<std::byte> map(const std::filesystem::path& path, int descriptor) {
  const std::size_t size = size_of(path, descriptor);
  if (size == 0) return {};
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
  if (address == MAP_FAILED) fail(path, "map", errno);
  return {static_cast<std::byte*>(address), size};
}

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) fail(path, "open", errno);
  try {
    bytes_ = map(path, descriptor);
  } catch (...) {
    ::close(descriptor);
    throw;
  }
  ::close(descriptor);  // the mapping stays
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_{std::exchange(other.bytes_, {})} {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(bytes_.data(), bytes_.size());
}

}  // namespace saccade::io
