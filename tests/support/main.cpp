#define CATCH_CONFIG_RUNNER  // Catch2 2 puts its implementation here; version 3 has a library and overlooks it.
#include <cstdio>

#include "tests/support/catch.hpp"
#include "tests/support/skip.hpp"

namespace {

/// What ctest (SKIP_RETURN_CODE) and automake take for "skipped".
constexpr int skipped = 77;

}  // namespace

int main(int argc, char* argv[]) {
  const std::string reason = saccade::tests::reason_to_skip();
  if (reason.empty()) return Catch::Session().run(argc, argv);
  std::printf("skipped: %s\n", reason.c_str());
  return skipped;
}
