#include "batch/runner.hpp"

#include <chrono>
#include <mutex>
#include <set>
#include <unordered_set>
#include <utility>

#include "batch/finished_rows.hpp"
#include "batch/pipeline.hpp"
#include "core/check.hpp"
#include "core/content_hash.hpp"
#include "core/file.hpp"

namespace beholder::batch {
namespace {

/// One picture on its way from the reading thread to inference.
struct Loaded {
  ListedPicture picture;
  std::string content;
  std::shared_ptr<const void> prepared;  // null when there is nothing to infer
  std::vector<std::string> questions;    // to infer
  std::vector<Row> rows;                 // known already: failures, and results of the same content
  std::size_t skipped = 0, skipped_failures = 0;
  bool wait = false;  // the same content is being inferred: look again afterwards
};

class Run {
 public:
  Run(const PictureList& list, const RunOptions& options, Worker& worker,
      const std::function<bool()>& stop, const std::function<void(const RunStatus&)>& progress)
      : list_(list),
        options_(options),
        worker_(worker),
        stop_(stop),
        progress_(progress),
        questions_(options.questions.empty() ? std::vector<std::string>{""} : options.questions),
        fingerprint_(fingerprint(options.description)),
        energy_(options.watts_per_core),
        finished_(list.own_questions),
        journal_(options.journal, [&](const Json& json, std::uint64_t at) { recall(json, at); }) {
    status_.total = list.pictures.size() * questions_.size();
    status_.repaired_bytes = journal_.repaired();
    header_ = {{"journal", 1},
               {"options", fingerprint_},
               {"description", options.description},
               {"questions", list.own_questions ? Json() : Json(questions_)},
               {"shard", options.shard},
               {"shards", options.shards},
               {"pictures", list.total},
               {"list", list.fingerprint}};
    if (header_ != last_header_) {
      journal_.append(header_);
      closed_ = false;
    }
  }

  Journal& journal() { return journal_; }

  RunResult go() {
    read_all();
    for (const std::size_t place : waiting_) {
      if (stop_()) cancelled();
      std::vector<Loaded> alone;
      alone.push_back(load(list_.pictures[place]));
      infer(std::move(alone));
    }
    if (stop_() && status_.done < status_.total) cancelled();
    if (!closed_) journal_.append({{"done", fingerprint_}});
    journal_.sync();
    RunResult out;
    for (const ListedPicture& picture : list_.pictures)
      for (const std::string& question : questions_of(picture)) {
        const auto* entry = finished_.named(picture, question);
        check(entry != nullptr, ErrorCode::kInternal, printable(picture.name), ": no row");
        out.offsets.push_back(entry->offset);
      }
    tell();
    out.status = status_;
    out.energy_method = energy_.method();
    return out;
  }

 private:
  std::vector<std::string> questions_of(const ListedPicture& picture) const {
    return picture.question ? std::vector<std::string>{*picture.question} : questions_;
  }

  void recall(const Json& json, std::uint64_t offset) {
    if (!is_row(json) && !json.contains("journal") && !json.contains("done")) return;
    if (json.contains("done")) {
      closed_ = true;
      return;
    }
    if (json.contains("journal")) {
      check(json.at("journal") == 1, ErrorCode::kDataFormat, options_.journal.string(),
            ": a journal of version ", json.at("journal").dump(),
            "; this program writes version 1");
      last_header_ = json;
      closed_ = false;
      return;
    }
    const Row row = row_from_json(json);
    if (row.options == fingerprint_)
      finished_.add(row, offset);
    else
      ++status_.other_options;
  }

  [[noreturn]] void cancelled() {
    journal_.sync();
    fail(ErrorCode::kCancelled, "stopped with ", status_.done, " of ", status_.total,
         " rows done; run the same command again to go on");
  }

  Row row_of(const ListedPicture& picture, const std::string& content,
             const std::string& question) const {
    Row row;
    row.index = picture.index;
    row.name = picture.name;
    row.keys = picture.keys;
    row.content = content;
    row.options = fingerprint_;
    row.question = question;
    return row;
  }

  Row failure(const ListedPicture& picture, const std::string& content, const std::string& question,
              const Error& error) const {
    Row row = row_of(picture, content, question);
    row.error_code = error_code_name(error.code());
    row.error_message = error.what();
    return row;
  }

  /// All that was to be asked of a picture failed.
  void add_failures(Loaded& loaded, const Error& error) const {
    for (const std::string& question : loaded.questions)
      loaded.rows.push_back(failure(loaded.picture, loaded.content, question, error));
  }

