// The command line: parses, runs a verb, turns errors into messages and exit codes.
#include <csignal>
#include <cstdio>
#include <exception>
#include <new>

#include "beholder/error.hpp"
#include "beholder/log.hpp"
#include "commands.hpp"
#include "output.hpp"
#include "terminal_text.hpp"
#include "wrong_usage.hpp"

namespace beholder::cli {
namespace {

void add_commands(CLI::App& app) {
  app.set_version_flag("-V,--version", "beholder " BEHOLDER_VERSION, "say the version and exit");
  app.require_subcommand(1);
  add_ask_command(app);
  add_describe_command(app);
  add_objects_command(app);
  add_relations_command(app);
  add_read_command(app);
  add_score_command(app);
  add_caption_command(app);
  add_merge_command(app);
  add_world_command(app);
  add_eval_command(app);
  add_train_command(app);
  add_calibrate_command(app);
  add_model_command(app);
  add_doctor_command(app);
  add_derive_command(app);
}

int failed(const std::string& message, int code) {
  complain(message);
  return code;
}

int run(int argc, char** argv) {
  CLI::App app{"Beholder answers questions about pictures.", "beholder"};
  try {
    add_commands(app);
    check_commands(app, {argv + 1, argv + argc});
    app.parse(argc, argv);
    flush_output();
    return 0;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) return failed(wrong_usage(app, error), 2);
    app.exit(error);  // prints the help or the version
    return 0;
  } catch (const Error& error) {
    return failed(error.what(), error.exit_code());
  } catch (const RowsFailed&) {
    return 3;
  } catch (const OutputClosed& closed) {
    return failed(closed.reason, 1);
  } catch (const std::bad_alloc&) {
    return failed("out of memory", 1);
  } catch (const std::exception& error) {
    return failed(error.what(), 1);
  }
}

}  // namespace
}  // namespace beholder::cli

int main(int argc, char** argv) {
  using namespace beholder::cli;
  open_standard_streams();
  beholder::set_log_callback([](beholder::LogLevel level, const std::string& message) {
    if (level == beholder::LogLevel::kWarning)
      std::fprintf(stderr, "beholder: %s\n", message.c_str());
  });
  std::signal(SIGXFSZ, SIG_IGN);  // a write behind the limit fails, and says so
  std::signal(SIGPIPE, SIG_IGN);  // and so does one that nothing reads
  const int code = run(argc, argv);
  if (code == 1 || code == 2) return code;  // said already
  try {
    flush_output();
  } catch (const OutputClosed& closed) {
    complain(closed.reason);
    return code == 0 ? 1 : code;
  }
  return code;
}
