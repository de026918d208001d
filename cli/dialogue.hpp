// Questions about a picture, asked one after the other.
#pragma once

#include <functional>
#include <string>

#include "beholder/engine.hpp"

namespace beholder::cli {

/// Answers one question about the picture of that name and prints the answer.
using AskOne =
    std::function<void(const Picture&, const std::string& name, const std::string& question)>;

/// Reads questions and commands (help, quit, /image FILE) from standard input until it ends. Errors
/// in a question or a new picture are reported, and the dialogue goes on. At a terminal, Ctrl-C
/// stops the current answer or discards the line being typed.
void converse(const Engine& engine, Picture picture, std::string name, const AskOne& ask);

}  // namespace beholder::cli
