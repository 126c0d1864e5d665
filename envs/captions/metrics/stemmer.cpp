#include "envs/captions/metrics/stemmer.hpp"

#include <libstemmer.h>

#include <new>

namespace saccade::envs::captions {

Stemmer::Stemmer() : stemmer_{sb_stemmer_new("english", "UTF_8"), sb_stemmer_delete} {
  if (stemmer_ == nullptr) throw std::bad_alloc();
}

std::string Stemmer::operator()(std::string_view word) const {
  const auto* bytes = reinterpret_cast<const sb_symbol*>(word.data());
  const sb_symbol* stem = sb_stemmer_stem(stemmer_.get(), bytes, static_cast<int>(word.size()));
  if (stem == nullptr) throw std::bad_alloc();
  return {reinterpret_cast<const char*>(stem), static_cast<std::size_t>(sb_stemmer_length(stemmer_.get()))};
}

}  // namespace saccade::envs::captions
