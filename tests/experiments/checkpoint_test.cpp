#include "experiments/checkpoint.hpp"

#include "core/errors.hpp"
#include "tests/experiments/tiny.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"

using namespace saccade;
using namespace saccade::experiments;
using namespace saccade::tests;

namespace {

std::vector<Real> parameters(const TinyTraining& tiny) {
  const TensorView values = tiny.agent->parameters().values();
  return {values.begin(), values.end()};
}

void train_epoch(TinyTraining& tiny) {
  for (std::size_t i = 0; i < tiny.trainer.steps_per_epoch(); ++i) tiny.trainer.step();
  static_cast<void>(tiny.trainer.finish_epoch());
}

/// The message that a trainer with these settings gives for a checkpoint; empty if its parameters have changed.
std::string refusal(const std::filesystem::path& checkpoint, const Overrides& overrides = {}) {
  TinyTraining tiny(overrides);
  const std::vector<Real> before = parameters(tiny);
  const std::string message = message_of<IoError>([&] { load_checkpoint(checkpoint, tiny.trainer); });
  return parameters(tiny) == before && tiny.trainer.steps_done() == 0 ? message : "";
}

std::filesystem::path write_checkpoint(const TempFolder& folder, std::uint64_t log_bytes = 7) {
  TinyTraining tiny;
  train_epoch(tiny);
  save_checkpoint(folder / "checkpoint", tiny.trainer, log_bytes, "");
  return folder / "checkpoint";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("a checkpoint puts a trainer where it was", "[checkpoint]") {
  const TempFolder folder;
  const Overrides overrides{"agent.baseline=moving_average", "trainer.schedule.kind=plateau"};
  TinyTraining first(overrides);
  train_epoch(first);
  save_checkpoint(folder / "a", first.trainer, 123, "");

  TinyTraining second(overrides);
  CHECK(load_checkpoint(folder / "a", second.trainer) == 123);
  CHECK(second.trainer.steps_done() == first.trainer.steps_done());
  CHECK(parameters(second) == parameters(first));
  save_checkpoint(folder / "b", second.trainer, 123, "");
  CHECK(folder.read("a") == folder.read("b"));
}

TEST_CASE("a checkpoint with a changed number is refused", "[checkpoint]") {
  const TempFolder folder;
  const auto path = write_checkpoint(folder);
  std::string bytes = folder.read("checkpoint");
  bytes[bytes.size() - 5] = static_cast<char>(bytes[bytes.size() - 5] ^ 1);
  folder.write("checkpoint", bytes);
  CHECK(has(refusal(path), "is corrupt: its values have the checksum"));
  TinyTraining other;
  CHECK(has(message_of<IoError>([&] { load_best_parameters(path, *other.agent); }), "is corrupt"));
}

TEST_CASE("the best parameters are those of the best epoch", "[checkpoint]") {
  const TempFolder folder;
  TinyTraining tiny;
  train_epoch(tiny);
  const std::vector<Real> best = parameters(tiny);
  tiny.trainer.step();
  save_checkpoint(folder / "checkpoint", tiny.trainer, 0, "");
  CHECK(parameters(tiny) != best);

  const TinyTraining other;
  load_best_parameters(folder / "checkpoint", *other.agent);
  CHECK(parameters(other) == best);
}

TEST_CASE("a checkpoint of another model is refused", "[checkpoint]") {
  const TempFolder folder;
  const auto checkpoint = write_checkpoint(folder);
  const std::string other_size = refusal(checkpoint, {"agent.hidden=17"});
  CHECK(has(other_size, checkpoint.string() + ": this checkpoint is of another model: best."));
  CHECK(has(other_size, "must have shape"));
  CHECK(has(refusal(checkpoint, {"agent.core=lstm"}), "this checkpoint is of another model: "));
  CHECK(has(refusal(checkpoint, {"trainer.optimiser.kind=sgd"}), "it has no optimiser."));
  const TinyTraining other({"agent.hidden=17"});
  CHECK(has(message_of<IoError>([&] { load_best_parameters(checkpoint, *other.agent); }), "another model: best."));
}

TEST_CASE("a checkpoint that is cut short anywhere is refused", "[checkpoint]") {
  const TempFolder folder;
  write_checkpoint(folder);
  const std::string whole = folder.read("checkpoint");
  for (const std::size_t bytes :
       {std::size_t{0}, std::size_t{7}, std::size_t{100}, whole.size() / 2, whole.size() - 1}) {
    const auto cut = folder.write("cut", whole.substr(0, bytes));
    CHECK(has(refusal(cut), cut.string()));
  }
  CHECK(has(refusal(folder / "missing"), "missing"));
}

TEST_CASE("numbers of a checkpoint that make no sense are refused", "[checkpoint]") {
  const TempFolder folder;
  write_checkpoint(folder);
  const std::string whole = folder.read("checkpoint");
  CHECK(has(refusal(folder.write("a", replaced(whole, "\"step\":\"4\"", "\"step\":\"x\""))), "metadata step must be"));
  CHECK(has(refusal(folder.write("b", replaced(whole, "\"optimiser.steps\":\"4\"", "\"optimiser.steps\":\".\""))),
            "metadata optimiser.steps must be a number"));
  CHECK(has(refusal(folder.write("c", replaced(whole, "\"log_bytes\":\"7\"", "\"log_bites\":\"7\""))), "log_bytes"));
}
