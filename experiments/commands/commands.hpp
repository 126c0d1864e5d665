#pragma once

#include <CLI/CLI.hpp>
#include <string>

/// What the command `saccade` understands: each function adds one of its commands. The options of a command live as
/// long as the application. `line` is the whole command line, for records.
namespace saccade::commands {

void add_run(CLI::App& app, const std::string& line);
void add_eval(CLI::App& app, const std::string& line);
void add_show(CLI::App& app, const std::string& line);
void add_summary(CLI::App& app);
void add_table(CLI::App& app);
void add_sweep(CLI::App& app);
void add_compare(CLI::App& app);
void add_list(CLI::App& app);
void add_data(CLI::App& app);

}  // namespace saccade::commands
