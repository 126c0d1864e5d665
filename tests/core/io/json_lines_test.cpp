#include "core/io/json_lines.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/full_disk.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/temp_folder.hpp"

using saccade::IoError;
using saccade::io::JsonLines;
using saccade::tests::has;
using saccade::tests::message_of;
using saccade::tests::TempFolder;

TEST_CASE("each line is one object with the shortest numbers", "[io]") {
  const TempFolder folder;
  JsonLines log(folder / "metrics.jsonl");
  log.write({{"step", 100}, {"loss", 0.1}, {"rate", 1e-5}, {"images", 60000.0 * 80}});
  log.write({{"third", 1.0 / 3}, {"large", 9007199254740992.0}, {"huge", 1e300}, {"minus", -2.5}});
  log.write({});
  CHECK(folder.read("metrics.jsonl") ==
        "{\"step\": 100, \"loss\": 0.1, \"rate\": 1e-05, \"images\": 4800000}\n"
        "{\"third\": 0.3333333333333333, \"large\": 9007199254740992, \"huge\": 1e+300, \"minus\": -2.5}\n"
        "{}\n");
}

TEST_CASE("what JSON cannot say is null", "[io]") {
  const TempFolder folder;
  JsonLines log(folder / "log");
  const double infinity = std::numeric_limits<double>::infinity();
  log.write({{"a", std::nan("")}, {"b", infinity}, {"c", -infinity}});
  CHECK(folder.read("log") == "{\"a\": null, \"b\": null, \"c\": null}\n");
}

TEST_CASE("names are escaped", "[io]") {
  const TempFolder folder;
  JsonLines(folder / "log").write({{"a \"b\"\n", 1}, {"\xff", 2}});
  CHECK(folder.read("log") == "{\"a \\\"b\\\"\\n\": 1, \"\xef\xbf\xbd\": 2}\n");
}

TEST_CASE("a line is in the file when write returns, and the size tells how long it is", "[io]") {
  const TempFolder folder;
  JsonLines log(folder / "log");
  CHECK(log.size() == 0);
  log.write({{"a", 1}});
  CHECK(log.size() == 9);
  CHECK(folder.read("log").size() == 9);
}

TEST_CASE("a log that exists is continued", "[io]") {
  const TempFolder folder;
  JsonLines(folder / "log").write({{"a", 1}});
  JsonLines log(folder / "log");
  CHECK(log.size() == 9);
  log.write({{"a", 2}});
  CHECK(folder.read("log") == "{\"a\": 1}\n{\"a\": 2}\n");
}

TEST_CASE("resuming cuts what was written after the checkpoint", "[io]") {
  const TempFolder folder;
  folder.write("log", "{\"a\": 1}\n{\"a\": 2}\n{\"a\": ");
  JsonLines log = JsonLines::resume(folder / "log", 9);
  CHECK(folder.read("log") == "{\"a\": 1}\n");
  log.write({{"a", 3}});
  log.sync();
  CHECK(log.size() == 18);
  CHECK(folder.read("log") == "{\"a\": 1}\n{\"a\": 3}\n");
}

TEST_CASE("resuming from before the first line empties the log", "[io]") {
  const TempFolder folder;
  folder.write("log", "{\"a\": 1}\n");
  JsonLines::resume(folder / "log", 0);
  CHECK(folder.read("log").empty());
}

TEST_CASE("a log that does not belong to the checkpoint is refused and kept", "[io]") {
  const TempFolder folder;
  folder.write("log", "{\"a\": 1}\n");
  const std::string path = (folder / "log").string();
  CHECK(message_of<IoError>([&] { JsonLines::resume(folder / "log", 10); }) ==
        path + ": the log to resume has 9 bytes, fewer than the 10 it had at the checkpoint");
  CHECK(message_of<IoError>([&] { JsonLines::resume(folder / "log", 5); }) ==
        path + ": the log to resume has no end of line before byte 5, where the checkpoint left it");
  CHECK(folder.read("log") == "{\"a\": 1}\n");
  CHECK(has(message_of<IoError>([&] { JsonLines::resume(folder / "absent", 0); }), "does not exist"));
  CHECK(folder.files() == 1);
}

TEST_CASE("a log whose last line was cut short is not continued", "[io]") {
  const TempFolder folder;
  folder.write("log", "{\"a\": 1}\n{\"a");
  CHECK(has(message_of<IoError>([&] { JsonLines log(folder / "log"); }), "the last line was cut short"));
}

TEST_CASE("a log on a full disk is an error and keeps whole lines", "[io]") {
  JsonLines device("/dev/full");
  CHECK(message_of<IoError>([&] { device.write({{"a", 1}}); }) == "/dev/full: cannot write: No space left on device");

  const TempFolder folder;
  JsonLines log(folder / "log");
  log.write({{"a", 1}});
  std::string message;
  {
    const saccade::tests::FullDisk disk(12);
    message = message_of<IoError>([&] { log.write({{"a", 2}}); });
  }
  CHECK(has(message, (folder / "log").string() + ": cannot write"));
  CHECK(log.size() == 9);
  CHECK(folder.read("log") == "{\"a\": 1}\n");
}
