// The pictures in a folder, and a count of all that is passed over there.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace beholder::batch {

struct WalkOptions {
  bool recursive = false;
  std::vector<std::string> globs;  ///< names that count; empty: known extensions
  std::function<bool(const std::filesystem::path&)> looks_like_picture;
};

/// The extension in lower case, with its dot.
std::string extension_of(const std::string& name);

/// The pictures of a folder in byte order. Hidden files ("._a.jpg" and other names that begin with
/// a dot, unless a glob does too), what systems leave behind and files of unknown extensions are
/// passed over; links to folders, hidden folders and `__MACOSX` are not gone into. A folder within
/// that cannot be listed is put in the place of its pictures.
/// @param passed_over its counts are increased, by kind
/// @throws Error kFileAccess for the folder itself
std::vector<std::string> walk_folder(const std::filesystem::path& folder,
                                     const WalkOptions& options,
                                     std::map<std::string, std::size_t>& passed_over);

}  // namespace beholder::batch
