#include "batch/folder_walk.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "core/check.hpp"

namespace beholder::batch {
namespace fs = std::filesystem;

namespace {

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// What the intake reads, in all the spellings in use.
bool known_extension(const std::string& extension) {
  static const std::set<std::string> known = {
      ".jpg",  ".jpeg", ".jpe",  ".jfif", ".jif",  ".jfi", ".pjpeg", ".pjp",
      ".mpo",  ".png",  ".apng", ".gif",  ".bmp",  ".dib", ".psd",   ".tga",
      ".pnm",  ".ppm",  ".pgm",  ".pbm",  ".webp", ".tif", ".tiff",  ".heic",
      ".heif", ".hif",  ".avif", ".jxl",  ".jp2",  ".j2k", ".jpf",   ".jpx"};
  return known.count(extension) > 0;
}

class Walk {
 public:
  Walk(const WalkOptions& options, std::map<std::string, std::size_t>& passed_over)
      : options_(options), passed_over_(passed_over) {}

  void collect(const fs::path& folder, bool within) {
    std::error_code error;
    std::vector<fs::path> folders;
    fs::directory_iterator entry(folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
      std::error_code ignored;
      if (!entry->is_directory(ignored))
        file(entry->path());
      else if (goes_into(*entry))
        folders.push_back(entry->path());
    }
    if (error && within) found.push_back(folder.string());
    check(!error || within, ErrorCode::kFileAccess, folder.string(), ": cannot list this folder (",
          error.message(), "); check its permissions");
    for (const fs::path& inner : folders) collect(inner, true);
  }

  std::vector<std::string> found;

 private:
  bool goes_into(const fs::directory_entry& folder) {
    std::error_code ignored;
    const std::string name = folder.path().filename().string();
    const char* why = nullptr;
    if (name.front() == '.')
      why = "hidden folders";
    else if (name == "__MACOSX")
      why = "__MACOSX folders";
    else if (!options_.recursive)
      why = "folders (-r goes into them)";
    else if (folder.is_symlink(ignored))  // they may go round in circles
      why = "links to folders";
    if (why != nullptr) ++passed_over_[why];
    return why == nullptr;
  }

  void file(const fs::path& path) {
    const std::string name = path.filename().string();
    if (wanted(name))
      found.push_back(path.string());
    else
      ++passed_over_[kind_of(path, name)];
  }

  bool wanted(const std::string& name) const {
    if (options_.globs.empty()) return name.front() != '.' && known_extension(extension_of(name));
    // A star does not match the dot of a hidden name.
    return std::any_of(options_.globs.begin(), options_.globs.end(), [&](const std::string& glob) {
      return ::fnmatch(glob.c_str(), name.c_str(), FNM_PERIOD) == 0;
    });
  }

  std::string kind_of(const fs::path& path, const std::string& name) const {
    static const std::set<std::string> left_behind = {"thumbs.db", "ehthumbs.db", "desktop.ini",
                                                      "icon\r"};
    std::error_code ignored;
    if (name.front() == '.') return "hidden files";
    if (left_behind.count(lower_case(name)) > 0) return "files of the system (Thumbs.db and such)";
    if (fs::exists(path, ignored) && !fs::is_regular_file(path, ignored))
      return "pipes and devices";
    const std::string extension = extension_of(name);
    if (!options_.globs.empty() && known_extension(extension))
      return extension + " that no --glob matches";
    const std::string kind = extension.empty() ? "without an extension" : extension;
    return options_.looks_like_picture && options_.looks_like_picture(path)
               ? kind + " that are pictures by their content (name them, or use --glob)"
               : kind;
  }

  const WalkOptions& options_;
  std::map<std::string, std::size_t>& passed_over_;
};

}  // namespace

std::string extension_of(const std::string& name) {
  return lower_case(fs::path(name).extension().string());
}

std::vector<std::string> walk_folder(const fs::path& folder, const WalkOptions& options,
                                     std::map<std::string, std::size_t>& passed_over) {
  Walk walk(options, passed_over);
  walk.collect(folder, false);
  std::sort(walk.found.begin(), walk.found.end());
  return walk.found;
}

}  // namespace beholder::batch
