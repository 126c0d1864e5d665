#include "experiments/checkpoint.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#define ZLIB_CONST
#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/errors.hpp"
#include "core/io/safetensors.hpp"
#include "core/io/sha256.hpp"

namespace saccade::experiments {
namespace {

/// A part of the checkpoint: a flat array over all parameters, under a prefix.
struct Section {
  std::string prefix;
  TensorView values;
};

std::vector<Section> sections_of(Trainer& trainer) {
  std::vector<Section> sections{{"best.", trainer.best_parameters()},
                                {"current.", trainer.agent().parameters().values()}};
  for (const optim::NamedState& state : trainer.optimiser().state()) {
    sections.push_back({"optimiser." + state.name + ".", state.value});
  }
  return sections;
}

/// CRC-32 of the bytes of arrays, one after another.
class Checksum {
 public:
  void add(std::span<const Real> values) {
    const auto bytes = std::as_bytes(values);
    constexpr std::size_t most = std::size_t{1} << 30;
    for (std::size_t at = 0; at < bytes.size(); at += most) {
      const auto count = static_cast<uInt>(std::min(most, bytes.size() - at));
      value_ = crc32(value_, reinterpret_cast<const Bytef*>(bytes.data() + at), count);
    }
  }
  [[nodiscard]] std::string text() const { return fmt::format("{:08x}", value_); }

