// A batch over the echo worker, to be killed: kill_driver [append] JOURNAL_OUTPUT FOLDER
// With "append" its captions go behind the texts beside the pictures.
#include <cstdio>
#include <cstring>
#include <iostream>

#include "batch/batch_support.hpp"
#include "batch/journal.hpp"
#include "batch/merge.hpp"
#include "batch/output.hpp"
#include "batch/text_files.hpp"

int main(int argc, char** argv) try {
  using namespace beholder::batch;
  const bool append = argc == 4 && std::strcmp(argv[1], "append") == 0;
  if (argc != 3 && !append) return 2;
  const fs::path output = argv[argc - 2];
  EchoWorker worker;
  worker.pause = std::chrono::microseconds(append ? 0 : 2000);
  RunOptions options;
  options.journal = journal_of(output);
  options.description = {{"task", "echo"}};
  options.batch_size = 4;
  options.workers = 2;
  const PictureList list = list_pictures({argv[argc - 1]}, {}, std::cin);
  WrittenFiles written = WrittenFiles::of_journal(options.journal);
  if (!append) check_own_output(output, written);
  run_batch(
      list, options, worker, [] { return false; }, {},
      [&](const RunResult& result, Journal& journal) {
        std::size_t next = 0;
        const RowSource rows = [&](Row& row) {
          if (next == result.offsets.size()) return false;
          row = row_from_json(journal.read(result.offsets[next++]));
          return true;
        };
        if (append) {
          write_text_files(rows, Existing::kAppend, written, &journal);
          return;
        }
        write_output(output, {}, rows, [&](OutputFile& file) {
          written.publish(file, output, {written.state(output), false, ""}, &journal);
          written.close(&journal);
        });
      });
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
