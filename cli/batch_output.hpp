// The output of a batch: checked beforehand, written from the journal, and told about.
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
  /// @param existing as --existing has it; empty: the form's default
  /// @throws Error kUsage for an `existing` that the form does not know
  BatchOutput(std::filesystem::path path, batch::OutputOptions options,
              const std::string& existing);

  /// Looks, before anything is done, at what is there already: what the run reads and what people
  /// made or changed is not overwritten. Pictures whose texts are kept are taken out of the list.
  /// @param read other files that the run reads
  /// @throws Error kUsage
  void prepare(batch::PictureList& list, const std::vector<std::string>& read);

  /// Writes all rows. What somebody changed since `prepare` is not overwritten either.
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

/// Says which texts stay as they are, and why.
void report_kept(const std::vector<batch::KeptText>& kept);

/// Says that COCO's ids are names, unless they are numbers.
void report_ids(const batch::OutputOptions& output);

}  // namespace beholder::cli
