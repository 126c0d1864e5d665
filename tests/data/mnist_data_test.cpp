#include <array>
#include <cmath>
#include <numeric>

#include "envs/mnist/mnist.hpp"
#include "experiments/evaluate.hpp"
#include "experiments/experiment.hpp"
#include "experiments/trainer.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/skip.hpp"

// Needs MNIST in mnist/ below one of the data folders.
namespace saccade::tests {
namespace {

/// The first data folder that holds MNIST; else an empty path.
std::filesystem::path folder() {
  for (const std::filesystem::path& data : experiments::data_folders("")) {
    if (envs::has_mnist(data / "mnist")) return data / "mnist";
  }
  return {};
}

}  // namespace

std::string reason_to_skip() {
  if (!folder().empty()) return {};
  return "no mnist/ in $SACCADE_DATA, ./data or ~/.local/share/saccade";
}

namespace {

const envs::ImageSplits& mnist() {
  static const envs::ImageSplits splits = envs::load_mnist(folder(), {});
  return splits;
}

std::array<std::size_t, 10> histogram(const envs::ImageSet& set) {
  std::array<std::size_t, 10> counts{};
  for (const std::uint8_t label : set.labels) ++counts[label];
  return counts;
}

double pixel_mean(const envs::ImageSet& set) {
  return std::accumulate(set.pixels.begin(), set.pixels.end(), 0.0) / (255.0 * static_cast<double>(set.pixels.size()));
}

TEST_CASE("MNIST has 50,000, 10,000 and 10,000 images") {
  CHECK(mnist().train.size() == 50'000);
  CHECK(mnist().validation.size() == 10'000);
  CHECK(mnist().test.size() == 10'000);
  CHECK(mnist().shape == Shape{28, 28, 1});
}

TEST_CASE("the files of MNIST are those that everybody has") {
  CHECK(mnist().notes.empty());
  CHECK(mnist().digests ==
        "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757  train-images-idx3-ubyte\n"
        "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13  train-labels-idx1-ubyte\n"
        "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161  t10k-images-idx3-ubyte\n"
        "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5  t10k-labels-idx1-ubyte\n");
}

TEST_CASE("the classes of MNIST are as often as published") {
  CHECK(histogram(mnist().test) == std::array<std::size_t, 10>{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009});
  std::array<std::size_t, 10> all = histogram(mnist().train);
  for (std::size_t k = 0; k < 10; ++k) all[k] += histogram(mnist().validation)[k];
  CHECK(all == std::array<std::size_t, 10>{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949});
}

TEST_CASE("the pixels of MNIST have their known mean") {
  const double all = (5 * pixel_mean(mnist().train) + pixel_mean(mnist().validation)) / 6;
  CHECK(std::abs(all - 0.1307) < 0.0001);
  CHECK(std::abs(pixel_mean(mnist().test) - 0.1325) < 0.0001);
}

TEST_CASE("the recurrent attention model learns to read MNIST") {
  experiments::ConfigTree tree;
  for (const char* setting : {"environment.kind=mnist", "agent.glimpses=4", "agent.hidden=64",
                              "agent.first_location=learned", "trainer.batch=128", "trainer.schedule.rate=0.003"}) {
    tree.set(setting);
  }
  const experiments::Experiment experiment(tree);
  parallel::Workers workers(2);
  const auto world = experiment.make_environment({experiments::data_folders(""), &workers});
  const auto agent = experiment.make_agent(world->spec());
  experiments::Trainer trainer(experiment, *world, *agent, workers);
  const auto validation_error = [&] {
    return experiments::evaluate(*world, *agent, rl::Split::validation, agent->evaluation_modes({1}).front(), 0, 100,
                                 workers)
        .error();
  };
  CHECK(validation_error() > 0.8);
  while (trainer.steps_done() < 300) trainer.step();
  CHECK(validation_error() < 0.4);
}

}  // namespace
}  // namespace saccade::tests
