#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "core/errors.hpp"

namespace saccade::experiments {

/// A server did not give what was asked of it; another one may. The message begins with the address.
class DownloadError : public IoError {
 public:
  using IoError::IoError;
};

struct DownloadOptions {
  long connect_seconds = 30;  ///< to reach a server
  long stall_seconds = 30;    ///< a transfer that is slower than `slowest` for so long is given up; at least 1
  long slowest = 1000;        ///< bytes per second

  std::function<void(std::uintmax_t bytes)> on_progress = {};  ///< several times a second: bytes of the file so far
  std::function<bool()> stop = {};                             ///< whether to throw Interrupted
};

/// Brings the file `part` to `size` bytes with what an address (http or https) holds. What the file has already is kept
/// and only the rest asked for (HTTP Range); a server that sends all of it again, as those do that know no ranges,
/// makes it begin anew. Redirections to http and https are followed; proxies are those of the environment
/// (`https_proxy`, `no_proxy`, ... as libcurl reads them). The contents are not looked at.
///
/// After any error `part` holds what has come so far and can be gone on with.
///
/// @throws DownloadError  if the server cannot be reached, refuses, stalls, breaks off, or has a file of another size
/// @throws IoError        if `part` cannot be written
/// @throws Interrupted    when the callback `stop` says so
void download(const std::string& url, const std::filesystem::path& part, std::uintmax_t size,
              const DownloadOptions& options);

}  // namespace saccade::experiments
