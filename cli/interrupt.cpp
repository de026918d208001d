#include "interrupt.hpp"

#include <signal.h>

#include <csignal>

namespace beholder::cli {
namespace {

std::atomic<bool> caught{false};
static_assert(std::atomic<bool>::is_always_lock_free, "it is set by a signal's handler");

void on_signal(int signal) {
  if (!caught.exchange(true)) return;
  std::signal(signal, SIG_DFL);
  ::raise(signal);
}

void handle(int signal, int flags) {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = flags;
  sigemptyset(&action.sa_mask);
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

void catch_interrupts() {
  handle(SIGINT, SA_RESTART);
  handle(SIGTERM, SA_RESTART);
}

// A read that waits for a person comes back.
void catch_ctrl_c() { handle(SIGINT, 0); }

bool interrupted() { return caught; }

const std::atomic<bool>* interrupt_flag() { return &caught; }

void clear_interrupt() { caught = false; }

}  // namespace beholder::cli
