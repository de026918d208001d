// The command line: parses, runs a verb, turns errors into messages and exit codes.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>
#include <new>

#include "beholder/error.hpp"
#include "beholder/log.hpp"
#include "commands.hpp"

namespace {

/// A file opened later must not get the number of a standard stream that is closed: what is printed
/// would be written into it.
void open_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(stream, F_GETFD) == -1 && errno == EBADF && ::open("/dev/null", O_RDWR) < 0)
      std::_Exit(1);
}

int run(int argc, char** argv) {
  CLI::App app{"Beholder answers questions about pictures.", "beholder"};
  app.require_subcommand(1);
  beholder::cli::add_ask_command(app);
  beholder::cli::add_describe_command(app);
  beholder::cli::add_objects_command(app);
  beholder::cli::add_relations_command(app);
  beholder::cli::add_score_command(app);
  beholder::cli::add_caption_command(app);
  beholder::cli::add_merge_command(app);
  beholder::cli::add_world_command(app);
  beholder::cli::add_eval_command(app);
  beholder::cli::add_train_command(app);
  beholder::cli::add_calibrate_command(app);
  beholder::cli::add_model_command(app);
  beholder::cli::add_doctor_command(app);
  add_derive_command(app);
  try {
    app.parse(argc, argv);
    return 0;
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : 2;
  } catch (const beholder::Error& error) {
    std::fprintf(stderr, "beholder: %s\n", error.what());
    return error.exit_code();
  } catch (const beholder::cli::RowsFailed&) {
    return 3;
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "beholder: out of memory\n");
    return 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "beholder: %s\n", error.what());
    return 1;
  }
}

}  // namespace

int main(int argc, char** argv) {
  open_standard_streams();
  beholder::set_log_callback([](beholder::LogLevel level, const std::string& message) {
    if (level == beholder::LogLevel::kWarning)
      std::fprintf(stderr, "beholder: %s\n", message.c_str());
  });
  std::signal(SIGXFSZ, SIG_IGN);  // a write behind the limit fails, and says so
  const int code = run(argc, argv);
  std::cout.flush();
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0 || !std::cout) {
    std::fprintf(stderr,
                 "beholder: standard output could not be written whole; is the disk full?\n");
    return code == 0 ? 1 : code;
  }
  return code;
}
