#include "core/io/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#define ZLIB_CONST  // says that zlib does not write to its input
#include <zlib.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <new>
#include <system_error>
#include <utility>

#include "core/errors.hpp"

namespace saccade::io {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t block_size = std::size_t{1} << 16;
constexpr std::size_t largest_chunk = std::size_t{1} << 30;

[[noreturn]] void fail(const fs::path& path, std::string_view action, int code) {
  throw IoError(fmt::format("{}: cannot {}: {}", path.string(), action, std::generic_category().message(code)));
}

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  int get() const { return value_; }

 private:
  int value_;
};

std::size_t size_hint(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return 0;
  return static_cast<std::size_t>(status.st_size);
}

std::size_t read_some(const fs::path& path, int descriptor, void* into, std::size_t bytes) {
  while (true) {
    const ssize_t got = ::read(descriptor, into, bytes);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) fail(path, "read", errno);
  }
}

template <typename Container>
Container read_all(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) fail(path, "open", errno);
  Container contents;
  // One byte more than the file should hold, so that the end is seen without another round of growth.
  contents.resize(std::max(size_hint(file.get()) + 1, block_size));
  std::size_t filled = 0;
  while (true) {
    if (filled == contents.size()) contents.resize(2 * filled);
    const std::size_t got = read_some(path, file.get(), contents.data() + filled, contents.size() - filled);
    if (got == 0) break;
    filled += got;
  }
  contents.resize(filled);
  return contents;
}

bool starts_like_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

/// Expands the gzip members of `packed`, one after another.
class Gunzip {
 public:
  Gunzip(const fs::path& path, std::string_view packed) : path_(path), packed_(packed) {
    if (::inflateInit2(&stream_, MAX_WBITS + 16) != Z_OK) throw std::bad_alloc();
  }
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;
  ~Gunzip() { ::inflateEnd(&stream_); }

  std::string run() {
    while (true) {
      const int status = step();
      if (status == Z_STREAM_END) {
        if (consumed_ == packed_.size()) break;
        next_member();
      } else if (status == Z_MEM_ERROR) {
        throw std::bad_alloc();
      } else if (status != Z_OK && status != Z_BUF_ERROR) {
        fail_corrupt();
      } else if (consumed_ == packed_.size() && stream_.avail_out > 0) {
        fail_truncated();
      }
    }
    contents_.resize(produced_);
    return std::move(contents_);
  }

 private:
  int step() {
    if (produced_ == contents_.size()) contents_.resize(std::max(2 * produced_, 4 * block_size));
    const auto given = static_cast<uInt>(std::min(packed_.size() - consumed_, largest_chunk));
    const auto room = static_cast<uInt>(std::min(contents_.size() - produced_, largest_chunk));
    stream_.next_in = reinterpret_cast<const Bytef*>(packed_.data() + consumed_);
    stream_.avail_in = given;
    stream_.next_out = reinterpret_cast<Bytef*>(contents_.data() + produced_);
    stream_.avail_out = room;
    const int status = ::inflate(&stream_, Z_NO_FLUSH);
    consumed_ += given - stream_.avail_in;
    produced_ += room - stream_.avail_out;
    return status;
  }

  void next_member() {
    if (!starts_like_gzip(packed_.substr(consumed_))) {
      throw IoError(fmt::format("{}: {} bytes that are no gzip data follow the compressed stream at byte {}",
                                path_.string(), packed_.size() - consumed_, consumed_));
    }
    ::inflateReset(&stream_);
  }

  [[noreturn]] void fail_truncated() const {
    throw IoError(fmt::format("{}: gzip data are truncated: the file ends at byte {} inside the compressed stream",
                              path_.string(), packed_.size()));
  }

  [[noreturn]] void fail_corrupt() const {
    const std::string_view reason = stream_.msg != nullptr ? stream_.msg : "unknown error";
    throw IoError(fmt::format("{}: gzip data are corrupt near byte {}: {}", path_.string(), consumed_,
                              reason == "incorrect data check" ? "the CRC of the contents does not match" : reason));
  }

  const fs::path& path_;
  std::string_view packed_;
  std::string contents_;
  std::size_t consumed_ = 0;
  std::size_t produced_ = 0;
  z_stream stream_{};
};

fs::path resolve_target(const fs::path& path) {
  std::error_code ignored;
  const fs::path target = fs::is_symlink(path, ignored) ? fs::weakly_canonical(path, ignored) : path;
  const fs::file_status status = fs::status(target, ignored);
  if (fs::is_directory(status)) fail(path, "write", EISDIR);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    throw IoError(fmt::format("{}: cannot write: it exists and is not a regular file", path.string()));
  }
  return target.empty() ? path : target;
}

