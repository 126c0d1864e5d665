#include "envs/captions/metrics/stemmer.hpp"

#include "tests/support/catch.hpp"

namespace saccade::envs::captions {
namespace {

TEST_CASE("words are cut to their stems", "[captions]") {
  const Stemmer stem;
  CHECK(stem("running") == "run");
  CHECK(stem("runs") == "run");
  CHECK(stem("ran") == "ran");
  CHECK(stem("bicycles") == stem("bicycle"));
  CHECK(stem("").empty());
  CHECK(stem("28") == "28");
}

}  // namespace
}  // namespace saccade::envs::captions
