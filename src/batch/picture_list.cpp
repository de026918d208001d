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
                                              ".webp", ".tif",  ".tiff", ".heic", ".heif", ".avif",
                                              ".jpe",  ".mpo",  ".jxl",  ".jp2",  ".j2k",  ".jpx"};
  if (globs.empty()) return known.count(extension_of(file)) > 0;
  return std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
    return ::fnmatch(glob.c_str(), file.c_str(), 0) == 0;
  });
}

/// A folder within that cannot be listed is put in their place: its row will say so.
void collect(const fs::path& folder, const ListOptions& options, bool within,
             std::vector<std::string>& found) {
  std::error_code error;
  std::vector<fs::path> folders;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    std::error_code ignored;
    if (!entry->is_directory(ignored)) {
      if (wanted(entry->path().filename().string(), options.globs))
        found.push_back(entry->path().string());
    } else if (options.recursive && !entry->is_symlink(ignored)) {  // links may go round in circles
      folders.push_back(entry->path());
    }
  }
  if (error && within) found.push_back(folder.string());
  check(!error || within, ErrorCode::kFileAccess, folder.string(), ": cannot list this folder (",
        error.message(), "); check its permissions");
  for (const fs::path& inner : folders) collect(inner, options, true, found);
}

}  // namespace

std::vector<std::string> read_list(std::istream& in, bool null_separated) {
  static const std::string mark = "\xEF\xBB\xBF";  // some editors begin UTF-8 with it
  std::vector<std::string> out;
  bool first = true;
  for (std::string name; std::getline(in, name, null_separated ? '\0' : '\n'); first = false) {
    if (null_separated) {
      check(!first || !in.eof() || name.find('\n') == std::string::npos, ErrorCode::kUsage,
            "a list without a zero byte that is read with --null; leave --null out");
    } else {
      check(name.find('\0') == std::string::npos, ErrorCode::kUsage, "line ", out.size() + 1,
            " of a list has a zero byte in it; lists as `find -print0` writes need --null");
      if (first && name.compare(0, mark.size(), mark) == 0) name.erase(0, mark.size());
      if (!name.empty() && name.back() == '\r') name.pop_back();
    }
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
      std::vector<std::string> found;
      collect(argument, options, false, found);
      std::sort(found.begin(), found.end());
      names.insert(names.end(), found.begin(), found.end());
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