/// A name in the folder of the target that no other thread or process is using.
fs::path temporary_beside(const fs::path& target) {
  static std::atomic<unsigned> counter{0};
  while (true) {
    const auto name = fmt::format(".{}.{}.{}.tmp", target.filename().string(), ::getpid(), counter.fetch_add(1));
    fs::path candidate = target.parent_path() / name;
    std::error_code ignored;
    if (!fs::exists(fs::symlink_status(candidate, ignored))) return candidate;
  }
}

/// The process whose temporary file has that name, ".target.PID.N.tmp"; 0 for any other name.
pid_t owner_of_temporary(std::string_view name) {
  constexpr std::string_view ending = ".tmp";
  if (!name.starts_with('.') || !name.ends_with(ending)) return 0;
  name.remove_suffix(ending.size());
  const std::size_t count = name.rfind('.');
  const std::size_t number = name.rfind('.', count - 1);
  if (count == 0 || number == 0 || number == std::string_view::npos) return 0;
  pid_t owner = 0;
  const std::string_view digits = name.substr(number + 1, count - number - 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), owner);
  return error == std::errc{} && end == digits.data() + digits.size() ? owner : 0;
}

void rename_over(const fs::path& target, const fs::path& by) {
  if (::rename(by.c_str(), target.c_str()) != 0) fail(target, "replace", errno);
}

void sync_folder_of(const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.get() < 0) fail(folder, "open", errno);
  // Some file systems cannot sync a folder and say so with EINVAL; they order the rename by themselves.
  if (::fsync(descriptor.get()) != 0 && errno != EINVAL) fail(folder, "sync", errno);
}

}  // namespace

std::string read_file(const fs::path& path) { return read_all<std::string>(path); }

std::vector<std::byte> read_bytes(const fs::path& path) { return read_all<std::vector<std::byte>>(path); }

void read_in_pieces(const fs::path& path, const std::function<void(std::span<const std::byte>)>& take) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) fail(path, "open", errno);
  std::vector<std::byte> block(block_size);
  while (const std::size_t got = read_some(path, file.get(), block.data(), block.size())) {
    take(std::span(block).first(got));
  }
}

std::string read_file_or_gzip(const fs::path& path) {
  std::string contents = read_file(path);
  return starts_like_gzip(contents) ? Gunzip(path, contents).run() : contents;
}

OutputFile::OutputFile(int descriptor, fs::path shown) : descriptor_(descriptor), shown_(std::move(shown)) {
  check(descriptor_ >= 0, "open for writing");
}

OutputFile OutputFile::create(const fs::path& path, const fs::path& shown) {
  return {::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666), shown};
}

OutputFile OutputFile::append(const fs::path& path) {
  return {::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666), path};
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), shown_(std::move(other.shown_)) {}

OutputFile& OutputFile::operator=(OutputFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(shown_, other.shown_);
  return *this;
}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void OutputFile::check(bool succeeded, std::string_view action) const {
  if (!succeeded) fail(shown_, action, errno);
}

void OutputFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), std::min(bytes.size(), largest_chunk));
    if (written < 0 && errno == EINTR) continue;
    check(written >= 0, "write");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void OutputFile::write(std::string_view text) { write(std::as_bytes(std::span(text))); }

void OutputFile::sync() { check(::fsync(descriptor_) == 0, "sync"); }

void OutputFile::truncate(std::uintmax_t bytes) {
  check(::ftruncate(descriptor_, static_cast<off_t>(bytes)) == 0, "truncate");
}

void OutputFile::close() { check(::close(std::exchange(descriptor_, -1)) == 0, "close"); }

AtomicFile::AtomicFile(const fs::path& path)
    : target_(resolve_target(path)),
      temporary_(temporary_beside(target_)),
      file_(OutputFile::create(temporary_, path)) {}

AtomicFile::~AtomicFile() {
  if (!committed_) ::unlink(temporary_.c_str());
}

void AtomicFile::commit() {
  file_.sync();
  file_.close();
  rename_over(target_, temporary_);
  committed_ = true;
  sync_folder_of(target_);
}

void replace(const fs::path& target, const fs::path& by) {
  rename_over(target, by);
  sync_folder_of(target);
}

void remove_stale_temporaries(const fs::path& folder) noexcept {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const pid_t owner = owner_of_temporary(entry->path().filename().string());
    if (owner > 0 && ::kill(owner, 0) != 0 && errno == ESRCH) ::unlink(entry->path().c_str());
  }
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw IoError(fmt::format("{}: cannot make the folder: {}", folder.string(), error.message()));
}

void write_atomically(const fs::path& path, std::string_view contents) {
  AtomicFile file(path);
  file.write(contents);
  file.commit();
}

}  // namespace saccade::io
