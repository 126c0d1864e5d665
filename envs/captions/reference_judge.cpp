#include "envs/captions/reference_judge.hpp"

#include <algorithm>

#include "core/errors.hpp"
#include "envs/captions/metrics/bleu.hpp"
#include "envs/captions/metrics/cider.hpp"
#include "envs/captions/metrics/meteor.hpp"
#include "envs/captions/metrics/rouge.hpp"

namespace saccade::envs::captions {

ReferenceJudge::ReferenceJudge(const Vocabulary& vocabulary, std::vector<std::vector<Tokens>> validation,
                               std::vector<std::vector<Tokens>> test)
    : vocabulary_{&vocabulary}, validation_{std::move(validation)}, test_{std::move(test)} {}

const std::vector<std::vector<Tokens>>& ReferenceJudge::references(rl::Split split) const {
  if (split == rl::Split::train) throw ArgumentError("captions: the training split is not judged");
  return split == rl::Split::test ? test_ : validation_;
}

Tokens ReferenceJudge::tokens(const rl::Actions& actions) const {
  Tokens words;
  for (const std::int32_t action : actions) {
    const auto number = static_cast<std::uint32_t>(action);
    if (number != Vocabulary::start) words.push_back(vocabulary_->word(number));
  }
  return words;
}

std::string ReferenceJudge::text(const rl::Actions& actions) const { return join(tokens(actions)); }

std::string ReferenceJudge::reference(rl::Split split, std::uint64_t index) const {
  const std::vector<Tokens>& captions = references(split).at(index);
  return captions.empty() ? "" : join(captions.front());
}

bool ReferenceJudge::right(rl::Split split, std::uint64_t index, const rl::Actions& actions) const {
  const std::vector<Tokens>& captions = references(split).at(index);
  return std::find(captions.begin(), captions.end(), tokens(actions)) != captions.end();
}

std::vector<double> ReferenceJudge::statistics(rl::Split split, std::span<const rl::Actions> actions) const {
  std::vector<Tokens> candidates;
  for (const rl::Actions& of_image : actions) candidates.push_back(tokens(of_image));
  const Corpus corpus(candidates, references(split));
  const std::vector<MeteorCounts> meteor = meteor_counts(corpus);
  const ImageScores rouge = rouge_l(corpus);
  const ImageScores cider = cider_d(corpus);
  std::vector<double> result(actions.size() * Statistic::count);
  for (std::size_t i = 0; i < actions.size(); ++i) {
    double* const row = result.data() + i * Statistic::count;
    const BleuCounts counts = bleu_counts(corpus.images()[i]);
    for (std::size_t k = 0; k < max_order; ++k) {
      row[Statistic::matched + k] = static_cast<double>(counts.matched[k]);
      row[Statistic::all + k] = static_cast<double>(counts.all[k]);
    }
    row[Statistic::candidate_length] = static_cast<double>(counts.candidate_length);
    row[Statistic::reference_length] = static_cast<double>(counts.reference_length);
    row[Statistic::meteor_exact] = static_cast<double>(meteor[i].alignment.exact);
    row[Statistic::meteor_stem] = static_cast<double>(meteor[i].alignment.stem);
    row[Statistic::meteor_chunks] = static_cast<double>(meteor[i].alignment.chunks);
    row[Statistic::meteor_reference_length] = static_cast<double>(meteor[i].reference_length);
    row[Statistic::rouge_l] = rouge.each[i];
    row[Statistic::cider_d] = cider.each[i];
    row[Statistic::exact] = right(split, i, actions[i]) ? 1 : 0;
  }
  return result;
}

rl::Report ReferenceJudge::report(std::span<const double> sums, std::size_t episodes) const {
  const auto count = [&](std::size_t index) { return static_cast<std::size_t>(sums[index]); };
  const MeteorCounts meteor{
      {count(Statistic::meteor_exact), count(Statistic::meteor_stem), count(Statistic::meteor_chunks)},
      count(Statistic::candidate_length),
      count(Statistic::meteor_reference_length)};
  BleuCounts counts;
  for (std::size_t k = 0; k < max_order; ++k) {
    counts.matched[k] = count(Statistic::matched + k);
    counts.all[k] = count(Statistic::all + k);
  }
  counts.candidate_length = count(Statistic::candidate_length);
  counts.reference_length = count(Statistic::reference_length);
  const Bleu scores = bleu(counts);
  const auto n = static_cast<double>(episodes);
  return {{"bleu-4", scores.plain[3]},
          {"bleu-1", scores.plain[0]},
          {"bleu-2", scores.plain[1]},
          {"bleu-3", scores.plain[2]},
          {"bleu-1-bp", scores.standard[0]},
          {"bleu-2-bp", scores.standard[1]},
          {"bleu-3-bp", scores.standard[2]},
          {"bleu-4-bp", scores.standard[3]},
          {"meteor-exact-stem", meteor_score(meteor)},
          {"rouge-l", sums[Statistic::rouge_l] / n},
          {"cider-d/10", sums[Statistic::cider_d] / n / 10},
          {"exact", sums[Statistic::exact] / n}};
}

}  // namespace saccade::envs::captions
