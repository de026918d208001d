// Standard output, and what to do when nothing takes it any more.
#pragma once

#include <string>

#include "json/text.hpp"

namespace beholder::cli {

/// Thrown when standard output takes no more (its reader has ended, the disk is full): whatever is
/// still to be done would be for nothing. Exit code 1.
struct OutputClosed {
  std::string reason;
};

/// Files opened later must not get the number of a standard stream that is closed, or what is
/// printed would end up in them. What is printed to a closed stream fails, as it should.
void open_standard_streams();

/// A JSON value as a line, handed on at once. @throws OutputClosed
void print_json(const Json& row);

/// Hands on what was printed. @throws OutputClosed
void flush_output();

}  // namespace beholder::cli
