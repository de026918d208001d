#include "batch/output_check.hpp"

#include <sys/stat.h>

#include <map>

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

bool coco_numbers(const std::vector<ListedPicture>& pictures) {
  bool numbers = true;
  for (const ListedPicture& picture : pictures)
    numbers = numbers && coco_id(picture.name, picture.keys).is_number_integer();
  std::map<Json, std::string> owners;
  for (const ListedPicture& picture : pictures) {
    const Json id =
        numbers ? coco_id(picture.name, picture.keys) : coco_name(picture.name, picture.keys);
    const auto [owner, added] = owners.try_emplace(id, picture.name);
    check(added, ErrorCode::kUsage, "both ", printable(owner->second), " and ",
          printable(picture.name), " would have the image_id ", id.dump(),
          "; rename one, or choose another format");
  }
  return numbers;
}

}  // namespace beholder::batch
