#include <fmt/format.h>

#include <memory>

#include "agents/registry.hpp"
#include "core/errors.hpp"
#include "envs/registry.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/commands/terminal.hpp"
#include "experiments/table.hpp"

namespace saccade::commands {
namespace {

namespace fs = std::filesystem;
using namespace experiments;

template <typename Entries>
void print_entries(const std::string& title, const Entries& entries) {
  print(title);
  for (const auto& entry : entries) print(fmt::format("  {:<24} {}", entry.name, entry.summary));
}

/// What a configuration says it is for, or why it cannot be read.
std::string purpose_of(const fs::path& file) {
  try {
    return ConfigTree::load(file).string_at("why").value_or("");
  } catch (const Error& error) {
    return fmt::format("cannot be read: {}", error.what());
  }
}

void print_configs() {
  print("configs");
  for (const std::string& name : config_names()) print(fmt::format("  {:<24} {}", name, purpose_of(find_config(name))));
}

void print_tables() {
  print("tables");
  for (const std::string& name : table_names())
    print(fmt::format("  {:<24} {}", name, load_table(find_table(name)).title));
}

}  // namespace

void add_list(CLI::App& app) {
  CLI::App* command = app.add_subcommand("list", "List worlds, agents, configurations and tables");
  command->footer("Example:\n  saccade list");
  command->callback([] {
    print_entries("worlds", envs::registry());
    print_entries("agents", agents::registry());
    print_configs();
    print_tables();
  });
}

}  // namespace saccade::commands
