#include "envs/captions/metrics/alignment.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

namespace saccade::envs::captions {
namespace {

using Words = std::span<const std::uint32_t>;

constexpr std::ptrdiff_t none = -2;  // next to no place

/// The places of a word on both sides.
struct Form {
  std::uint32_t word;
  std::vector<std::size_t> in_candidate;
  std::vector<std::size_t> in_reference;
};

/// The words of one stem that occur.
struct Family {
  std::uint32_t stem;
  std::vector<Form> forms;
};

/// A set of places; of two, the one that holds the first place in which they differ is the greater.
class Places {
 public:
  explicit Places(std::size_t count) : bits_((count + width - 1) / width, 0) {}

  bool operator[](std::size_t place) const { return (bits_[place / width] & bit(place)) != 0; }
  void add(std::size_t place) { bits_[place / width] |= bit(place); }
  bool operator==(const Places& other) const { return bits_ == other.bits_; }
  bool operator<(const Places& other) const { return bits_ < other.bits_; }

 private:
  static constexpr std::size_t width = 64;
  static std::uint64_t bit(std::size_t place) { return std::uint64_t{1} << (width - 1 - place % width); }

  std::vector<std::uint64_t> bits_;
};

/// The words before some place of the candidate, paired.
struct Partial {
  Places used;  // of the reference
  std::ptrdiff_t last = none;
  std::size_t chunks = 0;
};

struct Value {
  std::size_t pairs = 0;
  std::size_t exact = 0;

  bool operator==(const Value&) const = default;
};

class Aligner {
 public:
  Aligner(Words candidate, Words reference, Words stems, std::size_t beam)
      : candidate_{candidate}, reference_{reference}, beam_{beam} {
    for (std::size_t i = 0; i < candidate.size(); ++i) form(candidate[i], stems).in_candidate.push_back(i);
    for (std::size_t j = 0; j < reference.size(); ++j) form(reference[j], stems).in_reference.push_back(j);
    for (const std::uint32_t word : candidate) families_of_candidate_.push_back(family(stems[word]));
  }

  Alignment run() {
    std::vector<Partial> partials{{Places(reference_.size())}};
    const Value best = total(partials[0].used);
    for (std::size_t i = 0; i < candidate_.size(); ++i) partials = step(partials, i);
    const auto fewest = std::min_element(partials.begin(), partials.end(),
                                         [](const Partial& a, const Partial& b) { return a.chunks < b.chunks; });
    return {best.exact, best.pairs - best.exact, fewest->chunks};
  }

 private:
  std::size_t family(std::uint32_t stem) {
    const auto found =
        std::find_if(families_.begin(), families_.end(), [&](const Family& some) { return some.stem == stem; });
    const auto index = static_cast<std::size_t>(found - families_.begin());
    if (index == families_.size()) families_.push_back({stem, {}});
    return index;
  }

  Form& form(std::uint32_t word, Words stems) {
    std::vector<Form>& forms = families_[family(stems[word])].forms;
    const auto found = std::find_if(forms.begin(), forms.end(), [&](const Form& some) { return some.word == word; });
    return found == forms.end() ? forms.emplace_back(Form{word, {}, {}}) : *found;
  }

  /// The most that a family can still contribute from place i of the candidate on, with a place of one form less.
  static Value value(const Family& family, const Places& used, std::size_t i, const Form* taken = nullptr) {
    std::size_t all_left = 0;
    std::size_t all_free = 0;
    Value most;
    for (const Form& form : family.forms) {
      const auto left = static_cast<std::size_t>(
          form.in_candidate.end() - std::lower_bound(form.in_candidate.begin(), form.in_candidate.end(), i));
      const std::size_t free = free_places(form, used) - (&form == taken ? 1 : 0);
      most.exact += std::min(left, free);
      all_left += left;
      all_free += free;
    }
    most.pairs = std::min(all_left, all_free);
    return most;
  }

  static std::size_t free_places(const Form& form, const Places& used) {
    return static_cast<std::size_t>(
        std::count_if(form.in_reference.begin(), form.in_reference.end(), [&](std::size_t j) { return !used[j]; }));
  }

  [[nodiscard]] Value total(const Places& used) const {
    Value sum;
    for (const Family& family : families_) {
      const Value most = value(family, used, 0);
      sum.pairs += most.pairs;
      sum.exact += most.exact;
    }
    return sum;
  }

  /// All ways to pair word i that lose nothing.
  std::vector<Partial> step(const std::vector<Partial>& before, std::size_t i) {
    std::vector<Partial> after;
    for (const Partial& partial : before) pair(partial, i, after);
    merge(after);
    return after;
  }

  void pair(const Partial& partial, std::size_t i, std::vector<Partial>& after) const {
    const Family& family = families_[families_of_candidate_[i]];
    const Value promised = value(family, partial.used, i);
    if (value(family, partial.used, i + 1) == promised) after.push_back({partial.used, none, partial.chunks});
    for (const Form& form : family.forms) {
      if (free_places(form, partial.used) == 0) continue;
      Value kept = value(family, partial.used, i + 1, &form);
      ++kept.pairs;
      kept.exact += form.word == candidate_[i] ? 1 : 0;
      if (kept == promised) take_each(partial, form, after);
    }
  }

  static void take_each(const Partial& partial, const Form& form, std::vector<Partial>& after) {
    for (const std::size_t j : form.in_reference) {
      if (!partial.used[j]) after.push_back(take(partial, j));
    }
  }

  static Partial take(const Partial& partial, std::size_t j) {
    const auto place = static_cast<std::ptrdiff_t>(j);
    Partial next{partial.used, place, partial.chunks + (partial.last + 1 == place ? 0 : 1)};
    next.used.add(j);
    return next;
  }

  /// Of those that differ in the past alone, the one with fewest chunks; of too many, those with fewest chunks, and
  /// then those that use the front of the reference.
  void merge(std::vector<Partial>& partials) const {
    if (partials.size() < 2) return;
    std::sort(partials.begin(), partials.end(), [](const Partial& a, const Partial& b) {
      return std::tie(b.used, a.last, a.chunks) < std::tie(a.used, b.last, b.chunks);
    });
    const auto end = std::unique(partials.begin(), partials.end(), [](const Partial& a, const Partial& b) {
      return a.last == b.last && a.used == b.used;
    });
    partials.erase(end, partials.end());
    if (partials.size() <= beam_) return;
    std::stable_sort(partials.begin(), partials.end(),
                     [](const Partial& a, const Partial& b) { return a.chunks < b.chunks; });
    partials.erase(partials.begin() + static_cast<std::ptrdiff_t>(beam_), partials.end());
  }

  Words candidate_;
  Words reference_;
  std::size_t beam_;
  std::vector<Family> families_;
  std::vector<std::size_t> families_of_candidate_;
};

}  // namespace

Alignment align(Words candidate, Words reference, Words stems, std::size_t beam) {
  return Aligner(candidate, reference, stems, beam).run();
}

}  // namespace saccade::envs::captions
