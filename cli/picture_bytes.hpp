// The bytes of a picture from wherever a name on the command line leads.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace beholder::cli {

/// Reads a file, "-" (standard input) or a pipe (a FIFO, /dev/fd/63). What comes through a pipe is
/// looked at as soon as its beginning is there, and refused at once when no picture begins so;
/// 256 MiB at most are read. A FIFO that nothing has opened for writing is waited for three
/// seconds.
/// @throws Error kFileNotFound, kFileAccess, kPictureFormat, kPictureTooLarge, kUsage for "-" when
///   it is a terminal
std::vector<std::uint8_t> read_picture_bytes(const std::string& name);

/// What messages call a picture of this name: "standard input" for "-".
std::string name_in_messages(const std::string& name);

}  // namespace beholder::cli
