// Ctrl-C and termination as a flag that long work polls.
#pragma once

#include <atomic>

namespace beholder::cli {

/// From now on SIGINT and SIGTERM set the flag; a second one before `clear_interrupt` ends the
/// process at once.
void catch_interrupts();

/// The same for SIGINT alone, also to end waiting reads.
void catch_ctrl_c();

bool interrupted();

/// The flag itself, for the `cancel` of the engine's options.
const std::atomic<bool>* interrupt_flag();

/// Resets the flag once the interrupted work has stopped.
void clear_interrupt();

}  // namespace beholder::cli
