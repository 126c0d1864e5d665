#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

/// Random numbers as a function of what they are for: (seed, purpose, step, episode) name a stream, and the position in
/// the stream names the draw. No draw depends on the thread, on the order of the work, or on what another stream has
/// drawn, so a run is the same with any number of threads and after a resume.
///
/// The generator is Philox 4x32-10 (Salmon et al. 2011, "Parallel Random Numbers: As Easy as 1, 2, 3", from Random123).
namespace saccade::random {

/// What the numbers of a stream are used for. Two purposes with different names never share a number.
class Purpose {
 public:
  /// The name is hashed (FNV-1a, 64 bits); call it with a literal.
  constexpr explicit Purpose(std::string_view name) : Purpose(name, basis) {}
  /// The purpose whose name is this one's and, after it, more.
  [[nodiscard]] constexpr Purpose with(std::string_view more) const { return {more, hash_}; }
  [[nodiscard]] constexpr std::uint64_t hash() const { return hash_; }

 private:
  static constexpr std::uint64_t basis = 14695981039346656037ULL;
  constexpr Purpose(std::string_view name, std::uint64_t hash) : hash_{hash} {
    for (const char letter : name) hash_ = (hash_ ^ static_cast<unsigned char>(letter)) * 1099511628211ULL;
  }

  std::uint64_t hash_ = 0;
};

/// One stream of numbers. Cheap to make (no warm-up, no memory beyond itself): make one where it is needed.
class Stream {
 public:
  /// @param seed     the run's seed
  /// @param purpose  what the numbers are for
  /// @param step     training step, epoch, or 0 where there is none; below 2^48
  /// @param episode  index of the episode, image or layer; below 2^48
  explicit Stream(std::uint64_t seed, Purpose purpose, std::uint64_t step = 0, std::uint64_t episode = 0);

  /// 32 independent random bits.
  std::uint32_t bits();
  /// Uniform in [0, 1), a multiple of 2^-32.
  double uniform() { return bits() * 0x1p-32; }
  /// Uniform in [low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Uniform integer in [0, n), without bias. n must be positive.
  std::uint32_t below(std::uint32_t n);
  /// Standard normal, by Box and Muller 1958: every second call uses the pair's other half.
  double normal();

 private:
  void refill();

  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> block_{};
  std::size_t used_ = 4;
  double spare_ = 0;
  bool has_spare_ = false;
};

}  // namespace saccade::random
