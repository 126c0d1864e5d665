#include "core/config/fields.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"

using saccade::ArgumentError;
using saccade::tests::has;
using saccade::tests::message_of;
namespace config = saccade::config;
using config::Scalar;
using config::Value;

namespace {

struct Settings {
  std::size_t glimpses = 6;
  std::int64_t offset = -1;
  double location_std = 0.1;
  bool learned_start = false;
  std::string note = "none";
  std::string locations = "learned";
  std::vector<double> scales{1, 2};
  std::vector<std::int64_t> units{128};
  std::size_t size = 8;

  config::Fields describe() {
    config::Fields fields;
    fields.add("glimpses", &glimpses, "number of glimpses T", config::range(1, 64));
    fields.add("offset", &offset, "offset in pixels");
    fields.add("location_std", &location_std, "spread of the locations", config::above(0).up_to(2));
    fields.add("learned_start", &learned_start, "learn the first location");
    fields.add("note", &note, "free text");
    fields.add("locations", &locations, "where to look", config::one_of({"learned", "random", "centre"}));
    fields.add("scales", &scales, "scales", config::at_least(1));
    fields.add("units", &units, "units of each layer", config::at_least(1));
    fields.group("glimpse").add("size", &size, "side in pixels", config::at_least(1));
    return fields;
  }
};

/// What assigning the value to the field complains about.
std::string complaint(std::string_view key, const Value& value) {
  Settings settings;
  config::Fields fields = settings.describe();
  return fields.find(key)->assign(value).value_or("(accepted)");
}

Value whole(std::int64_t value) { return value; }

}  // namespace

TEST_CASE("an interval knows its ends", "[config]") {
  CHECK(config::range(1, 3).contains(1));
  CHECK(config::range(1, 3).contains(3));
  CHECK_FALSE(config::range(1, 3).contains(3.01));
  CHECK_FALSE(config::above(0).contains(0));
  CHECK(config::above(0).up_to(2).contains(2));
  CHECK_FALSE(config::at_least(0).below(1).contains(1));
  CHECK_FALSE(config::Interval{}.contains(std::nan("")));
  CHECK_FALSE(config::Interval{}.contains(std::numeric_limits<double>::infinity()));
}

TEST_CASE("an interval reads as it is written in mathematics", "[config]") {
  CHECK(config::range(1, 64).describe() == "in [1, 64]");
  CHECK(config::above(0).up_to(0.5).describe() == "in (0, 0.5]");
  CHECK(config::at_least(0).below(1).describe() == "in [0, 1)");
  CHECK(config::at_least(1).describe() == "at least 1");
  CHECK(config::above(0).describe() == "above 0");
  CHECK(config::Interval{}.up_to(3).describe() == "at most 3");
  CHECK(config::Interval{}.below(3).describe() == "below 3");
}

TEST_CASE("values of the right type are stored", "[config]") {
  Settings settings;
  config::Fields fields = settings.describe();
  CHECK_FALSE(fields.find("glimpses")->assign(whole(8)));
  CHECK_FALSE(fields.find("offset")->assign(whole(-7)));
  CHECK_FALSE(fields.find("location_std")->assign(0.25));
  CHECK_FALSE(fields.find("learned_start")->assign(true));
  CHECK_FALSE(fields.find("note")->assign(std::string("text")));
  CHECK_FALSE(fields.find("locations")->assign(std::string("random")));
  CHECK_FALSE(fields.find("scales")->assign(std::vector<Scalar>{1.5, std::int64_t{4}}));
  CHECK_FALSE(fields.find("units")->assign(std::vector<Scalar>{}));
  CHECK_FALSE(fields.find("glimpse.size")->assign(whole(12)));
  CHECK(settings.glimpses == 8);
  CHECK(settings.offset == -7);
  CHECK(settings.location_std == 0.25);
  CHECK(settings.learned_start);
  CHECK(settings.note == "text");
  CHECK(settings.locations == "random");
  CHECK(settings.scales == std::vector<double>{1.5, 4});
  CHECK(settings.units.empty());
  CHECK(settings.size == 12);
}