 private:
  uLong value_ = 0;
};

/// All arrays of the file in the order of their names, as save_checkpoint summed them.
void check_sum(const io::SafeTensors& file, const std::filesystem::path& path) {
  std::vector<std::string> names = file.names();
  std::sort(names.begin(), names.end());
  Checksum sum;
  for (const std::string& name : names) sum.add(file.values<Real>(name));
  const auto entry = file.metadata().find("crc32");
  if (entry != file.metadata().end() && entry->second == sum.text()) return;
  throw IoError(fmt::format("{}: is corrupt: its values have the checksum {}, but it says {}", path.string(),
                            sum.text(), entry == file.metadata().end() ? "nothing" : entry->second));
}

void check_arrays(const io::SafeTensors& file, const std::filesystem::path& path, const ParameterStore& store,
                  const std::string& prefix) {
  for (std::size_t i = 0; i < store.size(); ++i) {
    const std::string name = prefix + store.name({i});
    if (!file.contains(name)) {
      throw IoError(fmt::format("{}: this checkpoint is of another model: it has no {}", path.string(), name));
    }
    const std::vector<std::size_t>& shape = file.shape(name);
    const Shape& expected = store.shape({i});
    if (!std::equal(shape.begin(), shape.end(), expected.begin(), expected.end())) {
      throw IoError(fmt::format("{}: this checkpoint is of another model: {} must have shape {}, got {}", path.string(),
                                name, to_string(expected), fmt::format("[{}]", fmt::join(shape, ", "))));
    }
    static_cast<void>(file.values<Real>(name));  // the type is checked too
  }
}

void read_arrays(const io::SafeTensors& file, const ParameterStore& store, const Section& section) {
  for (std::size_t i = 0; i < store.size(); ++i) {
    const std::span<const Real> values = file.values<Real>(section.prefix + store.name({i}));
    std::copy(values.begin(), values.end(), store.slice(section.values, {i}).begin());
  }
}

constexpr const char* format_name = "saccade checkpoint 1";

void check_format(const io::SafeTensors& file, const std::filesystem::path& path) {
  const auto entry = file.metadata().find("format");
  if (entry != file.metadata().end() && entry->second == format_name) return;
  throw IoError(fmt::format(R"({}: must have the format "{}", got "{}")", path.string(), format_name,
                            entry == file.metadata().end() ? "" : entry->second));
}

double read_number(const io::SafeTensors& file, const std::filesystem::path& path, const std::string& name) {
  const auto entry = file.metadata().find(name);
  if (entry == file.metadata().end()) {
    throw IoError(fmt::format("{}: this checkpoint is of another model: its metadata lack {}", path.string(), name));
  }
  double value = 0;
  const char* end = entry->second.data() + entry->second.size();
  const auto [stop, error] = std::from_chars(entry->second.data(), end, value);
  if (error != std::errc{} || stop != end) {
    throw IoError(fmt::format("{}: metadata {} must be a number, got \"{}\"", path.string(), name, entry->second));
  }
  if (!std::isfinite(value)) {
    throw IoError(fmt::format("{}: metadata {} must be finite, got \"{}\"", path.string(), name, entry->second));
  }
  return value;
}

/// The same for one that counts something.
double read_count(const io::SafeTensors& file, const std::filesystem::path& path, const std::string& name) {
  const double value = read_number(file, path, name);
  if (value < 0 || value > 9e15 || value != std::floor(value)) {
    throw IoError(fmt::format("{}: metadata {} must be a whole number, got {}", path.string(), name, value));
  }
  return value;
}

std::string digest_of(std::string_view configuration) { return io::sha256_of(std::as_bytes(std::span(configuration))); }

/// Name and place of every number that is saved.
std::vector<std::pair<std::string, double*>> numbers_of(Trainer::State& state, optim::Schedule::State& schedule,
                                                        double& step, double& best_epoch, double& optimiser_steps,
                                                        rl::Agent& agent) {
  std::vector<std::pair<std::string, double*>> numbers{{"step", &step},
                                                       {"best_epoch", &best_epoch},
                                                       {"best_validation_error", &state.best_error},
                                                       {"optimiser.steps", &optimiser_steps},
                                                       {"schedule.best", &schedule.best},
                                                       {"schedule.scale", &schedule.scale},
                                                       {"schedule.waited", &schedule.waited}};
  for (const rl::NamedNumber& number : agent.state()) numbers.emplace_back("agent." + number.name, number.value);
  return numbers;
}

}  // namespace

void save_checkpoint(const std::filesystem::path& path, Trainer& trainer, std::uint64_t log_bytes,
                     std::string_view configuration) {
  const ParameterStore& store = trainer.agent().parameters();
  std::vector<io::NamedArray> arrays;
  for (const Section& section : sections_of(trainer)) {
    for (std::size_t i = 0; i < store.size(); ++i) {
      const Shape& shape = store.shape({i});
      const std::span<const Real> values = store.slice(section.values, {i}).span();
      arrays.push_back({section.prefix + store.name({i}), {shape.begin(), shape.end()}, values});
    }
  }
  Trainer::State state = trainer.state();
  optim::Schedule::State schedule = trainer.schedule().state();
  auto step = static_cast<double>(state.step);
  auto best_epoch = static_cast<double>(state.best_epoch);
  auto optimiser_steps = static_cast<double>(trainer.optimiser().steps());
  std::sort(arrays.begin(), arrays.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  Checksum sum;
  for (const io::NamedArray& array : arrays) sum.add(std::get<std::span<const Real>>(array.values));
  io::Metadata metadata{{"format", format_name},
                        {"log_bytes", fmt::format("{}", log_bytes)},
                        {"crc32", sum.text()},
                        {"config_sha256", digest_of(configuration)}};
  for (const auto& [name, value] : numbers_of(state, schedule, step, best_epoch, optimiser_steps, trainer.agent())) {
    metadata[name] = fmt::format("{}", *value);
  }
  io::write_safetensors(path, arrays, metadata);
}

void check_configuration(const std::filesystem::path& path, std::string_view configuration) {
  const io::SafeTensors file(path);
  const auto entry = file.metadata().find("config_sha256");
  if (entry == file.metadata().end() || entry->second == digest_of(configuration)) return;
  throw IoError(fmt::format("{}: was trained with another config.toml than the one beside it", path.string()));
}

std::uint64_t load_checkpoint(const std::filesystem::path& path, Trainer& trainer) {
  const io::SafeTensors file(path);
  check_format(file, path);
  const ParameterStore& store = trainer.agent().parameters();
  const std::vector<Section> sections = sections_of(trainer);
  for (const Section& section : sections) check_arrays(file, path, store, section.prefix);
  check_sum(file, path);

  Trainer::State state;
  optim::Schedule::State schedule;
  double step = 0;
  double best_epoch = 0;
  double optimiser_steps = 0;
  const auto numbers = numbers_of(state, schedule, step, best_epoch, optimiser_steps, trainer.agent());
  std::vector<double> values;
  values.reserve(numbers.size());
  for (const auto& [name, place] : numbers) values.push_back(read_number(file, path, name));
  const double log_bytes = read_count(file, path, "log_bytes");
  for (const char* name : {"step", "best_epoch", "optimiser.steps"}) static_cast<void>(read_count(file, path, name));

  for (std::size_t i = 0; i < numbers.size(); ++i) *numbers[i].second = values[i];
  for (const Section& section : sections) read_arrays(file, store, section);
  state.step = static_cast<std::size_t>(step);
  state.best_epoch = static_cast<std::size_t>(best_epoch);
  trainer.set_state(state);
  trainer.schedule().set_state(schedule);
  trainer.optimiser().set_steps(static_cast<std::int64_t>(optimiser_steps));
  return static_cast<std::uint64_t>(log_bytes);
}

void load_best_parameters(const std::filesystem::path& path, rl::Agent& agent) {
  const io::SafeTensors file(path);
  check_format(file, path);
  const ParameterStore& store = agent.parameters();
  check_arrays(file, path, store, "best.");
  check_sum(file, path);
  read_arrays(file, store, {"best.", store.values()});
}

}  // namespace saccade::experiments
