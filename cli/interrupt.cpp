#include "interrupt.hpp"

#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>

namespace beholder::cli {
namespace {

std::atomic<bool> caught{false}, ended{false};
std::atomic<int> wakes{-1};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free,
              "they are used by a signal's handler");

void on_signal(int signal) {
  if (signal == SIGTERM) ended = true;
  const bool first = !caught.exchange(true);
  wake();
  if (first) return;
  std::signal(signal, SIG_DFL);
  ::raise(signal);
}

void handle(int signal) {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

void catch_interrupts() {
  if (wakes < 0) wakes = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  handle(SIGINT);
  handle(SIGTERM);
}

bool interrupted() { return caught; }

bool terminated() { return ended; }

const std::atomic<bool>* interrupt_flag() { return &caught; }

void clear_interrupt() { caught = false; }

int wake_descriptor() { return wakes; }

void wake() {
  const int before = errno;  // a handler leaves it as it was
  const std::uint64_t one = 1;
  const ssize_t written = ::write(wakes, &one, sizeof one);
  (void)written;
  errno = before;
}

void drain_wakes() {
  std::uint64_t count = 0;
  const ssize_t got = ::read(wakes, &count, sizeof count);
  (void)got;
}

}  // namespace beholder::cli
