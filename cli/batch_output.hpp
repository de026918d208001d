// The output of a batch: checked before the run, written from the journal, reported.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "batch/output.hpp"
#include "batch/picture_list.hpp"
#include "batch/runner.hpp"
#include "batch/text_files.hpp"
#include "batch/written_files.hpp"

namespace beholder::cli {

class BatchOutput {
 public:
  /// @param existing the value of --existing; empty: the format's default
  /// @throws Error kUsage for an `existing` that the format does not have
  BatchOutput(std::filesystem::path path, batch::OutputOptions options,
              const std::string& existing);

  /// Refuses, before any work is done, to overwrite the run's own inputs and files that people made
  /// or changed. Removes pictures whose texts are kept from the list.
  /// @param read other input files of the run
  /// @throws Error kUsage
  void prepare(batch::PictureList& list, const std::vector<std::string>& read);

  /// Writes all rows. Files that were changed since `prepare` are not overwritten either.
  /// @throws Error kUsage (changed meanwhile), kFileAccess
  void write(const batch::RunResult& result, batch::Journal& journal);

  bool texts() const { return options_.format == batch::Format::kTxt; }
  const batch::TextSummary& summary() const { return summary_; }  ///< of texts

 private:
  std::filesystem::path path_;
  batch::OutputOptions options_;
  batch::Existing existing_;
  batch::WrittenFiles written_;
  batch::TextSummary summary_;
};

/// Reports which text files are kept, and why.
void report_kept(const std::vector<batch::KeptText>& kept);

/// Warns when COCO's image ids are file names because some picture has no number.
void report_ids(const batch::OutputOptions& output);

}  // namespace beholder::cli
