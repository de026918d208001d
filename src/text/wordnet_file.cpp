#include "text/wordnet_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "core/check.hpp"

namespace beholder::text {

WordNetFile::WordNetFile(const std::filesystem::path& path) : path_(path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    fail(errno == ENOENT ? ErrorCode::kFileNotFound : ErrorCode::kFileAccess, path.string(),
         ": cannot be opened: ", std::strerror(errno),
         "; install WordNet's database (Debian package wordnet-base) or name its directory");
  struct stat status {};
  const bool known = ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
  if (known) size_ = static_cast<std::size_t>(status.st_size);
  // An empty file cannot be mapped; it stays an empty text.
  void* mapping = size_ > 0 ? ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd, 0) : nullptr;
  const int cause = errno;
  ::close(fd);
  check(known, ErrorCode::kFileAccess, path.string(), ": is not a regular file; name another");
  check(mapping != MAP_FAILED, ErrorCode::kFileAccess, path.string(),
        ": cannot be mapped: ", std::strerror(cause));
  data_ = mapping;
}

WordNetFile::~WordNetFile() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

std::string_view WordNetFile::line_at(std::size_t begin) const {
  const std::size_t end = text().find('\n', begin);
  return text().substr(begin, end == std::string_view::npos ? end : end - begin);
}

std::string_view WordNetFile::find_line(std::string_view key) const {
  std::size_t low = 0, high = size_;
  std::string_view found;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    const std::size_t before =
        middle == 0 ? std::string_view::npos : text().rfind('\n', middle - 1);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    const std::string_view line = line_at(begin);
    // The first word of a header line is empty and so comes before any key.
    const std::string_view word = line.substr(0, line.find(' '));
    if (word <= key) {
      if (word == key) found = line;
      low = begin + line.size() + 1;
    } else {
      high = begin;
    }
  }
  return key.empty() ? std::string_view() : found;
}

std::string_view WordNetFields::word() {
  const std::size_t begin = line_.find_first_not_of(' ', at_);
  if (begin == std::string_view::npos) damaged("ends early");
  at_ = std::min(line_.find(' ', begin), line_.size());
  return line_.substr(begin, at_ - begin);
}

std::uint32_t WordNetFields::number(int base) {
  const std::string_view digits = word();
  const char* const end = digits.data() + digits.size();
  std::uint32_t value = 0;
  const auto [stop, error] = std::from_chars(digits.data(), end, value, base);
  if (error != std::errc() || stop != end) damaged("has no number where one belongs");
  return value;
}

void WordNetFields::damaged(const char* what) const {
  fail(ErrorCode::kDataFormat, file_.path().string(), ": the line at byte ",
       line_.data() - file_.text().data(), ' ', what,
       "; the file is damaged, install WordNet 3.0 (Debian package wordnet-base) again");
}

}  // namespace beholder::text
