// Ctrl-C and termination as a flag that long work asks for between its steps.
#pragma once

namespace beholder::cli {

/// From now on SIGINT and SIGTERM set the flag; a second one ends the process at once.
void catch_interrupts();

bool interrupted();

}  // namespace beholder::cli
