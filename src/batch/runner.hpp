// The work of a batch: read, hash, skip what is done, prepare, infer, write down.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "batch/energy_meter.hpp"
#include "batch/journal.hpp"
#include "batch/picture_list.hpp"
#include "batch/row.hpp"

namespace beholder::batch {

/// What is done with a picture. `prepare` is called on the reading thread while `run` works, and
/// `run` on several threads at once.
class Worker {
 public:
  virtual ~Worker() = default;

  /// Decodes. @throws Error: the picture's rows say so
  virtual std::shared_ptr<const void> prepare(const std::vector<std::uint8_t>& bytes,
                                              const std::string& name) = 0;

  struct Task {
    const void* prepared;
    std::vector<std::string> questions;  ///< one empty one when nothing is asked
  };
  /// @return a result for each question of each task, in order
  /// @throws Error: the tasks are tried again one by one, and those that fail have it in their rows;
  ///   kCancelled once the run shall stop: they are left for the next run
  virtual std::vector<std::vector<Json>> run(const std::vector<Task>& tasks) = 0;
};

struct RunOptions {
  std::filesystem::path journal;
  Json description;                    ///< task, options, model: what the rows come from
  std::vector<std::string> questions;  ///< asked of each picture, unless pictures have their own
  std::size_t workers = 1;             ///< threads that infer, each a batch of its own
  std::size_t batch_size = 16;         ///< pictures inferred together
  std::size_t shard = 1, shards = 1;   ///< of the list
  bool retry_failed = false;           ///< do failed rows of earlier runs again
  bool stop_on_error = false;          ///< end at the first failure
  double watts_per_core = 10;          ///< see EnergyMeter
};

/// Rows so far.
struct RunStatus {
  std::size_t total = 0;    ///< rows that there will be
  std::size_t done = 0;     ///< of these, rows there are: skipped, reused and new ones
  std::size_t skipped = 0;  ///< done by an earlier run
  std::size_t reused = 0;   ///< of a picture with the same content
  std::size_t failed = 0;   ///< failures among all rows
  double seconds = 0, joules = 0;
  std::uint64_t repaired_bytes = 0;  ///< of a row that a crash had cut off
  std::size_t other_options = 0;     ///< rows of earlier runs with other options, left alone
};

/// Where each row of the list stands in the journal, in the list's order, question by question.
struct RunResult {
  RunStatus status;
  std::vector<std::uint64_t> offsets;
  std::string energy_method;
};

/// Sixteen hexadecimal digits that stand for a description.
std::string fingerprint(const Json& description);

/// @param stop asked often; true ends after the rows in flight, or without them where the worker
///   heeds it too
/// @param progress called after each change, by one thread at a time; may be empty
/// @param finish called at the end with the journal, still open and locked, for the outputs to be
///   written and noted; may be empty
/// @throws Error kCancelled after `stop`, the first failure with `stop_on_error`, kFileAccess and
///   kDataFormat of the journal
RunResult run_batch(const PictureList& list, const RunOptions& options, Worker& worker,
                    const std::function<bool()>& stop,
                    const std::function<void(const RunStatus&)>& progress,
                    const std::function<void(const RunResult&, Journal&)>& finish = {});

}  // namespace beholder::batch
