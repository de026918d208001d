// The verbs of the command line; each registers its options and what runs it.
#pragma once

#include <CLI/CLI.hpp>

namespace beholder::cli {

/// Thrown when some rows of a batch failed and were reported: exit code 3.
struct RowsFailed {};

void add_ask_command(CLI::App& app);
void add_describe_command(CLI::App& app);
void add_eval_command(CLI::App& app);
void add_train_command(CLI::App& app);
void add_calibrate_command(CLI::App& app);
void add_model_command(CLI::App& app);
void add_doctor_command(CLI::App& app);
void add_caption_command(CLI::App& app);
void add_merge_command(CLI::App& app);
void add_world_command(CLI::App& app);
void add_objects_command(CLI::App& app);
void add_relations_command(CLI::App& app);
void add_read_command(CLI::App& app);
void add_score_command(CLI::App& app);

}  // namespace beholder::cli

// Also on its own
void add_derive_command(CLI::App& app);
