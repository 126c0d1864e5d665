#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct evp_md_ctx_st;  // of OpenSSL, which does the work

namespace saccade::io {

/// The SHA-256 digest (FIPS 180-4) of bytes that come in pieces.
class Sha256 {
 public:
  Sha256();
  void update(std::span<const std::byte> bytes);

  /// Ends the digest: 64 hexadecimal digits, lower case.
  [[nodiscard]] std::string finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

[[nodiscard]] std::string sha256_of(std::span<const std::byte> bytes);
[[nodiscard]] std::string sha256_of(std::string_view bytes);

/// The digest of a file as it is on disk. @throws IoError  if it cannot be read
[[nodiscard]] std::string sha256_of_file(const std::filesystem::path& path);

}  // namespace saccade::io