  /// Reads, hashes and, where something is left to do, decodes one picture.
  Loaded load(const ListedPicture& picture) {
    Loaded out;
    out.picture = picture;
    std::vector<std::uint8_t> bytes;
    try {
      // A pipe or a device would be waited for without end.
      std::error_code ignored;
      const auto status = std::filesystem::status(picture.name, ignored);
      check(!std::filesystem::exists(status) || std::filesystem::is_regular_file(status) ||
                std::filesystem::is_directory(status),
            ErrorCode::kFileAccess, printable(picture.name),
            ": neither a file nor a folder; a batch reads files alone");
      bytes = read_file_bytes(picture.name);
      out.content = content_hash(bytes.data(), bytes.size()).hex();
      look_up(out);
    } catch (const Error& error) {
      check(error.code() != ErrorCode::kDataFormat, error.code(), error.what());  // the journal's
      add_unreadable(out, error);
      return out;
    }
    if (out.questions.empty() || out.wait) return out;
    try {
      out.prepared = worker_.prepare(bytes, picture.name);
    } catch (const Error& error) {
      add_failures(out, error);
    } catch (const std::bad_alloc&) {
      add_failures(out, Error(ErrorCode::kOutOfMemory,
                              printable(picture.name) + ": too large for the memory"));
    }
    if (!out.prepared) out.questions.clear();
    return out;
  }

  /// What is still to be asked of a picture, by what the journal and those in flight know.
  void look_up(Loaded& out) {
    const ListedPicture& picture = out.picture;
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const std::string& question : questions_of(picture)) {
      const auto* named = finished_.named(picture, question);
      const auto* same = finished_.with_content(out.content, question);
      const bool own = named != nullptr && same != nullptr && named->content == same->content;
      const bool again = own && named->failed && options_.retry_failed &&
                         retried_.count(key_of({out.content, question})) == 0;
      // A failure names its file: one of the same content fails for itself.
      if (same == nullptr || again || (same->failed && !own)) {
        out.questions.push_back(question);
      } else if (own && finished_.in_place(*named, picture.index, question)) {
        ++out.skipped;
        if (named->failed) ++out.skipped_failures;
      } else {
        Row row = row_from_json(journal_.read(same->offset));
        row.index = picture.index;
        row.name = picture.name;
        row.keys = picture.keys;
        out.rows.push_back(std::move(row));
      }
    }
    out.wait = !out.questions.empty() && !in_flight_.insert(out.content).second;
    if (out.wait) out.rows.clear();
  }

  void add_unreadable(Loaded& out, const Error& error) {
    const ListedPicture& picture = out.picture;
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const std::string& question : questions_of(picture)) {
      const auto* named = finished_.named(picture, question);
      if (named != nullptr && named->failed && named->content == key_of({"", question}) &&
          finished_.in_place(*named, picture.index, question)) {
        ++out.skipped;  // it could not be read before either, and its row says so
        ++out.skipped_failures;
      } else {
        out.rows.push_back(failure(picture, "", question, error));
      }
    }
  }

  void read_all() {
    const auto read = [&](const auto& push) {
      for (std::size_t place = 0; place < list_.pictures.size() && !stop_(); ++place) {
        Loaded loaded = load(list_.pictures[place]);
        if (loaded.wait)
          waiting_.push_back(place);
        else if (!push(std::move(loaded)))
          return;
      }
    };
    const auto work = [&](std::vector<Loaded> batch) {
      if (stop_()) return false;
      infer(std::move(batch));
      return true;
    };
    run_pipeline<Loaded>(options_.workers, options_.batch_size, read, work);
    if (stop_() && status_.done < status_.total) cancelled();
  }

  void infer(std::vector<Loaded> batch) {
    std::vector<Worker::Task> tasks;
    std::vector<Loaded*> asked;
    for (Loaded& loaded : batch)
      if (loaded.prepared) {
        tasks.push_back({loaded.prepared.get(), loaded.questions});
        asked.push_back(&loaded);
      }
    if (!tasks.empty()) {
      std::vector<std::vector<Json>> results;
      try {
        results = worker_.run(tasks);
        check(results.size() == tasks.size(), ErrorCode::kInternal, "a worker gave ",
              results.size(), " results for ", tasks.size(), " pictures");
      } catch (const Error& error) {
        if (stopped(error))
          return;  // nothing is wrong with these pictures: they are still to be done
        results.clear();
      } catch (const std::exception&) {
        results.clear();
      }
      for (std::size_t i = 0; i < asked.size(); ++i)
        if (!results.empty())
          keep(*asked[i], results[i]);
        else if (!run_alone(*asked[i], tasks[i]))
          return;
    }
    // What was spent since the last batch, other threads' part included, is this one's.
    double share = 0;
    if (!tasks.empty()) {
      const std::lock_guard<std::mutex> lock(mutex_);
      const double now = energy_.joules();
      share = (now - joules_) / static_cast<double>(tasks.size());
      joules_ = now;
    }
    for (Loaded& loaded : batch) finish(std::move(loaded), share);
  }

