// Ctrl-C and termination as a flag that long work polls.
#pragma once

#include <atomic>

namespace beholder::cli {

/// From now on SIGINT and SIGTERM set the flag; a second one before `clear_interrupt` ends the
/// process at once.
void catch_interrupts();

bool interrupted();

/// Whether SIGTERM was among the signals; `clear_interrupt` does not forget it.
bool terminated();

/// A descriptor that poll() finds readable once a signal was caught or `wake` was called, so that
/// none is lost between a look at the flag and the wait; -1 before `catch_interrupts`.
int wake_descriptor();

/// Makes the descriptor readable; a signal's handler may call it.
void wake();

/// Makes it wait again; look at the flags after this, not before.
void drain_wakes();

/// The flag itself, for the `cancel` of the engine's options.
const std::atomic<bool>* interrupt_flag();

/// Resets the flag once the interrupted work has stopped.
void clear_interrupt();

}  // namespace beholder::cli