TEST_CASE("a whole number is a number, not the reverse", "[config]") {
  CHECK(complaint("location_std", whole(1)) == "(accepted)");
  CHECK(complaint("glimpses", 8.0) == "must be a whole number, got 8.0");
}

TEST_CASE("a value of another type is refused", "[config]") {
  CHECK(complaint("glimpses", std::string("six")) == "must be a whole number, got \"six\"");
  CHECK(complaint("location_std", true) == "must be a number, got true");
  CHECK(complaint("learned_start", whole(1)) == "must be true or false, got 1");
  CHECK(complaint("note", whole(3)) == "must be a string, got 3");
  CHECK(complaint("scales", 2.0) == "must be a list of numbers, got 2.0");
  CHECK(complaint("scales", std::vector<Scalar>{1.0, std::string("a")}) ==
        "must be a list of numbers, got [1.0, \"a\"]");
  CHECK(complaint("units", std::vector<Scalar>{1.0}) == "must be a list of whole numbers, got [1.0]");
}

TEST_CASE("a value outside the limits is refused and the member kept", "[config]") {
  CHECK(complaint("glimpses", whole(65)) == "must be in [1, 64], got 65");
  CHECK(complaint("location_std", whole(-1)) == "must be in (0, 2], got -1");
  CHECK(complaint("location_std", std::nan("")) == "must be in (0, 2], got nan");
  CHECK(complaint("glimpse.size", whole(-3)) == "must be at least 1, got -3");
  CHECK(complaint("units", std::vector<Scalar>{std::int64_t{8}, std::int64_t{0}}) ==
        "must be a list of whole numbers, each at least 1, got [8, 0]");
  Settings settings;
  config::Fields fields = settings.describe();
  CHECK(fields.find("glimpses")->assign(whole(0)));
  CHECK(settings.glimpses == 6);
}

TEST_CASE("a count without limits is not negative, a number is finite", "[config]") {
  std::size_t count = 1;
  double number = 1;
  config::Fields fields;
  fields.add("count", &count, "a count");
  fields.add("number", &number, "a number");
  CHECK(fields.find("count")->assign(whole(-1)) == "must be at least 0, got -1");
  CHECK(fields.find("number")->assign(std::numeric_limits<double>::infinity()) == "must be finite, got inf");
}

TEST_CASE("a word that is no choice is refused", "[config]") {
  CHECK(complaint("locations", std::string("center")) ==
        "must be one of learned, random, centre; did you mean centre?");
  CHECK(complaint("locations", std::string("spiral")) == "must be one of learned, random, centre, got \"spiral\"");
}

TEST_CASE("settings are found by key with dots", "[config]") {
  Settings settings;
  config::Fields fields = settings.describe();
  CHECK(fields.find("glimpse.size")->doc() == "side in pixels");
  CHECK(fields.find("size") == nullptr);
  CHECK(fields.find("glimpse") == nullptr);
  CHECK(fields.find("glimpses.size") == nullptr);
  CHECK(fields.find("glimpse.") == nullptr);
  CHECK(fields.find_group("glimpse") == &fields.group("glimpse"));
  CHECK(fields.keys().back() == "glimpse.size");
  CHECK(fields.keys().size() == 10);
  CHECK(fields.find("scales")->value() == Value(std::vector<Scalar>{1.0, 2.0}));
}

