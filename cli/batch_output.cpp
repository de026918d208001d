#include "batch_output.hpp"

#include <cstdio>
#include <utility>

#include "batch/merge.hpp"
#include "batch/output_check.hpp"
#include "core/check.hpp"
#include "json/text.hpp"
#include "terminal_text.hpp"

namespace beholder::cli {
namespace {

constexpr std::size_t kShown = 20;

/// Reports failures on standard error for formats that cannot hold them.
class FailureNames {
 public:
  explicit FailureNames(batch::Format format)
      : wanted_(format == batch::Format::kCoco || format == batch::Format::kTxt) {}

  void see(const batch::Row& row) {
    if (!wanted_ || !row.failed() || ++count_ > kShown) return;
    complain(row.error_message);
  }
  void end(const std::filesystem::path& journal) const {
    if (count_ > kShown)
      std::fprintf(stderr, "beholder: %zu more failed; %s names them\n", count_ - kShown,
                   journal.c_str());
  }

 private:
  bool wanted_;
  std::size_t count_ = 0;
};

}  // namespace

BatchOutput::BatchOutput(std::filesystem::path path, batch::OutputOptions options,
                         const std::string& existing)
    : path_(std::move(path)),
      options_(std::move(options)),
      existing_(batch::existing_from_name(!existing.empty() ? existing
                                          : texts()         ? "skip"
                                                            : "refuse")),
      written_(batch::journal_of(path_)) {
  check(
      texts() || existing_ == batch::Existing::kOverwrite || existing_ == batch::Existing::kRefuse,
      ErrorCode::kUsage, "--existing ", existing,
      " is about the texts of --format txt; other outputs know overwrite and refuse");
}

void BatchOutput::prepare(batch::PictureList& list, const std::vector<std::string>& read) {
  std::vector<std::string> names, inputs = read;
  for (const batch::ListedPicture& picture : list.pictures) {
    names.push_back(picture.name);
    if (picture.keys.is_object()) batch::add_columns(options_.columns, picture.keys);
  }
  inputs.insert(inputs.end(), names.begin(), names.end());
  batch::check_output(path_, inputs);
  if (options_.format == batch::Format::kCoco) {
    options_.coco_numbers = batch::coco_numbers(list.pictures);
    report_ids(options_);
  }
  written_ = batch::WrittenFiles::of_journal(batch::journal_of(path_), texts());
  if (!texts()) {
    if (existing_ != batch::Existing::kOverwrite) batch::check_own_output(path_, written_);
    return;
  }
  const auto plans = batch::plan_texts(names, existing_, written_, read);
  std::vector<batch::ListedPicture> left;
  for (std::size_t i = 0; i < plans.size(); ++i)
    if (plans[i].why.empty())
      left.push_back(std::move(list.pictures[i]));
    else
      summary_.kept.push_back(plans[i]);
  list.pictures = std::move(left);
}

void BatchOutput::write(const batch::RunResult& result, batch::Journal& journal) {
  std::size_t next = 0;
  FailureNames failures(options_.format);
  const batch::RowSource rows = [&](batch::Row& row) {
    if (next == result.offsets.size()) return false;
    row = batch::row_from_json(journal.read(result.offsets[next++]));
    failures.see(row);
    return true;
  };
  if (texts()) {
    batch::TextSummary done = batch::write_text_files(rows, existing_, written_, &journal);
    done.kept.insert(done.kept.begin(), summary_.kept.begin(), summary_.kept.end());
    summary_ = std::move(done);
    report_kept(summary_.kept);
  } else {
    batch::write_output(path_, options_, rows, [&](batch::OutputFile& file) {
      if (existing_ != batch::Existing::kOverwrite) batch::check_own_output(path_, written_);
      written_.publish(file, path_, {written_.state(path_), false, ""}, &journal);
      written_.close(&journal);
    });
  }
  failures.end(batch::journal_of(path_));
}

void report_kept(const std::vector<batch::KeptText>& kept) {
  for (std::size_t i = 0; i < kept.size() && i < kShown; ++i)
    std::fprintf(stderr, "beholder: %s: %s; kept\n", printable(kept[i].file.string()).c_str(),
                 kept[i].why.c_str());
  if (kept.size() > kShown)
    std::fprintf(stderr, "beholder: %zu more texts kept\n", kept.size() - kShown);
}

void report_ids(const batch::OutputOptions& output) {
  if (output.format == batch::Format::kCoco && !output.coco_numbers)
    std::fprintf(stderr,
                 "beholder: not every picture has a number, so image_id is the file's name in all "
                 "rows; COCO's tools want numbers, as in COCO_val2014_000000000042.jpg or from a "
                 "list's \"image_id\"\n");
}

}  // namespace beholder::cli
