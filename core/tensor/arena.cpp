#include "core/tensor/arena.hpp"

#include <algorithm>
#include <numeric>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define SACCADE_POISON(memory, size) __asan_poison_memory_region(memory, size)
#define SACCADE_UNPOISON(memory, size) __asan_unpoison_memory_region(memory, size)
#else
#define SACCADE_POISON(memory, size) static_cast<void>(0)
#define SACCADE_UNPOISON(memory, size) static_cast<void>(0)
#endif

namespace saccade {
namespace {

constexpr std::size_t smallest_block = std::size_t{1} << 20U;

std::size_t round_up(std::size_t bytes) { return (bytes + Arena::alignment - 1) / Arena::alignment * Arena::alignment; }

}  // namespace

Arena::~Arena() { free_blocks(); }

void* Arena::allocate(std::size_t bytes) {
  const std::size_t size = round_up(bytes);
  if (blocks_.empty() || used_in_last_ + size > blocks_.back().size) add_block(size);
  std::byte* memory = blocks_.back().memory + used_in_last_;
  used_in_last_ += size;
  SACCADE_UNPOISON(memory, bytes);
  return memory;
}

TensorView Arena::tensor(const Shape& shape) {
  return {static_cast<Real*>(allocate(shape.size() * sizeof(Real))), shape};
}

void Arena::rewind() {
  if (blocks_.size() > 1) {
    const std::size_t total = capacity();
    free_blocks();
    add_block(total);
  }
  used_in_last_ = 0;
  if (!blocks_.empty()) SACCADE_POISON(blocks_.back().memory, blocks_.back().size);
}

std::size_t Arena::capacity() const {
  return std::accumulate(blocks_.begin(), blocks_.end(), std::size_t{0},
                         [](std::size_t sum, const Block& block) { return sum + block.size; });
}

std::size_t Arena::used() const { return blocks_.empty() ? 0 : capacity() - blocks_.back().size + used_in_last_; }

void Arena::add_block(std::size_t at_least) {
  const std::size_t size = std::max({at_least, capacity(), smallest_block});
  auto* memory = static_cast<std::byte*>(::operator new (size, std::align_val_t{alignment}));
  blocks_.push_back({memory, size});
  used_in_last_ = 0;
  SACCADE_POISON(memory, size);
}

void Arena::free_blocks() {
  for (const Block& block : blocks_) {
    SACCADE_UNPOISON(block.memory, block.size);
    ::operator delete (block.memory, std::align_val_t{alignment});
  }
  blocks_.clear();
  used_in_last_ = 0;
}

}  // namespace saccade
