#include "batch/journal.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <utility>

#include "core/check.hpp"

namespace beholder::batch {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kPrefix = 9;  // checksum and blank
// Rows and time between two forced writes: what a power cut may cost.
constexpr std::size_t kRowsUnsynced = 64;
constexpr std::chrono::seconds kTimeUnsynced{1};

std::string checksum(const char* text, std::size_t size) {
  char digits[9];
  std::snprintf(digits, sizeof digits, "%08lx",
                ::crc32(0, reinterpret_cast<const Bytef*>(text), static_cast<uInt>(size)));
  return digits;
}

/// The JSON of a line without its newline; nothing if it is damaged.
std::optional<Json> parsed(const std::string& line) {
  if (line.size() <= kPrefix || line[kPrefix - 1] != ' ') return std::nullopt;
  if (line.compare(0, 8, checksum(line.data() + kPrefix, line.size() - kPrefix)) != 0)
    return std::nullopt;
  Json row = Json::parse(line.begin() + kPrefix, line.end(), nullptr, false);
  if (row.is_discarded() || !row.is_object()) return std::nullopt;
  return row;
}

[[noreturn]] void system_failure(const fs::path& path, const char* what) {
  fail(ErrorCode::kFileAccess, path.string(), ": ", what, " failed (", std::strerror(errno),
       "); check the permissions and the space on the disk");
}

/// Lines of a file, read in large pieces.
class Lines {
 public:
  /// @param piece bytes read at a time
  Lines(const fs::path& path, int file, std::size_t piece, std::uint64_t offset = 0)
      : path_(path), file_(file), piece_(piece), next_(offset) {}

  /// @param ended whether the line has its newline; false only for the last
  bool read(std::string& line, bool& ended) {
    while (true) {
      const std::size_t end = buffer_.find('\n', begin_);
      if (end != std::string::npos) {
        line.assign(buffer_, begin_, end - begin_);
        begin_ = end + 1;
        ended = true;
        return true;
      }
      buffer_.erase(0, begin_);
      begin_ = 0;
      const std::size_t kept = buffer_.size();
      buffer_.resize(kept + piece_);
      const ssize_t got = ::pread(file_, &buffer_[kept], piece_, static_cast<off_t>(next_));
      if (got < 0) system_failure(path_, "reading");
      buffer_.resize(kept + static_cast<std::size_t>(got));
      next_ += static_cast<std::uint64_t>(got);
      if (got == 0) {
        line = std::move(buffer_);
        buffer_.clear();
        ended = false;
        return !line.empty();
      }
    }
  }

 private:
  const fs::path& path_;
  int file_;
  std::size_t piece_;
  std::uint64_t next_;
  std::string buffer_;
  std::size_t begin_ = 0;
};

/// Whether an unfinished first line can be the remains of a row; otherwise it is another file.
bool may_be_torn(const std::string& line) {
  if (line.find_first_not_of('\0') == std::string::npos) return true;
  const std::string digits = line.substr(0, kPrefix - 1);
  if (digits.find_first_not_of("0123456789abcdef") != std::string::npos) return false;
  return line.size() < kPrefix ||
         (line[kPrefix - 1] == ' ' && (line.size() == kPrefix || line[kPrefix] == '{'));
}

/// Reads all rows. @return the size of the whole rows, in bytes
std::uint64_t scan(const fs::path& path, int file,
                   const std::function<void(const Json&, std::uint64_t)>& row) {
  Lines lines(path, file, 1 << 16);
  std::string line;
  bool ended = false;
  std::uint64_t offset = 0, damaged_at = 0, number = 0, damaged_line = 0;
  while (lines.read(line, ended)) {
    ++number;
    const std::optional<Json> content = ended ? parsed(line) : std::nullopt;
    if (!content && damaged_line == 0) {
      check(number > 1 || (!ended && may_be_torn(line)), ErrorCode::kDataFormat, path.string(),
            ": this is not a journal of beholder; name another output");
      damaged_line = number;
      damaged_at = offset;
    }
    // A crash leaves whole rows, then part of one. A whole row after a damaged one means that
    // something else changed the file, and truncating it would lose rows.
    check(!content || damaged_line == 0, ErrorCode::kDataFormat, path.string(), ": line ",
          damaged_line,
          " is damaged though whole rows follow; restore the file from a copy, or take that line "
          "out by hand to have its picture done again");
    if (content) row(*content, offset);
    offset += line.size() + (ended ? 1 : 0);
  }
  return damaged_line > 0 ? damaged_at : offset;
}

Json row_at(const fs::path& path, int file, std::uint64_t offset) {
  Lines lines(path, file, 1 << 10, offset);
  std::string line;
  bool ended = false;
  std::optional<Json> row;
  if (lines.read(line, ended) && ended) row = parsed(line);
  check(row.has_value(), ErrorCode::kDataFormat, path.string(), ": no whole row at byte ", offset,
        "; the journal was changed while in use");
  return *row;
}

}  // namespace