TEST_CASE("a setting may need others to be something", "[config]") {
  std::string kind = "adam";
  std::string rule = "slow";
  double momentum = 0;
  double beta = 0;
  config::Fields root;
  config::Fields& fields = root.group("optimiser");
  fields.add("kind", &kind, "");
  fields.add("momentum", &momentum, "").only_with("kind", {"sgd", "slow", "rmsprop"}).only_with("rule", {"fast"});
  fields.add("rule", &rule, "");
  fields.add("beta", &beta, "").only_with("momentum", {"0"});
  CHECK(root.unmet_need("optimiser.momentum")->describe() == "kind sgd, slow or rmsprop");
  kind = "sgd";
  CHECK(root.unmet_need("optimiser.momentum")->describe() == "rule fast");
  rule = "fast";
  CHECK(root.unmet_need("optimiser.momentum") == nullptr);
  CHECK(root.unmet_need("optimiser.kind") == nullptr);
  CHECK(root.unmet_need("optimiser.none") == nullptr);
  CHECK(root.unmet_need("none.kind") == nullptr);
  CHECK(message_of<ArgumentError>([&] { (void)root.unmet_need("optimiser.beta"); }) ==
        "Fields: beta needs momentum, no string");
}

TEST_CASE("a description that contradicts itself is refused", "[config]") {
  std::size_t count = 0;
  bool flag = false;
  std::string word;
  config::Fields fields;
  fields.add("count", &count, "a count");
  fields.group("section");
  CHECK(message_of<ArgumentError>([&] { fields.add("count", &count, "again"); }) == "Fields: count is added twice");
  CHECK(message_of<ArgumentError>([&] { fields.add("section", &count, "again"); }) == "Fields: section is added twice");
  CHECK(message_of<ArgumentError>([&] { fields.group("count"); }) == "Fields: count is added twice");
  CHECK(has(message_of<ArgumentError>([&] { fields.add("a.b", &count, "dotted"); }), "\"a.b\" is no name"));
  CHECK(has(message_of<ArgumentError>([&] { fields.add("flag", &flag, "flag", config::range(0, 1)); }),
            "cannot have a range"));
  CHECK(has(message_of<ArgumentError>([&] { fields.add("text", &word, "two\nlines"); }), "must be one line"));
  CHECK(has(message_of<ArgumentError>([&] { fields.add("word", &word, "word", config::one_of({})); }),
            "nothing to choose"));
}

TEST_CASE("values are printed as TOML", "[config]") {
  CHECK(config::to_text(true) == "true");
  CHECK(config::to_text(whole(-8)) == "-8");
  CHECK(config::to_text(1.0) == "1.0");
  CHECK(config::to_text(0.1) == "0.1");
  CHECK(config::to_text(1e-5) == "1e-05");
  CHECK(config::to_text(1e22) == "1e+22");
  CHECK(config::to_text(-std::numeric_limits<double>::infinity()) == "-inf");
  CHECK(config::to_text(std::string("a \"b\"\\\n\x01\x7f")) == "\"a \\\"b\\\"\\\\\\n\\u0001\\u007F\"");
  CHECK(config::to_text(std::vector<Scalar>{true, 0.5, std::string("x")}) == "[true, 0.5, \"x\"]");
}

TEST_CASE("the distance of words counts exchanged neighbours as one", "[config]") {
  CHECK(config::edit_distance("", "abc") == 3);
  CHECK(config::edit_distance("abc", "abc") == 0);
  CHECK(config::edit_distance("centre", "center") == 1);
  CHECK(config::edit_distance("kitten", "sitting") == 3);
  CHECK(config::edit_distance("ca", "abc") == 3);  // 2 without the restriction to optimal alignments
}

TEST_CASE("the nearest key is found in its own or another section", "[config]") {
  const std::vector<std::string> keys{"agent", "agent.glimpses", "agent.location_std", "agent.glimpse.size",
                                      "env.size"};
  CHECK(config::nearest("agent.locaton_std", keys) == "agent.location_std");
  CHECK(config::nearest("agnet", keys) == "agent");
  CHECK(config::nearest("location_std", keys) == "agent.location_std");
  CHECK(config::nearest("agent.size", keys) == "agent.glimpse.size");
  CHECK(config::nearest("agent.dropout", keys) == std::nullopt);
  CHECK(config::suggestion("agent.dropout", keys).empty());
}
