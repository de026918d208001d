#include "batch/output_check.hpp"

#include <sys/stat.h>

#include <map>
#include <set>

#include "batch/journal.hpp"
#include "batch/merge.hpp"
#include "batch/output.hpp"
#include "core/check.hpp"

namespace beholder::batch {
namespace fs = std::filesystem;

void check_output(const fs::path& output, const std::vector<std::string>& read) {
  check(!output.empty(), ErrorCode::kUsage, "the output has no name; name a file");
  check(output != "-", ErrorCode::kUsage,
        "-: results go to a file; name one (a file of this name is ./-)");
  check(output.extension() != ".journal", ErrorCode::kUsage, output.string(),
        ": journals are called so; name the output itself");
  std::error_code ignored;
  check(!fs::is_directory(output.string() + ".tmp", ignored), ErrorCode::kUsage, output.string(),
        ".tmp: is a folder where the output is written first; choose another name");
  struct stat target {};
  if (::stat(output.c_str(), &target) != 0) return;
  check(!S_ISDIR(target.st_mode), ErrorCode::kUsage, output.string(),
        ": is a folder; name a file for the output (with --format txt it names the journal alone)");
  check(S_ISREG(target.st_mode), ErrorCode::kUsage, output.string(),
        ": is a pipe or a device, and would be replaced by a file; name a file");
  for (const std::string& name : read) {
    struct stat input {};
    check(::stat(name.c_str(), &input) != 0 || input.st_ino != target.st_ino ||
              input.st_dev != target.st_dev,
          ErrorCode::kUsage, output.string(), ": would be overwritten, and is read as ",
          printable(name), "; choose another output");
  }
}

void check_not_foreign(const fs::path& output) {
  std::error_code ignored;
  const bool there = fs::exists(output, ignored) && fs::file_size(output, ignored) > 0;
  check(!there || fs::exists(journal_of(output), ignored), ErrorCode::kUsage, output.string(),
        ": is there already and has no journal beside it, so no batch wrote it; choose another "
        "output, or remove it");
}

void check_text_files(const std::vector<std::string>& pictures, const fs::path& journal) {
  std::set<std::string> done;
  if (fs::exists(journal))
    read_journal(journal, [&](const Json& json, std::uint64_t) {
      if (json.contains("index")) done.insert(row_from_json(json).name);
    });
  std::map<std::string, std::string> owners;
  for (const std::string& picture : pictures) {
    const fs::path file = text_file(picture);
    const auto [owner, added] = owners.try_emplace(file.string(), picture);
    check(added, ErrorCode::kUsage, printable(file.string()), ": both ", printable(owner->second),
          " and ", printable(picture),
          " would have this text file; rename one, or choose another format");
    std::error_code ignored;
    check(done.count(picture) > 0 || !fs::exists(file, ignored), ErrorCode::kUsage,
          printable(file.string()), ": is there already and would be overwritten by the text of ",
          printable(picture), "; move it, or choose another format");
  }
}

void check_coco_ids(const std::vector<std::string>& pictures) {
  std::map<Json, std::string> owners;
  for (const std::string& picture : pictures) {
    const auto [owner, added] = owners.try_emplace(coco_id(picture), picture);
    check(added, ErrorCode::kUsage, "both ", printable(owner->second), " and ", printable(picture),
          " would have the image_id ", owner->first.dump(),
          "; rename one, or choose another format");
  }
}

}  // namespace beholder::batch
