#include "io/memory_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

#include "core/check.hpp"

namespace beholder::io {
namespace {

struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

std::size_t page_size() { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

}  // namespace

MappedFile MappedFile::open(const std::filesystem::path& path) {
  // O_NONBLOCK: a named pipe must be refused below, not waited for here.
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.fd < 0) {
    const int cause = errno;
    if (cause == ENOENT || cause == ENOTDIR)
      fail(ErrorCode::kFileNotFound, path.string(), ": no such file; check the name");
    fail(ErrorCode::kFileAccess, path.string(), ": cannot be opened: ", std::strerror(cause));
  }
  struct stat status {};
  if (::fstat(file.fd, &status) != 0)
    fail(ErrorCode::kFileAccess, path.string(), ": cannot be read: ", std::strerror(errno));
  check(S_ISREG(status.st_mode), ErrorCode::kFileAccess, path.string(),
        ": is not a regular file; name a file");
  check(static_cast<std::uintmax_t>(status.st_size) <= std::numeric_limits<std::size_t>::max(),
        ErrorCode::kFileAccess, path.string(), ": is larger than the address space");

  MappedFile mapped;
  if (status.st_size == 0) return mapped;
  const auto size = static_cast<std::size_t>(status.st_size);
  void* const data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.fd, 0);
  if (data == MAP_FAILED)
    fail(ErrorCode::kFileAccess, path.string(), ": cannot be mapped: ", std::strerror(errno));
  mapped.data_ = static_cast<const std::uint8_t*>(data);
  mapped.size_ = size;
  return mapped;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::uint8_t*>(data_), size_);
}

void MappedFile::advise_dontneed(std::size_t offset, std::size_t bytes) const noexcept {
  if (offset >= size_) return;
  const std::size_t page = page_size();
  const std::size_t end = offset + std::min(bytes, size_ - offset);
  const std::size_t first = (offset + page - 1) / page * page;
  // The last page of the file is whole in memory even where the file ends inside it.
  const std::size_t last = end == size_ ? (end + page - 1) / page * page : end / page * page;
  if (first < last)
    ::madvise(const_cast<std::uint8_t*>(data_) + first, last - first, MADV_DONTNEED);
}

void MappedFile::advise_willneed(std::size_t offset, std::size_t bytes) const noexcept {
  if (offset >= size_ || bytes == 0) return;
  const std::size_t page = page_size();
  const std::size_t first = offset / page * page;
  const std::size_t end = offset + std::min(bytes, size_ - offset);
  ::madvise(const_cast<std::uint8_t*>(data_) + first, end - first, MADV_WILLNEED);
}

}  // namespace beholder::io
