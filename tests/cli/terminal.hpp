// The built program at a terminal of its own.
#pragma once

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "program.hpp"

namespace beholder::tests {

/// Runs the program with all three streams at a pseudo-terminal.
class Terminal {
 public:
  explicit Terminal(const std::vector<std::string>& words, const char* kind = "xterm") {
    winsize size{24, 200, 0, 0};
    child_ = ::forkpty(&terminal_, nullptr, nullptr, &size);
    if (child_ != 0) return;
    ::setenv("TERM", kind, 1);
    ::setenv("OMP_WAIT_POLICY", "passive", 1);
    ::setenv("BEHOLDER_MODEL", (source_folder() / "models/beholder").c_str(), 1);
    std::vector<char*> arguments = {const_cast<char*>(BEHOLDER_PROGRAM)};
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    ::execv(BEHOLDER_PROGRAM, arguments.data());
    std::_Exit(127);
  }
  ~Terminal() {
    if (child_ > 0 && code_ < 0) {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, nullptr, 0);
    }
    ::close(terminal_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void type(const std::string& keys) {
    const ssize_t written = ::write(terminal_, keys.data(), keys.size());
    (void)written;
  }

  void signal(int number) { ::kill(child_, number); }

  /// Waits for a text behind what was waited for before. @return false when it does not come
  bool shows(const std::string& text) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (true) {
      const std::size_t found = all_.find(text, seen_);
      if (found != std::string::npos) {
        seen_ = found + text.size();
        return true;
      }
      if (std::chrono::steady_clock::now() > end || !read_more()) return false;
    }
  }

  /// The exit code, once the program has ended by itself; -1 when a signal ended it, or this did
  /// because it did not end.
  int code() {
    while (read_more()) {
    }
    int status = 0;
    for (int tenths = 0; ::waitpid(child_, &status, WNOHANG) == 0; ++tenths) {
      if (tenths == 100) ::kill(child_, SIGKILL);
      ::usleep(100'000);
    }
    return code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  const std::string& all() const { return all_; }

 private:
  bool read_more() {
    pollfd wanted{terminal_, POLLIN, 0};
    if (::poll(&wanted, 1, 60'000) <= 0) return false;
    char piece[4096];
    const ssize_t got = ::read(terminal_, piece, sizeof piece);
    if (got <= 0) return false;
    all_.append(piece, static_cast<std::size_t>(got));
    return true;
  }

  int terminal_ = -1, code_ = -1;
  pid_t child_ = -1;
  std::string all_;
  std::size_t seen_ = 0;
};

}  // namespace beholder::tests
