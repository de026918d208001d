#include "picture_bytes.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "core/check.hpp"
#include "core/file.hpp"
#include "vision/intake/image_format.hpp"

namespace beholder::cli {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kMostBytes = std::size_t{256} << 20;  // of a pipe, which may have no end
constexpr std::size_t kBeginning = 4096;                    // enough to tell what it is
constexpr auto kWriterWait = std::chrono::seconds(3);

/// A file descriptor that is closed at the end; that of standard input is not.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ > STDERR_FILENO) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

void wait_for_data(int pipe) {
  pollfd wanted{pipe, POLLIN, 0};
  while (::poll(&wanted, 1, -1) < 0 && errno == EINTR) {
  }
}

/// The next bytes; 0 at the end.
std::size_t read_some(int pipe, std::uint8_t* out, std::size_t size, const std::string& name) {
  while (true) {
    const ssize_t got = ::read(pipe, out, size);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno == EAGAIN)
      wait_for_data(pipe);
    else if (errno != EINTR)
      fail(ErrorCode::kFileAccess, name, ": cannot be read: ", std::strerror(errno));
  }
}

void refuse_what_is_no_picture(const Bytes& beginning, const std::string& name) {
  check(vision::detect_format(beginning.data(), beginning.size()) != vision::ImageFormat::kUnknown,
        ErrorCode::kPictureFormat, name, ": not a picture: it is ",
        vision::describe_bytes(beginning.data(), beginning.size()), "; pipe a JPEG or PNG into it");
}

/// All of a pipe, from the `bytes` on that were read already.
Bytes read_pipe(int pipe, const std::string& name, Bytes bytes = {}) {
  std::uint8_t piece[1 << 16];
  bool known = false;
  while (const std::size_t got = read_some(pipe, piece, sizeof piece, name)) {
    check(bytes.size() + got <= kMostBytes, ErrorCode::kPictureTooLarge, name, ": more than ",
          kMostBytes >> 20, " MiB; save the picture to a file and name that");
    bytes.insert(bytes.end(), piece, piece + got);
    if (known || bytes.size() < kBeginning) continue;
    refuse_what_is_no_picture(bytes, name);
    known = true;
  }
  return bytes;
}

/// Opened without waiting, a FIFO seems to be at its end until something opens it for writing.
Bytes read_fifo(int fifo, const std::string& name) {
  const auto start = std::chrono::steady_clock::now();
  std::uint8_t piece[1 << 12];
  while (true) {
    const ssize_t got = ::read(fifo, piece, sizeof piece);
    if (got > 0) return read_pipe(fifo, name, {piece, piece + got});
    if (got < 0 && errno == EAGAIN) return read_pipe(fifo, name);
    check(got == 0 || errno == EINTR, ErrorCode::kFileAccess, name,
          ": cannot be read: ", std::strerror(errno));
    check(std::chrono::steady_clock::now() - start < kWriterWait, ErrorCode::kFileAccess, name,
          ": is a pipe into which nothing is written; name a file, or start what writes first");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

}  // namespace

std::string name_in_messages(const std::string& name) {
  return name == "-" ? "standard input" : name;
}

Bytes read_picture_bytes(const std::string& name) {
  const std::string told = name_in_messages(name);
  if (name == "-") {
    check(::isatty(STDIN_FILENO) == 0, ErrorCode::kUsage,
          "standard input is a terminal; pipe a picture into '-' or name a file");
    return read_pipe(STDIN_FILENO, told);
  }
  struct stat status {};
  if (::stat(name.c_str(), &status) != 0 || !(S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode)))
    return read_file_bytes(name);
  check(S_ISFIFO(status.st_mode), ErrorCode::kFileAccess, told,
        ": is a socket, which holds no picture; name a file");
  // Never waits; and what /dev/fd/63 names is opened anew, so that it stays as it is for others.
  const Descriptor file(::open(name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  check(file.number() >= 0, ErrorCode::kFileAccess, told,
        ": cannot be opened: ", std::strerror(errno));
  return read_fifo(file.number(), told);
}

}  // namespace beholder::cli
