// Error messages for wrong command lines that say what to type instead.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace beholder::cli {

/// Checks the names of the verb and of its subcommand.
/// @throws Error kUsage naming one that is not known, with the nearest one that is
void check_commands(CLI::App& app, const std::vector<std::string>& words);

/// The message for what the parser refused.
std::string wrong_usage(CLI::App& app, const CLI::ParseError& error);

}  // namespace beholder::cli
