#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/tensor/tensor.hpp"

namespace saccade {

/// Memory for the values, gradients and closures of one training step: handed out by advancing a pointer, and taken
/// back all at once by rewind(). After the first steps the memory is one block that fits, and a step makes no heap
/// allocation.
///
/// Not for several threads: each shard of a batch has its own. Under AddressSanitizer what has been taken back is
/// poisoned, so that a view that outlived its step is found.
class Arena {
 public:
  static constexpr std::size_t alignment = 64;

  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena();

  /// `bytes` of memory aligned to 64 bytes, with unspecified contents, valid until rewind().
  [[nodiscard]] void* allocate(std::size_t bytes);
  /// An array with unspecified contents.
  [[nodiscard]] TensorView tensor(const Shape& shape);
  /// An object that is never destroyed, hence the restriction.
  template <typename T, typename... Arguments>
  [[nodiscard]] T* create(Arguments&&... arguments) {
    static_assert(std::is_trivially_destructible_v<T>, "an arena never runs a destructor");
    static_assert(alignof(T) <= alignment);
    return new (allocate(sizeof(T))) T{std::forward<Arguments>(arguments)...};
  }
  /// Takes all memory back; everything handed out is invalid from here.
  void rewind();

  /// Bytes handed out since the last rewind, and bytes held.
  [[nodiscard]] std::size_t used() const;
  [[nodiscard]] std::size_t capacity() const;

 private:
  struct Block {
    std::byte* memory;
    std::size_t size;
  };
  void add_block(std::size_t at_least);
  void free_blocks();

  std::vector<Block> blocks_;
  std::size_t used_in_last_ = 0;
};

}  // namespace saccade
