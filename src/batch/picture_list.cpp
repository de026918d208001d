#include "batch/picture_list.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <set>

#include "core/check.hpp"
#include "core/content_hash.hpp"

namespace beholder::batch {
namespace fs = std::filesystem;

namespace {

std::string extension_of(const std::string& name) {
  std::string extension = fs::path(name).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension;
}

bool wanted(const std::string& file, const std::vector<std::string>& globs) {
  static const std::set<std::string> known = {".jpg",  ".jpeg", ".jfif", ".png",  ".gif",  ".bmp",
                                              ".psd",  ".tga",  ".pnm",  ".ppm",  ".pgm",  ".pbm",
                                              ".webp", ".tif",  ".tiff", ".heic", ".heif", ".avif"};
  if (globs.empty()) return known.count(extension_of(file)) > 0;
  return std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
    return ::fnmatch(glob.c_str(), file.c_str(), 0) == 0;
  });
}

template <typename Iterator>
void collect(const fs::path& folder, const ListOptions& options, std::vector<std::string>& out) {
  std::error_code error;
  std::vector<std::string> found;
  Iterator entry(folder, error);
  for (; !error && entry != Iterator(); entry.increment(error)) {
    std::error_code ignored;
    if (!entry->is_directory(ignored) && wanted(entry->path().filename().string(), options.globs))
      found.push_back(entry->path().string());
  }
  check(!error, ErrorCode::kFileAccess, folder.string(), ": cannot list this folder (",
        error.message(), "); check its permissions");
  std::sort(found.begin(), found.end());
  out.insert(out.end(), found.begin(), found.end());
}

}  // namespace

std::vector<std::string> read_list(std::istream& in, bool null_separated) {
  std::vector<std::string> out;
  for (std::string name; std::getline(in, name, null_separated ? '\0' : '\n');) {
    if (!null_separated && !name.empty() && name.back() == '\r') name.pop_back();
    if (!name.empty()) out.push_back(name);
  }
  return out;
}

PictureList list_pictures(const std::vector<std::string>& arguments, const ListOptions& options,
                          std::istream& input) {
  check(options.shards >= 1 && options.shard >= 1 && options.shard <= options.shards,
        ErrorCode::kUsage, "shard ", options.shard, "/", options.shards,
        " makes no sense; give i/n with i from 1 to n");
  std::vector<std::string> names;
  const auto add_list = [&](std::istream& in) {
    const std::vector<std::string> listed = read_list(in, options.null_separated);
    names.insert(names.end(), listed.begin(), listed.end());
  };
  for (const std::string& argument : arguments) {
    std::error_code ignored;
    if (argument == "-") {
      add_list(input);
    } else if (fs::is_directory(argument, ignored)) {
      if (options.recursive)
        collect<fs::recursive_directory_iterator>(argument, options, names);
      else
        collect<fs::directory_iterator>(argument, options, names);
    } else if (extension_of(argument) == ".txt") {
      std::ifstream in(argument, std::ios::binary);
      check(static_cast<bool>(in), ErrorCode::kFileNotFound, argument,
            ": cannot read this list of pictures; check the name");
      add_list(in);
    } else {
      names.push_back(argument);
    }
  }
  std::set<std::string> seen;
  PictureList out;
  std::string all;
  for (const std::string& name : names) {
    if (!seen.insert(name).second) continue;
    const std::size_t index = out.total++;
    all += std::to_string(name.size()) + ":" + name;
    if (index % options.shards == options.shard - 1) out.pictures.push_back({index, name});
    if (out.total == options.limit) break;
  }
  check(out.total > 0, ErrorCode::kUsage,
        "no pictures found; name pictures, folders that hold some (--recursive for the folders in "
        "them, --glob for other names), or lists");
  out.fingerprint = content_hash(all.data(), all.size()).hex().substr(0, 16);
  return out;
}

}  // namespace beholder::batch
