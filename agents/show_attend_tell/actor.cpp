#include "agents/show_attend_tell/actor.hpp"

#include <algorithm>
#include <cmath>

#include "core/attention/read.hpp"
#include "core/ops/concatenate.hpp"
#include "core/ops/log_softmax.hpp"
#include "core/ops/mean_rows.hpp"
#include "core/ops/repeat_rows.hpp"
#include "core/ops/reshape.hpp"
#include "core/ops/scale_rows.hpp"
#include "core/ops/softmax.hpp"
#include "core/rl/actions.hpp"

namespace saccade::agents {
namespace {

constexpr std::int32_t expected_context = -1;

bool same_image(const rl::EpisodeKey& a, const rl::EpisodeKey& b) {
  return a.split == b.split && a.index == b.index && a.visit == b.visit && a.seed == b.seed;
}

/// K, if the rows are K of one image, then K of another one, and so on.
std::size_t captions_of_each(std::span<const rl::EpisodeKey> keys) {
  std::size_t count = 1;
  while (count < keys.size() && same_image(keys[count], keys[0])) ++count;
  if (keys.size() % count != 0) return 1;
  for (std::size_t b = 0; b < keys.size(); ++b) {
    if (!same_image(keys[b], keys[b / count * count])) return 1;
  }
  return count;
}

/// Every `times`-th row: what the captions of an image have in common.
TensorView first_of_each(const TensorView& rows, std::size_t times, Arena& arena) {
  const Shape& shape = rows.shape();
  const TensorView firsts = arena.tensor({shape[0] / times, shape[1], shape[2], shape[3]});
  for (std::size_t i = 0; i < firsts.dim(0); ++i) copy(rows.rows(i * times, 1), firsts.rows(i, 1));
  return firsts;
}

/// Each of them several times, one after the other.
Variable repeat_images(const Variable& annotations, std::size_t times) {
  const Shape& shape = annotations.shape();
  const Variable flat = ops::reshape(annotations, {shape[0], shape[1] * shape[2]});
  return ops::reshape(ops::repeat_rows(flat, times), {shape[0] * times, shape[1], shape[2]});
}

}  // namespace

ShowAttendTellActor::ShowAttendTellActor(const ShowAttendTellAgent& agent) : agent_{&agent} {
  steps_.reserve(agent.world().max_steps);
  likeliest_.reserve(agent.world().max_steps);
  readings_.reserve(agent.world().max_steps);
}

void ShowAttendTellActor::begin(Tape& tape, const rl::Policy& policy, std::span<const rl::EpisodeKey> keys) {
  tape_ = &tape;
  policy_ = policy;
  batch_ = keys.size();
  captions_ = captions_of_each(keys);
  training_ = !keys.empty() && keys.front().split == rl::Split::train;
  streams_.clear();
  numbers_.clear();
  expected_.clear();
  for (const rl::EpisodeKey& key : keys) {
    streams_.emplace_back(policy.seed, policy.purpose, 0, key.number);
    numbers_.push_back(key.number);
    random::Stream coin(policy.seed, random::Purpose("expected context"), 0, key.number);
    expected_.push_back(training_ && coin.uniform() < config().expected_share ? 1 : 0);
  }
  steps_.clear();
  likeliest_.clear();
  readings_.clear();
  words_.assign(batch_, -1);
  labels_.clear();
  mask_.clear();
  running_.assign(batch_, 1);
  log_probs_ = {};
  sums_.fill(0);
}

void ShowAttendTellActor::start(const TensorView& observation) {
  // All that is computed of an image alone is computed once for all of its captions.
  const TensorView images = captions_ == 1 ? observation : first_of_each(observation, captions_, tape_->arena());
  annotations_ = agent_->networks().encoder(tape_->constant(images));
  const Variable each = annotations_.values;
  mean_ = ops::mean_rows(each);
  if (captions_ > 1) {
    annotations_.values = repeat_images(each, captions_);
    mean_ = ops::repeat_rows(mean_, captions_);
  }
  if (!agent_->attends()) {
    const std::size_t places = annotations_.values.shape()[1];
    const TensorView weights = tape_->arena().tensor({batch_, places});
    fill(weights, Real{1} / static_cast<Real>(places));
    equal_weights_ = tape_->constant(weights);
    return;
  }
  const AttentionNetwork& attention = agent_->networks().attention;
  Tape& tape = *tape_;
  keys_.emplace(each, tape[attention.key.weight()], tape[attention.key.bias()], tape[attention.v]);
}

std::span<const std::int32_t> ShowAttendTellActor::act(const rl::TimeStep& now) {
  if (steps_.empty()) start(now.observation);
  const auto before = [](const std::vector<Step>& steps) {
    return steps.empty() ? ops::LstmState{} : steps.back().state;
  };
  if (training_ && config().attention == "hard" && config().baseline == "self_critical") {
    likeliest_.push_back(step(before(likeliest_), rl::Decision::mode));
  }
  steps_.push_back(step(before(steps_), policy_.decision));
  add_reading(steps_.back());
  if (training_) {
    actions_.assign(batch_, 0);
  } else {
    predict(steps_.back());
    rl::mask_actions(log_probs_, agent_->world().masked_actions);
    rl::most_probable_actions(log_probs_, actions_);
  }
  return actions_;
}

void ShowAttendTellActor::observe(const rl::TimeStep& next) {
  for (std::size_t b = 0; b < batch_; ++b) {
    const std::int32_t said = training_ ? std::max(next.target[b], 0) : actions_[b];
    mask_.push_back(running_[b] != 0 ? Real{1} : Real{0});
    labels_.push_back(said);
    words_[b] = said;
    if (next.discount[b] == 0) running_[b] = 0;
  }
}

ShowAttendTellActor::Step ShowAttendTellActor::step(const ops::LstmState& before, rl::Decision decision) {
  const ShowAttendTellNetworks& networks = agent_->networks();
  ops::LstmState state = before;
  if (!state.h) {
    state = {networks.initial_h(mean_, ops::Activation::tanh), networks.initial_c(mean_, ops::Activation::tanh)};
  }
  Step now;
  now.embedded = networks.embedding(*tape_, words_);
  if (agent_->attends()) attend(now, state.h);
  now.context = read(now, decision);
  Variable gate;
  if (config().gate) gate = networks.gate(state.h, ops::Activation::sigmoid);
  if (gate) now.context = ops::scale_rows(now.context, gate);
  if (config().attention == "marginal") try_each_place(now, state, gate);
  now.state = networks.core(ops::concatenate({now.embedded, now.context}), state);
  return now;
}

void ShowAttendTellActor::attend(Step& now, const Variable& h) const {
  now.scores = keys_->scores(agent_->networks().attention.query(h));
  now.weights = ops::softmax(now.scores);
  now.log_weights = ops::log_softmax(now.scores);
}

Variable ShowAttendTellActor::read(Step& now, rl::Decision decision) {
  const std::string& kind = config().attention;
  const bool draws = kind == "hard" || (kind == "uniform" && decision == rl::Decision::sample);
  if (draws) now.places = choose_places(now, decision);
  if (kind == "uniform" && draws) return attention::mixed_read(equal_weights_, annotations_.values, now.places);
  if (kind == "hard") return attention::mixed_read(now.weights, annotations_.values, now.places);
  if (kind == "uniform" || kind == "mean") return mean_;
  return attention::soft_read(now.weights, annotations_.values);
}

std::span<const std::int32_t> ShowAttendTellActor::choose_places(const Step& now, rl::Decision decision) {
  auto* places = static_cast<std::int32_t*>(tape_->arena().allocate(batch_ * sizeof(std::int32_t)));
  const std::span<std::int32_t> chosen{places, batch_};
  if (config().attention == "uniform") {
    const auto count = static_cast<std::uint32_t>(annotations_.values.shape()[1]);
    actions_.resize(batch_);
    for (std::size_t b = 0; b < batch_; ++b) actions_[b] = static_cast<std::int32_t>(streams_[b].below(count));
  } else if (decision == rl::Decision::sample) {
    rl::sample_actions(now.log_weights.value(), streams_, actions_);
  }
  if (decision == rl::Decision::mode) rl::most_probable_actions(now.log_weights.value(), actions_);
  if (decision == rl::Decision::mean) actions_.assign(batch_, expected_context);
  for (std::size_t b = 0; b < batch_; ++b) chosen[b] = expected_[b] != 0 ? expected_context : actions_[b];
  return chosen;
}

void ShowAttendTellActor::try_each_place(Step& now, const ops::LstmState& before, const Variable& gate) {
  const ShowAttendTellNetworks& networks = agent_->networks();
  const std::size_t places = annotations_.values.shape()[1];
  const std::size_t rows = batch_ * places;
  const auto repeated = [&](const Variable& x) { return ops::repeat_rows(x, places); };
  Variable contexts = ops::reshape(annotations_.values, {rows, annotations_.values.shape()[2]});
  if (gate) contexts = ops::scale_rows(contexts, ops::reshape(repeated(gate), {rows, 1}));
  const Variable embedded = repeated(now.embedded);
  const ops::LstmState state =
      networks.core(ops::concatenate({embedded, contexts}), {repeated(before.h), repeated(before.c)});
  const auto streams = training_ ? dropout_streams(steps_.size(), 1, places) : std::span<random::Stream>{};
  now.each_log_prob = ops::log_softmax(networks.output(embedded, state.h, contexts, streams));
}

void ShowAttendTellActor::add_reading(const Step& now) {
  rl::Reading reading;
  reading.rows = annotations_.rows;
  reading.columns = annotations_.columns;
  reading.weights = (now.weights ? now.weights : equal_weights_).value();
  const auto is_one = [](std::int32_t place) { return place != expected_context; };
  if (std::all_of(now.places.begin(), now.places.end(), is_one)) reading.places = now.places;
  readings_.push_back(reading);
}

void ShowAttendTellActor::predict(const Step& now) {
  if (now.each_log_prob) {
    log_probs_ = marginal_log_probs(now);
    return;
  }
  const Variable logits = agent_->networks().output(now.embedded, now.state.h, now.context, {});
  log_probs_ = ops::log_softmax(logits).value();
}

TensorView ShowAttendTellActor::marginal_log_probs(const Step& now) const {
  const TensorView each = now.each_log_prob.value();
  const TensorView weights = now.weights.value();
  const std::size_t places = weights.dim(1);
  const TensorView result = tape_->arena().tensor({batch_, each.dim(1)});
  fill(result, 0);
  for (std::size_t b = 0; b < batch_; ++b) {
    for (std::size_t l = 0; l < places; ++l) {
      add_to(result.rows(b, 1), weights(b, l) * xt::exp(flat(each.rows(b * places + l, 1))));
    }
  }
  assign(result, xt::log(flat(result)));
  return result;
}

std::span<random::Stream> ShowAttendTellActor::dropout_streams(std::size_t first_step, std::size_t steps,
                                                               std::size_t repeats) {
  dropout_streams_.clear();
  for (std::size_t t = first_step; t < first_step + steps; ++t) {
    for (const std::uint64_t number : numbers_) {
      dropout_streams_.insert(dropout_streams_.end(), repeats,
                              random::Stream(policy_.seed, random::Purpose("dropout"), t, number));
    }
  }
  return dropout_streams_;
}

void ShowAttendTellActor::follow(std::span<const std::int32_t> parents, std::span<const std::int32_t> actions) {
  const auto gather = [&](const Variable& x) {
    const TensorView rows = tape_->arena().tensor(x.shape());
    for (std::size_t b = 0; b < batch_; ++b) {
      copy(x.value().rows(static_cast<std::size_t>(parents[b]), 1), rows.rows(b, 1));
    }
    return tape_->constant(rows);
  };
  steps_.back().state = {gather(steps_.back().state.h), gather(steps_.back().state.c)};
  words_.assign(actions.begin(), actions.end());
}

void ShowAttendTellActor::add_metrics(std::span<double> sums) const {
  for (std::size_t i = 0; i < sums_.size(); ++i) sums[i] += sums_[i];
}

}  // namespace saccade::agents
