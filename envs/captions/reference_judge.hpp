#pragma once

#include <array>
#include <vector>

#include "core/rl/judge.hpp"
#include "envs/captions/captioned_images.hpp"
#include "envs/captions/vocabulary.hpp"

namespace saccade::envs::captions {

/// Judges captions by what people said of the same images. Measures, all in [0, 1]:
///
///     bleu-1 ... bleu-4            without the brevity penalty, as in Xu et al. 2015; bleu-4 stands first
///     bleu-1-bp ... bleu-4-bp      with it
///     meteor-exact-stem            of the corpus, METEOR 1.5 from two of its stages: metrics/meteor.hpp
///     rouge-l                      mean over images
///     cider-d/10                   CIDEr-D, of [0, 10], divided by 10; document frequencies are those of the split
///     exact                        captions that are one of the references, word for word
///
/// The words of references that the vocabulary does not know count: nothing matches them.
class ReferenceJudge : public rl::Judge {
 public:
  /// @param vocabulary  must outlive the judge
  /// @param validation, test  [N] the captions of each image
  ReferenceJudge(const Vocabulary& vocabulary, std::vector<std::vector<Tokens>> validation,
                 std::vector<std::vector<Tokens>> test);

  [[nodiscard]] std::size_t statistic_count() const override { return Statistic::count; }
  [[nodiscard]] std::vector<double> statistics(rl::Split split, std::span<const rl::Actions> actions) const override;
  [[nodiscard]] rl::Report report(std::span<const double> sums, std::size_t episodes) const override;
  [[nodiscard]] bool right(rl::Split split, std::uint64_t index, const rl::Actions& actions) const override;
  [[nodiscard]] std::string text(const rl::Actions& actions) const override;
  [[nodiscard]] std::string reference(rl::Split split, std::uint64_t index) const override;

 private:
  struct Statistic {
    enum Index : std::size_t {
      matched,
      all = matched + 4,
      candidate_length = all + 4,
      reference_length,
      meteor_exact,
      meteor_stem,
      meteor_chunks,
      meteor_reference_length,
      rouge_l,
      cider_d,
      exact,
      count
    };
  };

  [[nodiscard]] const std::vector<std::vector<Tokens>>& references(rl::Split split) const;
  [[nodiscard]] Tokens tokens(const rl::Actions& actions) const;

  const Vocabulary* vocabulary_;
  std::vector<std::vector<Tokens>> validation_;
  std::vector<std::vector<Tokens>> test_;
};

}  // namespace saccade::envs::captions
