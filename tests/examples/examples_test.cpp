#include <algorithm>

#include "core/io/file.hpp"
#include "tests/examples/bars.hpp"
#include "tests/examples/one_layer.hpp"
#include "tests/examples/square.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_environment.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/player.hpp"

// The examples of CONTRIBUTING.md: they work, and the text shows them as they are.
namespace saccade::examples {
namespace {

using namespace tests;

TEST_CASE("the op of the examples", "[examples]") {
  Recording on;
  CHECK(close(square(on.input(tensor({2}, {3, -5}))).value(), tensor({2}, {9, 25})));
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of the op of the examples", "[examples][grad]") {
  CHECK(check_grad([](Tape&, auto& in) { return square(in[0]); }, {randn({2, 3}, 1)}));
}
#endif

TEST_CASE("the world of the examples keeps the promises of one", "[examples]") {
  const auto bars = make_bars({});
  CHECK(check_environment(*bars) == no_faults);
  CHECK(bars->size(rl::Split::train) == 1000);
}

TEST_CASE("the agent of the examples learns in the world of the examples", "[examples]") {
  const auto bars = make_bars({});
  OneLayer agent({}, bars->spec(), 1);
  Player player(*bars, agent);
  CHECK(player.error(200) > 0.2);
  player.learn(300, 50, 1e-2);
  CHECK(player.error(200) < 0.01);
}

struct Block {
  std::string file;
  std::string code;
};

/// The fenced blocks of a text that begin with a comment naming a file of this folder.
std::vector<Block> blocks_of(const std::string& text) {
  const std::string marker = "```cpp\n// tests/examples/";
  std::vector<Block> blocks;
  for (std::size_t at = text.find(marker); at != std::string::npos; at = text.find(marker, at)) {
    at += marker.size();
    const std::size_t name_end = text.find('\n', at);
    const std::size_t code_end = text.find("```", name_end);
    blocks.push_back({text.substr(at, name_end - at), text.substr(name_end + 1, code_end - name_end - 1)});
  }
  return blocks;
}

TEST_CASE("CONTRIBUTING.md shows the examples as they are", "[examples]") {
  const std::filesystem::path source(SACCADE_SOURCE_DIR);
  const std::vector<Block> blocks = blocks_of(io::read_file(source / "CONTRIBUTING.md"));
  REQUIRE(blocks.size() == 3);
  for (const Block& block : blocks) {
    INFO(block.file);
    const std::string file = io::read_file(source / "tests/examples" / block.file);
    CHECK(file.find(block.code) != std::string::npos);
  }
}

}  // namespace
}  // namespace saccade::examples
