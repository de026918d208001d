#include "dialogue.hpp"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <utility>

#include "core/check.hpp"
#include "interrupt.hpp"
#include "line_editor.hpp"
#include "picture_input.hpp"
#include "terminal_text.hpp"

namespace beholder::cli {
namespace {

constexpr char kHelp[] =
    "Type a question about the picture, or:\n"
    "  /image FILE   another picture; without FILE: says which one is asked about\n"
    "  help          this text (also /help)\n"
    "  quit          end (also exit, or Ctrl-D)\n"
    "The arrow keys bring earlier lines back. Ctrl-C stops an answer, or clears the line.\n";

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// The file that was meant: as typed, or as a shell would read it, which is how terminals write a
/// file that is dropped on them ('a b.jpg', a\ b.jpg, ~/a.jpg).
std::string file_named(const std::string& typed) {
  std::error_code ignored;
  if (std::filesystem::exists(typed, ignored)) return typed;
  std::string out;
  char quote = 0;
  for (std::size_t i = 0; i < typed.size(); ++i) {
    const char c = typed[i];
    if (quote == 0 && c == '\\' && i + 1 < typed.size())
      out += typed[++i];
    else if (quote == 0 && (c == '\'' || c == '"'))
      quote = c;
    else if (c == quote && quote != 0)
      quote = 0;
    else
      out += c;
  }
  const char* home = std::getenv("HOME");
  if (out.compare(0, 2, "~/") == 0 && home != nullptr) out = home + out.substr(1);
  return std::filesystem::exists(out, ignored) ? out : typed;
}

class Dialogue {
 public:
  Dialogue(const Engine& engine, Picture picture, std::string name, const AskOne& ask)
      : engine_(engine),
        picture_(std::move(picture)),
        name_(std::move(name)),
        ask_(ask),
        lines_("? ") {}

  void run() {
    if (lines_.terminal())
      std::fprintf(stderr, "Ask about %s; help lists what else can be typed, Ctrl-D ends.\n",
                   escaped(name_).c_str());
    std::string line;
    while (true) {
      clear_interrupt();
      const LineReader::Got got = lines_.next(line);
      if (got == LineReader::Got::kEnd) break;
      clear_interrupt();
      if (got == LineReader::Got::kCancelled)
        std::fprintf(stderr, "^C (Ctrl-D or quit ends)\n");
      else if (!take(trimmed(line)))
        return;
    }
    if (lines_.terminal()) std::fprintf(stderr, "\n");  // the line that Ctrl-D left
    check(!terminated(), ErrorCode::kCancelled, "stopped");
  }

 private:
  /// @return false when it was the last line
  bool take(const std::string& line) {
    const std::string word = lower(line.substr(0, line.find_first_of(" \t")));
    const bool alone = word.size() == line.size();
    if (line.empty()) return true;
    if (alone && (word == "quit" || word == "exit" || word == "/quit" || word == "/exit"))
      return false;
    try {
      if (alone && (word == "help" || word == "/help" || word == "?"))
        std::fputs(kHelp, stderr);
      else if (word == "/image")
        show(trimmed(line.substr(word.size())));
      else if (word.front() == '/')
        fail(ErrorCode::kUsage, "'", line.substr(0, word.size()),
             "' is no command; /image FILE takes another picture, help lists all");
      else
        ask_(picture_, name_, line);
    } catch (const Error& error) {
      complain(error.code() == ErrorCode::kCancelled ? "stopped" : error.what());
    } catch (const std::bad_alloc&) {
      complain("out of memory");
    }
    return true;
  }

  void show(const std::string& typed) {
    if (!typed.empty()) {
      const std::string file = file_named(typed);
      check(file != "-", ErrorCode::kUsage,
            "-: the questions come from standard input; name a file");
      picture_ = read_picture(engine_, file);
      name_ = file;
    }
    if (lines_.terminal() || typed.empty())
      std::fprintf(stderr, "Ask about %s.\n", escaped(name_).c_str());
  }

  const Engine& engine_;
  Picture picture_;
  std::string name_;
  const AskOne& ask_;
  LineReader lines_;
};

}  // namespace

void converse(const Engine& engine, Picture picture, std::string name, const AskOne& ask) {
  Dialogue(engine, std::move(picture), std::move(name), ask).run();
}

}  // namespace beholder::cli
