#include "core/output_check.hpp"

#include <sys/stat.h>

#include <system_error>

#include "core/check.hpp"

namespace beholder {
namespace fs = std::filesystem;

namespace {

constexpr const char* kReplace =
    ": is there already; choose another name, or --force to replace it";

/// An input file that is the same as `output`, or "" for none.
fs::path same_input(const fs::path& output, const std::vector<fs::path>& inputs) {
  for (const fs::path& input : inputs) {
    if (same_file(input, output)) return input;
    std::error_code ec;
    if (!fs::is_directory(input, ec)) continue;
    for (fs::directory_iterator entry(input, ec), end; !ec && entry != end; entry.increment(ec))
      if (same_file(entry->path(), output)) return entry->path();
  }
  return {};
}

}  // namespace

bool same_file(const fs::path& a, const fs::path& b) {
  struct stat first {
  }, second{};
  return ::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &second) == 0 &&
         first.st_ino == second.st_ino && first.st_dev == second.st_dev;
}

void check_output_file(const fs::path& output, const std::vector<fs::path>& inputs, bool force) {
  check(!output.empty(), ErrorCode::kUsage, "an output has no name; name a file");
  check(output != "-", ErrorCode::kUsage,
        "-: an output goes to a file; name one (a file of this name is ./-)");
  std::error_code ec;
  const fs::path folder = output.has_parent_path() ? output.parent_path() : fs::path(".");
  struct stat target {};
  if (::stat(output.c_str(), &target) != 0) {
    check(fs::is_directory(folder, ec), ErrorCode::kFileNotFound, output.string(),
          ": there is no folder ", folder.string(), "; make it first, or choose another place");
    return;
  }
  check(!S_ISDIR(target.st_mode), ErrorCode::kUsage, output.string(), ": is a folder; name a file");
  check(S_ISREG(target.st_mode), ErrorCode::kUsage, output.string(),
        ": is a pipe or a device, and would be replaced by a file; name a file");
  const fs::path input = same_input(output, inputs);
  check(input.empty(), ErrorCode::kUsage, output.string(),
        ": would be overwritten, and is read as ", input.string(), "; choose another output");
  check(force || target.st_size == 0, ErrorCode::kUsage, output.string(), kReplace);
}

void check_output_folder(const fs::path& output, const std::vector<fs::path>& inputs, bool force) {
  check(!output.empty(), ErrorCode::kUsage, "an output has no name; name a folder");
  for (const fs::path& input : inputs)
    check(!same_file(output, input), ErrorCode::kUsage, output.string(),
          ": would be overwritten, and is read as ", input.string(), "; name another folder");
  std::error_code ec;
  if (!fs::exists(output, ec)) return;
  check(fs::is_directory(output, ec), ErrorCode::kUsage, output.string(),
        ": is a file; name a folder");
  check(force || fs::is_empty(output, ec), ErrorCode::kUsage, output.string(), kReplace);
}

}  // namespace beholder
