#include "core/autograd/parameters.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <new>

#include "core/errors.hpp"
#include "core/tensor/arena.hpp"

namespace saccade {
namespace {

constexpr std::size_t numbers_per_line = Arena::alignment / sizeof(Real);

std::size_t physical_memory() {
  static const std::size_t bytes =
      static_cast<std::size_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::size_t>(::sysconf(_SC_PAGE_SIZE));
  return bytes;
}

std::size_t padded(std::size_t count) { return (count + numbers_per_line - 1) / numbers_per_line * numbers_per_line; }

}  // namespace

Parameter ParameterStore::add(std::string name, const Shape& shape) {
  const bool taken = std::any_of(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.name == name; });
  if (taken) throw ArgumentError(fmt::format("ParameterStore::add: the name {} is taken", name));
  const std::size_t offset = values_.size();
  // Values and gradients, and those that an optimiser keeps: not begun where they cannot fit.
  if (4 * sizeof(Real) * (offset + padded(shape.size())) > physical_memory()) throw std::bad_alloc();
  Tensor grown = zeros({offset + padded(shape.size())});
  std::copy(values_.begin(), values_.end(), grown.begin());
  values_ = std::move(grown);
  entries_.push_back({std::move(name), shape, offset});
  return {entries_.size() - 1};
}

std::size_t ParameterStore::count() const {
  std::size_t sum = 0;
  for (const Entry& entry : entries_) sum += entry.shape.size();
  return sum;
}

Parameter ParameterStore::find(std::string_view name) const {
  const auto entry = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.name == name; });
  if (entry == entries_.end()) throw ArgumentError(fmt::format("ParameterStore::find: there is no {}", name));
  return {static_cast<std::size_t>(entry - entries_.begin())};
}

TensorView ParameterStore::values() const { return {values_}; }

TensorView ParameterStore::slice(const TensorView& all, Parameter parameter) const {
  const Entry& entry = entries_[parameter.index];
  return {all.data() + entry.offset, entry.shape};
}

}  // namespace saccade
