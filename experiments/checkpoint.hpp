#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "experiments/trainer.hpp"

namespace saccade::experiments {

/// A run's checkpoint is one safetensors file. For every parameter NAME it holds
///
///   best.NAME                the value with the lowest validation error
///   current.NAME             the value after the last step
///   optimiser.STATE.NAME     each array of the optimiser's memory
///
/// and in its metadata the counters, the schedule, the agent's own numbers, how long the log was, the CRC-32 of all
/// values in the order of their names, and the SHA-256 digest of the run's config.toml.

/// Saves everything that going on needs; replaced atomically.
/// @param log_bytes      size of the run's metrics.jsonl that belongs to this checkpoint
/// @param configuration  the text of the run's config.toml
void save_checkpoint(const std::filesystem::path& path, Trainer& trainer, std::uint64_t log_bytes,
                     std::string_view configuration);

/// @throws IoError  if the checkpoint was trained with another config.toml. One of an earlier version, which does not
///                  know, fits any.
void check_configuration(const std::filesystem::path& path, std::string_view configuration);

/// Puts a trainer where save_checkpoint left it. @return log_bytes
/// @throws IoError  if the file is corrupt or belongs to another model, naming what differs; the trainer is unchanged
std::uint64_t load_checkpoint(const std::filesystem::path& path, Trainer& trainer);

/// Loads the parameters with the lowest validation error. @throws IoError as above
void load_best_parameters(const std::filesystem::path& path, rl::Agent& agent);

}  // namespace saccade::experiments
