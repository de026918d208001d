// Reads typed lines, with editing and history at a terminal.
#pragma once

#include <memory>
#include <string>

namespace beholder::cli {

/// Reads standard input line by line. At a terminal lines are edited as in a shell (~/.editrc
/// counts), and earlier ones come back with the arrow keys while the program runs; history is
/// never written to a file. Elsewhere lines are read as they are and nothing is printed.
class LineReader {
 public:
  explicit LineReader(const std::string& prompt);
  ~LineReader();

  enum class Got { kLine, kCancelled, kEnd };
  /// @return kCancelled after Ctrl-C, where lines are edited
  Got next(std::string& line);

  bool terminal() const { return terminal_; }

 private:
  class Editor;
  std::string prompt_;
  bool terminal_;
  std::unique_ptr<Editor> editor_;  // null where lines are not edited
};

}  // namespace beholder::cli
