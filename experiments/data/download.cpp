#include "experiments/data/download.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <exception>
#include <memory>
#include <new>
#include <optional>

#include "core/io/file.hpp"

namespace saccade::experiments {
namespace {

namespace fs = std::filesystem;

constexpr long most_redirections = 10;
constexpr long http_ok = 200;
constexpr long http_partial_content = 206;

/// What libcurl sets up once in a process.
void start_curl() {
  static const CURLcode started = ::curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) throw Error("libcurl cannot be started");
}

struct Cleanup {
  void operator()(CURL* handle) const { ::curl_easy_cleanup(handle); }
};

/// "bytes 100-999/1000": where a piece of a file begins, and the size of the file if the server tells it.
struct ContentRange {
  std::uintmax_t first = 0;
  std::optional<std::uintmax_t> size;
};

/// Takes a number off the front.
std::optional<std::uintmax_t> take_number(std::string_view& text) {
  std::uintmax_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

std::optional<ContentRange> parse_content_range(std::string_view text) {
  constexpr std::string_view unit = "bytes ";
  if (!text.starts_with(unit)) return std::nullopt;
  text.remove_prefix(unit.size());
  const std::optional<std::uintmax_t> first = take_number(text);
  const std::size_t slash = text.find('/');
  if (!first || slash == std::string_view::npos) return std::nullopt;
  text.remove_prefix(slash + 1);
  return ContentRange{*first, take_number(text)};
}

/// One request and its answer.
class Transfer {
 public:
  Transfer(const std::string& url, const fs::path& part, std::uintmax_t size, const DownloadOptions& options)
      : url_{url}, size_{size}, options_{options}, file_{io::OutputFile::append(part)}, have_{fs::file_size(part)} {
    start_curl();
    handle_.reset(::curl_easy_init());
    if (!handle_) throw std::bad_alloc();
    if (have_ > size_) begin_anew();
    set_up();
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  void run() {
    if (have_ < size_) transfer();
    file_.sync();
    file_.close();
  }

 private:
  void transfer() {
    const std::string range = fmt::format("{}-", have_);
    if (have_ > 0) set(CURLOPT_RANGE, range.c_str());
    const CURLcode result = ::curl_easy_perform(handle_.get());
    if (error_) std::rethrow_exception(error_);
    if (result == CURLE_ABORTED_BY_CALLBACK) {
      throw Interrupted(fmt::format("interrupted at {} of {} bytes of {}", have_, size_, url_));
    }
    check_result(result);
    if (have_ < size_) fail(fmt::format("ended after {} of {} bytes", have_, size_));
  }

  template <typename Value>
  void set(CURLoption option, Value value) {
    if (::curl_easy_setopt(handle_.get(), option, value) != CURLE_OK) throw Error("libcurl lacks what Saccade needs");
  }

  void set_up() {
    set(CURLOPT_URL, url_.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 1L);
    set(CURLOPT_MAXREDIRS, most_redirections);
    set(CURLOPT_FAILONERROR, 1L);
    set(CURLOPT_USERAGENT, "saccade");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT, options_.connect_seconds);
    set(CURLOPT_LOW_SPEED_TIME, options_.stall_seconds);
    set(CURLOPT_LOW_SPEED_LIMIT, options_.slowest);
    set(CURLOPT_ERRORBUFFER, reason_.data());
    set(CURLOPT_WRITEFUNCTION, &Transfer::on_bytes);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &Transfer::on_tick);
    set(CURLOPT_XFERINFODATA, this);
  }

  [[noreturn]] void fail(const std::string& reason) const { throw DownloadError(fmt::format("{}: {}", url_, reason)); }

  [[nodiscard]] long status() const {
    long code = 0;
    ::curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &code);
    return code;
  }

  void check_result(CURLcode result) const {
    switch (result) {
      case CURLE_OK: return;
      case CURLE_HTTP_RETURNED_ERROR: fail(fmt::format("the server answers {}", status()));
      case CURLE_PARTIAL_FILE: fail(fmt::format("broke off after {} of {} bytes", have_, size_));
      case CURLE_OPERATION_TIMEDOUT: fail(fmt::format("timed out at {} of {} bytes: {}", have_, size_, reason_.data()));
      default: fail(reason_[0] != '\0' ? reason_.data() : ::curl_easy_strerror(result));
    }
  }

  void begin_anew() {
    file_.truncate(0);
    have_ = 0;
  }

  /// What is refused here has not touched the file.
  void begin_answer() {
    const long code = status();
    if (code != http_ok && (code != http_partial_content || have_ == 0)) {
      fail(fmt::format("expected the answer {}, got {}", http_ok, code));
    }
    if (code == http_partial_content) return check_range();
    curl_off_t promised = -1;
    ::curl_easy_getinfo(handle_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &promised);
    if (promised >= 0) check_size(static_cast<std::uintmax_t>(promised));
    begin_anew();
  }

  void check_range() const {
    curl_header* header = nullptr;
    const CURLHcode found = ::curl_easy_header(handle_.get(), "Content-Range", 0, CURLH_HEADER, -1, &header);
    const auto range = found == CURLHE_OK ? parse_content_range(header->value) : std::nullopt;
    if (!range || range->first != have_) fail(fmt::format("asked for byte {} on, got another piece", have_));
    if (range->size) check_size(*range->size);
  }

  void check_size(std::uintmax_t size) const {
    if (size != size_) fail(fmt::format("expected a file of {} bytes, the server has {}", size_, size));
  }

  void take(std::string_view bytes) {
    if (!answered_) begin_answer();
    answered_ = true;
    if (bytes.size() > size_ - have_) fail(fmt::format("sends more than the {} bytes of the file", size_));
    file_.write(bytes);
    have_ += bytes.size();
  }

  // libcurl is C: no exception may pass through it.
  template <typename Action>
  bool guarded(Action&& action) {
    try {
      action();
      return true;
    } catch (...) {
      error_ = std::current_exception();
      return false;
    }
  }

  static std::size_t on_bytes(char* bytes, std::size_t, std::size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    return transfer.guarded([&] { transfer.take({bytes, count}); }) ? count : 0;
  }

  static int on_tick(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    auto& transfer = *static_cast<Transfer*>(self);
    bool stop = false;
    const bool told = transfer.guarded([&] {
      if (transfer.options_.on_progress) transfer.options_.on_progress(transfer.have_);
      stop = transfer.options_.stop && transfer.options_.stop();
    });
    return told && !stop ? 0 : 1;
  }

  const std::string& url_;
  std::uintmax_t size_;
  const DownloadOptions& options_;
  io::OutputFile file_;
  std::uintmax_t have_;
  bool answered_ = false;
  std::exception_ptr error_;
  std::array<char, CURL_ERROR_SIZE> reason_{};
  std::unique_ptr<CURL, Cleanup> handle_;
};

}  // namespace

void download(const std::string& url, const fs::path& part, std::uintmax_t size, const DownloadOptions& options) {
  Transfer(url, part, size, options).run();
}

}  // namespace saccade::experiments
