#pragma once

#include <string>
#include <vector>

#include "core/rl/environment.hpp"
#include "core/rl/report.hpp"

namespace saccade::rl {

/// What an episode did, up to its end; an action that ends it by itself is left out.
using Actions = std::vector<std::int32_t>;

/// A part of an image, [left, right) x [top, bottom), as fractions of its width and height.
struct Box {
  double left = 0;
  double top = 0;
  double right = 1;
  double bottom = 1;

  [[nodiscard]] bool contains(double x, double y) const { return x >= left && x < right && y >= top && y < bottom; }
};

/// Decides how good whole episodes were, where no single action is right or wrong: a caption, say. Measures of a split
/// need not be means over its episodes (BLEU is none), but they are functions of sums over its episodes, so that any
/// part of a split, or a bootstrap sample of it, has its measures too:
///
///     s_n = statistics(...) of episode n        measures = report(sum_n s_n, N)
class Judge {
 public:
  virtual ~Judge() = default;

  /// How many statistics an episode has, K.
  [[nodiscard]] virtual std::size_t statistic_count() const = 0;
  /// Of the episodes 0, 1, ... of a split, all of them.
  /// @param actions  [N] what was done in each
  /// @return         [N, K], row by row
  /// @throws ArgumentError  unless N is the size of the split
  [[nodiscard]] virtual std::vector<double> statistics(Split split, std::span<const Actions> actions) const = 0;
  /// Measures in [0, 1] from the sums of statistics over `episodes`, each better when greater. Parameters are chosen by
  /// the first one.
  [[nodiscard]] virtual Report report(std::span<const double> sums, std::size_t episodes) const = 0;

  /// Whether nothing about an episode is wrong.
  [[nodiscard]] virtual bool right(Split split, std::uint64_t index, const Actions& actions) const = 0;
  /// The actions as people read them.
  [[nodiscard]] virtual std::string text(const Actions& actions) const = 0;
  /// In the same form, what would have been right, or good; of several answers the first. Empty if nobody knows.
  [[nodiscard]] virtual std::string reference(Split /*split*/, std::uint64_t /*index*/) const { return {}; }
  /// The parts of the image that action `step` of an episode speaks of; empty if it speaks of no part, or of one that
  /// is not there, or the world does not know.
  [[nodiscard]] virtual std::vector<Box> parts(Split /*split*/, std::uint64_t /*index*/, const Actions& /*actions*/,
                                               std::size_t /*step*/) const {
    return {};
  }
};

/// The measures of episodes from their statistics, [N, K] row by row.
[[nodiscard]] Report measures(const Judge& judge, std::span<const double> statistics);
/// The measures of a whole split. @throws ArgumentError  as Judge::statistics
[[nodiscard]] Report measures(const Judge& judge, Split split, std::span<const Actions> actions);

}  // namespace saccade::rl
