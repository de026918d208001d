#include "line_editor.hpp"

#include <histedit.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cwchar>
#include <iostream>

#include "interrupt.hpp"

namespace beholder::cli {
namespace {

volatile std::sig_atomic_t continued = 0, resized = 0;

void on_terminal_signal(int signal) {
  (signal == SIGCONT ? continued : resized) = 1;
  wake();
}

/// Handles signals in a read of the terminal alone: libedit's own handling would send them to the
/// whole process group once more.
class TerminalSignals {
 public:
  TerminalSignals() {
    struct sigaction action {};
    action.sa_handler = on_terminal_signal;
    sigemptyset(&action.sa_mask);
    ::sigaction(SIGCONT, &action, &before_[0]);
    ::sigaction(SIGWINCH, &action, &before_[1]);
  }
  ~TerminalSignals() {
    ::sigaction(SIGCONT, &before_[0], nullptr);
    ::sigaction(SIGWINCH, &before_[1], nullptr);
  }
  TerminalSignals(const TerminalSignals&) = delete;
  TerminalSignals& operator=(const TerminalSignals&) = delete;

 private:
  struct sigaction before_[2];
};

void heed_terminal_signals(EditLine* editor) {
  if (resized != 0) {
    resized = 0;
    ::el_resize(editor);
  }
  if (continued != 0) {  // the shell has set the terminal as it likes it
    continued = 0;
    ::el_set(editor, EL_PREP_TERM, 0);
    ::el_set(editor, EL_PREP_TERM, 1);
    ::el_set(editor, EL_REFRESH);
  }
}

/// Waits until there is something to read. @return false after Ctrl-C or SIGTERM
bool wait_for_input(EditLine* editor) {
  while (true) {
    drain_wakes();
    if (interrupted()) return false;
    heed_terminal_signals(editor);
    pollfd waits[] = {{STDIN_FILENO, POLLIN, 0}, {wake_descriptor(), POLLIN, 0}};
    if (::poll(waits, 2, -1) < 0 && errno != EINTR) return true;  // the read tells what is wrong
    if (waits[1].revents == 0 && waits[0].revents != 0) return true;
  }
}

/// One character typed. @return 1; 0 at the end; -1 after Ctrl-C or SIGTERM
int read_character(EditLine* editor, wchar_t* out) {
  std::mbstate_t state{};
  while (true) {
    if (!wait_for_input(editor)) return -1;
    char byte = 0;
    const ssize_t got = ::read(STDIN_FILENO, &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return 0;  // the end, or the terminal is gone
    const std::size_t made = std::mbrtowc(out, &byte, 1, &state);
    if (made == static_cast<std::size_t>(-2)) continue;  // more bytes belong to it
    if (made == static_cast<std::size_t>(-1)) {
      state = {};
      continue;
    }
    return 1;
  }
}

/// What is typed is UTF-8 also where no locale is set.
void take_utf8() {
  std::setlocale(LC_CTYPE, "");
  if (MB_CUR_MAX == 1) std::setlocale(LC_CTYPE, "C.UTF-8");
}

bool can_edit() {
  const char* kind = std::getenv("TERM");
  return kind != nullptr && *kind != 0 && std::strcmp(kind, "dumb") != 0;
}

}  // namespace

class LineReader::Editor {
 public:
  Editor(std::FILE* out, const std::string& prompt) : prompt_(prompt) {
    take_utf8();
    catch_interrupts();
    editor_ = ::el_init("beholder", stdin, out, stderr);
    history_ = ::history_init();
    HistEvent event;
    ::history(history_, &event, H_SETSIZE, 1000);
    ::history(history_, &event, H_SETUNIQUE, 1);
    ::el_set(editor_, EL_CLIENTDATA, this);
    ::el_set(editor_, EL_PROMPT, prompt_of);
    ::el_set(editor_, EL_EDITOR, "emacs");
    ::el_set(editor_, EL_HIST, ::history, history_);
    ::el_set(editor_, EL_GETCFN, read_character);
    ::el_set(editor_, EL_BIND, "^R", "em-inc-search-prev", nullptr);
    ::el_source(editor_, nullptr);
  }
  ~Editor() {
    ::el_end(editor_);
    ::history_end(history_);
  }
  Editor(const Editor&) = delete;
  Editor& operator=(const Editor&) = delete;

  Got next(std::string& line) {
    const TerminalSignals signals;
    int count = 0;
    // Before the prompt is shown: what is typed at once would still be taken for whole lines.
    ::el_set(editor_, EL_PREP_TERM, 1);
    const char* typed = ::el_gets(editor_, &count);
    if (typed == nullptr) return interrupted() && !terminated() ? Got::kCancelled : Got::kEnd;
    line.assign(typed, static_cast<std::size_t>(count));
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
    HistEvent event;
    if (line.find_first_not_of(" \t") != std::string::npos)
      ::history(history_, &event, H_ENTER, line.c_str());
    return Got::kLine;
  }

 private:
  static char* prompt_of(EditLine* editor) {
    Editor* self = nullptr;
    ::el_get(editor, EL_CLIENTDATA, &self);
    return self->prompt_.data();
  }

  std::string prompt_;
  EditLine* editor_;
  History* history_;
};

LineReader::LineReader(const std::string& prompt)
    : prompt_(prompt), terminal_(::isatty(STDIN_FILENO) != 0) {
  if (!terminal_ || !can_edit()) return;
  // The prompt is no result: it goes to standard error, unless that is not where a person looks.
  for (std::FILE* out : {stderr, stdout}) {
    if (::isatty(::fileno(out)) == 0) continue;
    editor_ = std::make_unique<Editor>(out, prompt);
    return;
  }
}

LineReader::~LineReader() = default;

LineReader::Got LineReader::next(std::string& line) {
  if (editor_) return editor_->next(line);
  if (terminal_) std::fprintf(stderr, "%s", prompt_.c_str());
  return std::getline(std::cin, line) ? Got::kLine : Got::kEnd;
}

}  // namespace beholder::cli
