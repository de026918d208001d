// `beholder merge`: the shards of a batch joined.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "batch/merge.hpp"
#include "batch/output.hpp"
#include "batch/output_check.hpp"
#include "batch/text_files.hpp"
#include "batch_output.hpp"
#include "commands.hpp"
#include "core/check.hpp"
#include "output.hpp"

namespace beholder::cli {
namespace {

struct MergeOptions {
  std::string output, format, existing = "skip";
  std::vector<std::string> shards;
  bool json = false, force = false;
};

/// Texts beside the pictures; without a journal of its own a merge knows those that the shards
/// wrote.
batch::TextSummary merge_texts(const MergeOptions& options, batch::Merged& merged) {
  const batch::Existing existing = batch::existing_from_name(options.existing);
  std::vector<std::string> pictures;
  const batch::RowSource rows = batch::rows_of(merged);
  for (batch::Row row; rows(row);)
    if (pictures.empty() || pictures.back() != row.name) pictures.push_back(row.name);
  std::vector<std::string> read = options.shards;
  for (const std::string& shard : options.shards) read.push_back(batch::journal_of(shard).string());
  batch::plan_texts(pictures, existing, merged.written, read);
  return batch::write_text_files(batch::rows_of(merged), existing, merged.written, nullptr);
}

/// Scans the rows for what the output format must know in advance.
void look_ahead(batch::OutputOptions& output, const batch::RowSource& rows) {
  if (output.format == batch::Format::kJsonl) return;
  std::vector<batch::ListedPicture> pictures;
  for (batch::Row row; rows(row);) {
    if (row.keys.is_object()) batch::add_columns(output.columns, row.keys);
    if (output.format == batch::Format::kCoco && !row.failed())
      pictures.push_back({0, row.name, row.keys, {}});
  }
  if (output.format == batch::Format::kCoco) output.coco_numbers = batch::coco_numbers(pictures);
}

void merge(const MergeOptions& options) {
  std::vector<std::string> read = options.shards;
  for (const std::string& shard : options.shards) read.push_back(batch::journal_of(shard).string());
  batch::check_output(options.output, read);
  std::error_code ignored;
  check(!std::filesystem::exists(batch::journal_of(options.output), ignored), ErrorCode::kUsage,
        options.output,
        ": is the output of a batch, whose journal stands beside it; choose another");
  check(options.force || !std::filesystem::exists(options.output, ignored) ||
            std::filesystem::file_size(options.output, ignored) == 0,
        ErrorCode::kUsage, options.output,
        ": is there already; choose another name, or --force to replace it");
  batch::Merged merged = batch::merge_journals({options.shards.begin(), options.shards.end()});
  batch::OutputOptions output;
  output.format = batch::format_of(options.format, options.output);
  output.details = options.json;
  Json summary = {
      {"output", options.output}, {"rows", merged.rows.size()}, {"failed", merged.failed}};
  std::string kept;
  if (output.format == batch::Format::kTxt) {
    const batch::TextSummary texts = merge_texts(options, merged);
    report_kept(texts.kept);
    summary["written"] = texts.written;
    summary["kept"] = texts.kept.size();
    kept = ", " + std::to_string(texts.written) + " texts written, " +
           std::to_string(texts.kept.size()) + " kept";
  } else {
    look_ahead(output, batch::rows_of(merged));
    report_ids(output);
    batch::write_output(options.output, output, batch::rows_of(merged));
  }
  if (options.json) print_json(summary);
  std::fprintf(stderr, "%zu rows of %zu shards, %zu failed%s: %s\n", merged.rows.size(),
               merged.journals.size(), merged.failed, kept.c_str(), options.output.c_str());
  if (merged.failed > 0) throw RowsFailed{};
}

}  // namespace

void add_merge_command(CLI::App& app) {
  auto options = std::make_shared<MergeOptions>();
  CLI::App* verb = app.add_subcommand("merge", "Join the shards of a batch");
  verb->add_option("output", options->output, "file to write")->required();
  verb->add_option("shards", options->shards, "outputs of all shards, or their journals")
      ->required();
  verb->add_option("--format", options->format, "as for caption")
      ->check(CLI::IsMember({"jsonl", "csv", "coco", "txt", "sqlite"}));
  verb->add_option("--existing", options->existing,
                   "with --format txt, for texts that the shards did not write")
      ->check(CLI::IsMember({"skip", "overwrite", "refuse"}))
      ->capture_default_str();
  verb->add_flag("--json", options->json,
                 "summary as JSON on standard output; timing and energy in each row");
  verb->add_flag("--force", options->force, "replace the output if it is there");
  verb->callback([options] { merge(*options); });
}

}  // namespace beholder::cli
