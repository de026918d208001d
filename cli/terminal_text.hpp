// Text of others (names of files, answers) as a terminal may be shown it.
#pragma once

#include <cstdio>
#include <string>

namespace beholder::cli {

/// The text with whatever could move a terminal's cursor, change its colours or deceive its reader
/// spelled out: control characters and bytes that are not UTF-8 as "\x1b", those outside ASCII and
/// the marks that turn the direction of writing as "\u202e", ends of lines as "\n".
std::string escaped(const std::string& text);

/// `escaped` where `out` is a terminal; elsewhere, as for a pipe, the text as it is.
std::string shown(const std::string& text, std::FILE* out = stdout);

/// "beholder: " and the escaped message, as a line on standard error.
void complain(const std::string& message);

}  // namespace beholder::cli
