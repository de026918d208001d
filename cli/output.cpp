#include "output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>

namespace beholder::cli {

void open_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) != -1 || errno != EBADF) continue;
    // For reading where the program writes, so that writing fails; the other way round for input.
    const int wrong_way = stream == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    if (::open("/dev/null", stream == STDERR_FILENO ? O_WRONLY : wrong_way) < 0) std::_Exit(1);
  }
}

void print_json(const Json& row) {
  std::printf("%s\n", dumped(row).c_str());
  flush_output();
}

void flush_output() {
  errno = 0;
  std::cout.flush();
  while (std::fflush(stdout) != 0 && errno == EINTR) std::clearerr(stdout);
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout) return;
  const char* cause = errno == EPIPE   ? "what reads it has ended"
                      : errno == EBADF ? "it is closed"
                      : errno != 0     ? std::strerror(errno)
                                       : "a write failed; is the disk full?";
  throw OutputClosed{std::string("standard output could not be written whole: ") + cause};
}

}  // namespace beholder::cli
