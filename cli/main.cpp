// The command line: parses, runs a verb, turns errors into messages and exit codes.
#include <cstdio>
#include <exception>
#include <new>

#include "beholder/error.hpp"
#include "commands.hpp"

int main(int argc, char** argv) {
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
