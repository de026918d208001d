#include "core/output_folder.hpp"

#include <system_error>

#include "core/check.hpp"
#include "core/file.hpp"

namespace beholder {
namespace fs = std::filesystem;

namespace {

/// Without a slash at its end; of a link what it points to.
fs::path place_of(const fs::path& folder) {
  fs::path out = folder.lexically_normal();
  if (!out.has_filename()) out = out.parent_path();
  std::error_code ec;
  return fs::is_symlink(out, ec) || out == "." ? fs::weakly_canonical(out) : out;
}

}  // namespace

OutputFolder::OutputFolder(const fs::path& folder)
    : folder_(place_of(folder)), temporary_(temporary_sibling(folder_)) {
  std::error_code ec;
  for (fs::path parent = folder_.parent_path(); !parent.empty() && !fs::exists(parent, ec);
       parent = parent.parent_path())
    made_.push_back(parent);
  fs::remove_all(temporary_, ec);  // of an earlier process with this number
  fs::create_directories(temporary_, ec);
  check(!ec, ErrorCode::kFileAccess, folder_.string(), ": cannot be made: ", ec.message(),
        "; check the folder above it and its permissions");
}

OutputFolder::~OutputFolder() {
  std::error_code ignored;
  fs::remove_all(temporary_, ignored);
  if (published_) return;
  for (const fs::path& parent : made_)
    if (!fs::remove(parent, ignored)) break;  // something else came to lie there
}

void OutputFolder::publish() {
  std::error_code ec;
  fs::create_directories(folder_, ec);
  check(!ec, ErrorCode::kFileAccess, folder_.string(), ": cannot be made: ", ec.message());
  published_ = true;
  std::vector<fs::path> names;
  for (const auto& entry : fs::directory_iterator(temporary_)) names.push_back(entry.path());
  for (const fs::path& name : names) publish_file(name, folder_ / name.filename());
}

}  // namespace beholder