  bool stopped(const Error& error) const {
    return error.code() == ErrorCode::kCancelled && stop_();
  }

  /// After a batch failed: whose fault it was. @return false when it was stopped
  bool run_alone(Loaded& loaded, const Worker::Task& task) {
    try {
      keep(loaded, worker_.run({task}).at(0));
    } catch (const Error& error) {
      if (stopped(error)) return false;
      add_failures(loaded, error);
    } catch (const std::exception& error) {
      add_failures(loaded, Error(ErrorCode::kInternal,
                                 printable(loaded.picture.name) + ": " + error.what()));
    }
    return true;
  }

  void keep(Loaded& loaded, const std::vector<Json>& results) const {
    for (std::size_t i = 0; i < loaded.questions.size(); ++i) {
      Row row = row_of(loaded.picture, loaded.content, loaded.questions[i]);
      row.result = results.at(i);
      loaded.rows.push_back(std::move(row));
    }
  }

  /// Writes the rows of one picture down.
  /// @param joules that its inference took
  void finish(Loaded loaded, double joules) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const Row* bad = nullptr;
    if (closed_ && !loaded.rows.empty()) {
      journal_.append(header_);  // until this run is done, too, its rows are not all of one state
      closed_ = false;
    }
    for (Row& row : loaded.rows) {
      if (!row.failed() && loaded.prepared)
        row.result["joules"] = joules / static_cast<double>(loaded.questions.size());
      finished_.add(row, journal_.append(to_json(row)));
      if (row.failed()) {
        ++status_.failed;
        bad = &row;
        retried_.insert(key_of({row.content, row.question}));
      } else if (!loaded.prepared) {
        ++status_.reused;
      }
    }
    in_flight_.erase(loaded.content);
    status_.skipped += loaded.skipped;
    status_.failed += loaded.skipped_failures;
    status_.done += loaded.rows.size() + loaded.skipped;
    tell();
    if (bad != nullptr && options_.stop_on_error) {
      journal_.sync();
      fail(ErrorCode::kInternal, bad->error_message, "; stopped there with ", status_.done, " of ",
           status_.total, " rows done, which are kept: run it again to go on behind this one");
    }
  }

  void tell() {
    status_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    status_.joules = energy_.joules();
    if (progress_) progress_(status_);
  }

  const PictureList& list_;
  const RunOptions& options_;
  Worker& worker_;
  const std::function<bool()>& stop_;
  const std::function<void(const RunStatus&)>& progress_;
  const std::vector<std::string> questions_;
  const std::string fingerprint_;
  EnergyMeter energy_;
  RunStatus status_;
  double joules_ = 0;  // spent when the last batch was done
  Json header_, last_header_;
  bool closed_ = false;  // a run with this header came to its end, and nothing was added since
  std::mutex mutex_;     // of what several threads touch: all below, the status and the energy
  FinishedRows finished_;
  std::set<std::string> in_flight_;   // contents
  std::unordered_set<Key> retried_;   // failures of this run are not tried again by it
  std::vector<std::size_t> waiting_;  // places in the list
  Journal journal_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

std::string fingerprint(const Json& description) {
  const std::string text = description.dump();
  return content_hash(text.data(), text.size()).hex().substr(0, 16);
}

RunResult run_batch(const PictureList& list, const RunOptions& options, Worker& worker,
                    const std::function<bool()>& stop,
                    const std::function<void(const RunStatus&)>& progress,
                    const std::function<void(const RunResult&, Journal&)>& finish) {
  check(options.batch_size >= 1, ErrorCode::kUsage, "batch size is 0; it must be 1 or more");
  check(!list.own_questions || options.questions.empty(), ErrorCode::kUsage,
        "the list has questions of its own; leave the others out");
  Run run(list, options, worker, stop, progress);
  RunResult out = run.go();
  if (finish) finish(out, run.journal());
  return out;
}

}  // namespace beholder::batch