Journal::Journal(const fs::path& path, const std::function<void(const Json&, std::uint64_t)>& row)
    : path_(path), synced_at_(std::chrono::steady_clock::now()) {
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (file_ < 0) system_failure(path, "opening");
  try {
    check(::flock(file_, LOCK_EX | LOCK_NB) == 0, ErrorCode::kFileAccess, path.string(),
          ": another run is at work on this output; wait for it to end, or name another");
    size_ = scan(path, file_, row);
    struct stat status {};
    if (::fstat(file_, &status) != 0) system_failure(path, "reading");
    repaired_ = static_cast<std::uint64_t>(status.st_size) - size_;
    if (repaired_ > 0 && ::ftruncate(file_, static_cast<off_t>(size_)) != 0)
      system_failure(path, "repairing");
    // A new file's name is only safe once its folder is synced too.
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory >= 0) {
      ::fsync(directory);
      ::close(directory);
    }
  } catch (...) {
    ::close(file_);
    throw;
  }
}

Journal::~Journal() {
  ::fdatasync(file_);
  ::close(file_);
}

std::uint64_t Journal::append(const Json& row) {
  const std::string text = row.dump();
  const std::string line = checksum(text.data(), text.size()) + " " + text + "\n";
  const std::uint64_t offset = size_;
  std::size_t written = 0;
  while (written < line.size()) {
    const ssize_t now = ::pwrite(file_, line.data() + written, line.size() - written,
                                 static_cast<off_t>(offset + written));
    if (now < 0 && errno == EINTR) continue;
    if (now < 0) system_failure(path_, "writing");
    written += static_cast<std::size_t>(now);
  }
  size_ += line.size();
  if (++unsynced_ >= kRowsUnsynced || std::chrono::steady_clock::now() - synced_at_ > kTimeUnsynced)
    sync();
  return offset;
}

void Journal::sync() {
  if (::fdatasync(file_) != 0) system_failure(path_, "writing");
  unsynced_ = 0;
  synced_at_ = std::chrono::steady_clock::now();
}

Json Journal::read(std::uint64_t offset) const { return row_at(path_, file_, offset); }

JournalReader::JournalReader(const fs::path& path)
    : path_(path), file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  check(file_ >= 0, errno == ENOENT ? ErrorCode::kFileNotFound : ErrorCode::kFileAccess,
        path.string(), ": cannot open this journal (", std::strerror(errno), ")");
}

JournalReader::JournalReader(JournalReader&& other) noexcept
    : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)) {}

JournalReader::~JournalReader() {
  if (file_ >= 0) ::close(file_);
}

Json JournalReader::read(std::uint64_t offset) const { return row_at(path_, file_, offset); }

std::uint64_t read_journal(const fs::path& path,
                           const std::function<void(const Json&, std::uint64_t)>& row) {
  const JournalReader reader(path);
  return fs::file_size(path) - scan(path, reader.file_, row);
}

}  // namespace beholder::batch
