#include "envs/captions/tokens.hpp"

#include "tests/support/catch.hpp"

namespace saccade::envs::captions {
namespace {

TEST_CASE("captions lose capitals and punctuation", "[captions]") {
  CHECK(tokenise("A Black dog , and a tri-colored dog 's toy .") ==
        Tokens{"a", "black", "dog", "and", "a", "tricolored", "dog", "s", "toy"});
  CHECK(tokenise("\"Number # 28\" (one; two): 3.5!?") == Tokens{"number", "28", "one", "two", "35"});
  CHECK(tokenise("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~").empty());
}

TEST_CASE("any white space separates words", "[captions]") {
  CHECK(tokenise(" \ta\r\nb\vc\f ") == Tokens{"a", "b", "c"});
  CHECK(tokenise("").empty());
  CHECK(tokenise(" - ").empty());
}

TEST_CASE("letters outside of ASCII stay", "[captions]") {
  CHECK(tokenise("Caf\xc3\xa9 Z") == Tokens{"caf\xc3\xa9", "z"});
}

TEST_CASE("tokens are joined by a space", "[captions]") {
  CHECK(join({"a", "b"}) == "a b");
  CHECK(join({}).empty());
}

}  // namespace
}  // namespace saccade::envs::captions
