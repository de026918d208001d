// A batch over the echo worker, to be killed: kill_driver JOURNAL_OUTPUT FOLDER
#include <cstdio>
#include <iostream>

#include "batch/batch_support.hpp"
#include "batch/journal.hpp"
#include "batch/merge.hpp"
#include "batch/output.hpp"

int main(int argc, char** argv) try {
  using namespace beholder::batch;
  if (argc != 3) return 2;
  EchoWorker worker;
  worker.pause = std::chrono::microseconds(2000);
  RunOptions options;
  options.journal = journal_of(argv[1]);
  options.description = {{"task", "echo"}};
  options.batch_size = 4;
  options.workers = 2;
  const PictureList list = list_pictures({argv[2]}, {}, std::cin);
  const RunResult result = run_batch(list, options, worker, [] { return false; }, {});
  const JournalReader journal(options.journal);
  std::size_t next = 0;
  write_output(argv[1], {}, [&](Row& row) {
    if (next == result.offsets.size()) return false;
    row = row_from_json(journal.read(result.offsets[next++]));
    return true;
  });
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
