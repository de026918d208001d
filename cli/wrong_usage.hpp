// What was wrong with a command line, in words that say what to type instead.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace beholder::cli {

/// Looks at the words that name a verb, and the verb within a verb.
/// @throws Error kUsage naming one that is not known, with the nearest one that is
void check_commands(CLI::App& app, const std::vector<std::string>& words);

/// The message for what the parser refused.
std::string wrong_usage(CLI::App& app, const CLI::ParseError& error);

}  // namespace beholder::cli
