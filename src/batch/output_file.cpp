#include "batch/output_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/check.hpp"
#include "core/file.hpp"

namespace beholder::batch {
namespace {

/// Whether the open file is still the one of that name; another process may have renamed it.
bool is_named(int file, const std::filesystem::path& path) {
  struct stat opened {
  }, named{};
  return ::fstat(file, &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
         opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

}  // namespace

OutputFile::OutputFile(const std::filesystem::path& output)
    // A link is followed, not replaced.
    : output_(std::filesystem::is_symlink(output) ? std::filesystem::weakly_canonical(output)
                                                  : output),
      temporary_(output.string() + ".tmp") {
  check(!std::filesystem::is_directory(output), ErrorCode::kFileAccess, output.string(),
        ": is a folder; name a file");
  for (;;) {
    lock_ = ::open(temporary_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    check(lock_ >= 0, ErrorCode::kFileAccess, temporary_.string(),
          ": cannot be written: ", std::strerror(errno), "; check the folder and its permissions");
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
      ::close(lock_);
      fail(ErrorCode::kFileAccess, output_.string(),
           ": another run is writing it; wait for its end");
    }
    if (is_named(lock_, temporary_)) break;
    ::close(lock_);
  }
  check(::ftruncate(lock_, 0) == 0, ErrorCode::kFileAccess, temporary_.string(),
        ": cannot be emptied: ", std::strerror(errno));
}

OutputFile::~OutputFile() {
  std::error_code ignored;
  if (!published_) std::filesystem::remove(temporary_, ignored);
  ::close(lock_);
}

void OutputFile::publish() {
  publish_file(temporary_, output_);
  published_ = true;
}

}  // namespace beholder::batch
