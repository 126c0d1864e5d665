#include "core/io/sha256.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "core/errors.hpp"
#include "core/io/file.hpp"

namespace saccade::io {
namespace {

void check(bool succeeded) {
  if (!succeeded) throw Error("SHA-256: OpenSSL cannot compute it");
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const { ::EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_{::EVP_MD_CTX_new()} {
  check(context_ && ::EVP_DigestInit_ex(context_.get(), ::EVP_sha256(), nullptr) == 1);
}

void Sha256::update(std::span<const std::byte> bytes) {
  check(::EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}

std::string Sha256::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  check(::EVP_DigestFinal_ex(context_.get(), digest.data(), &size) == 1);
  std::string text;
  for (const unsigned char byte : std::span(digest).first(size)) text += fmt::format("{:02x}", byte);
  return text;
}

std::string sha256_of(std::span<const std::byte> bytes) {
  Sha256 digest;
  digest.update(bytes);
  return digest.finish();
}

std::string sha256_of(std::string_view bytes) { return sha256_of(std::as_bytes(std::span(bytes))); }

std::string sha256_of_file(const std::filesystem::path& path) {
  Sha256 digest;
  io::read_in_pieces(path, [&](std::span<const std::byte> piece) { digest.update(piece); });
  return digest.finish();
}

}  // namespace saccade::io
