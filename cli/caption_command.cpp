// `beholder caption`: one task over many pictures, resumable; `beholder merge`: its shards joined.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <regex>
#include <string>
#include <thread>
#include <vector>

#include "batch/earlier_task.hpp"
#include "batch/journal.hpp"
#include "batch/merge.hpp"
#include "batch/output.hpp"
#include "batch/output_check.hpp"
#include "batch/picture_list.hpp"
#include "batch/runner.hpp"
#include "batch_worker.hpp"
#include "commands.hpp"
#include "core/check.hpp"
#include "core/content_hash.hpp"
#include "core/file.hpp"
#include "engine_options.hpp"
#include "interrupt.hpp"
#include "io/memory_file.hpp"
#include "picture_input.hpp"
#include "progress_bar.hpp"
#include "search_options.hpp"

namespace beholder::cli {
namespace {

struct Options {
  ModelOptions model;
  std::vector<std::string> pictures;
  std::string filelist, output, task = "describe", question_file, format, shard = "1/1",
                                on_error = "skip";
  std::vector<std::string> questions;
  batch::ListOptions list;
  batch::RunOptions run;
  BatchTask what;
  SearchOptions search;
  CaptionRules rules;
  double min_confidence = -1;
  bool json = false, quiet = false;
};

void parse_shard(const std::string& text, batch::ListOptions& list) {
  // At most 18 digits each: what fits.
  static const std::regex form("([0-9]{1,18})/([0-9]{1,18})");
  std::smatch parts;
  check(std::regex_match(text, parts, form), ErrorCode::kUsage, "--shard is '", text,
        "'; give i/n, as 2/8");
  list.shard = std::stoull(parts[1]);
  list.shards = std::stoull(parts[2]);
}

std::vector<std::string> questions_of(const Options& options) {
  std::vector<std::string> out = options.questions;
  if (!options.question_file.empty()) {
    std::ifstream in(options.question_file);
    check(static_cast<bool>(in), ErrorCode::kFileNotFound, options.question_file,
          ": cannot read these questions; check the name");
    for (const std::string& line : batch::read_list(in, false)) {
      check(printable(line) == line, ErrorCode::kUsage, options.question_file,
            ": holds a question that is not UTF-8; name a text file with a question a line");
      if (line.find_first_not_of(" \t") != std::string::npos) out.push_back(line);
    }
  }
  std::vector<std::string> different;
  for (const std::string& question : out) {
    check(printable(question) == question, ErrorCode::kUsage, "the question '", printable(question),
          "' is not UTF-8; write it so");
    if (std::find(different.begin(), different.end(), question) == different.end())
      different.push_back(question);
  }
  out = different;
  const bool answers = options.task == "answer";
  check(answers || out.empty(), ErrorCode::kUsage,
        "questions are only answered with --task answer");
  check(!answers || !out.empty(), ErrorCode::kUsage,
        "--task answer needs --question or --questions");
  return out;
}

/// The rules of words that are not as they are unasked, so that rows of earlier versions count on.
batch::Json rules_of(const DescribeOptions& asked) {
  const DescribeOptions plain;
  batch::Json out = batch::Json::object();
  const auto add = [&](const char* name, const auto& value, const auto& usual) {
    if (value != usual) out[name] = value;
  };
  add("prefix", asked.prefix, plain.prefix);
  add("suffix", asked.suffix, plain.suffix);
  add("min_words", asked.min_words, plain.min_words);
  add("max_words", asked.max_words, plain.max_words);
  add("min_new_tokens", asked.min_new_tokens, plain.min_new_tokens);
  add("no_repeat_ngram", asked.no_repeat_ngram, plain.no_repeat_ngram);
  add("repetition_penalty", asked.repetition_penalty, plain.repetition_penalty);
  return out;
}

/// All that a result depends on besides the picture; another one, and the rows are done again.
batch::Json description_of(const Options& options, const std::filesystem::path& model) {
  batch::Json out = {{"task", options.task}};
  // Whatever form of model has them; mapped, since a published one is larger than what runs it.
  for (const char* file :
       {"config.json", "model.safetensors", "vocab.txt", "output_vocab.txt", "pytorch_model.bin",
        "preprocessor_config.json", "processor_config.json", "tokenizer.json"}) {
    if (!std::filesystem::exists(model / file)) continue;
    const io::MappedFile bytes = io::MappedFile::open(model / file);
    out[file] = content_hash(bytes.data(), bytes.size()).hex();
  }
  out["int8"] = options.model.engine.int8;
  out["mirror"] = options.model.engine.mirror;
  out["max_pixels"] = options.model.engine.max_pixels;
  const DescribeOptions& d = options.what.describe;
  const AnswerOptions& a = options.what.answer;
  if (options.task == "describe")
    out["describe"] = {{"num", d.num},
                       {"beams", d.num_beams},
                       {"consensus", d.consensus},
                       {"length_penalty", d.length_penalty},
                       {"max_new_tokens", d.max_new_tokens}};
  if (!d.prompt.empty()) out["prompt"] = d.prompt;
  out.update(rules_of(d));
  if (options.task == "answer")
    out["answer"] = {
        {"top_k", a.top_k}, {"beams", a.num_beams}, {"min_confidence", a.min_confidence}};
  if (options.task == "answer" && a.max_new_tokens != AnswerOptions().max_new_tokens)
    out["answer"]["max_new_tokens"] = a.max_new_tokens;
  return out;
}

void summarise(const Options& options, const batch::RunResult& result) {
  const batch::RunStatus& status = result.status;
  const double each = status.done > status.skipped
                          ? status.joules / static_cast<double>(status.done - status.skipped)
                          : 0;
  if (options.json) {
    std::printf("%s\n", batch::Json({{"output", printable(options.output)},
                                     {"rows", status.done},
                                     {"skipped", status.skipped},
                                     {"reused", status.reused},
                                     {"failed", status.failed},
                                     {"seconds", status.seconds},
                                     {"joules", status.joules},
                                     {"joules_per_row", each},
                                     {"energy", result.energy_method}})
                            .dump()
                            .c_str());
  }
  if (!options.quiet)
    std::fprintf(
        stderr,
        "%zu rows in %.1f s (%zu done before, %zu of the same content, %zu failed), %.1f J "
        "a row (%s): %s\n",
        status.done, status.seconds, status.skipped, status.reused, status.failed, each,
        result.energy_method.c_str(), options.output.c_str());
}

/// Says what failed where the output's form has no place for it.
class FailureNames {
 public:
  explicit FailureNames(batch::Format format)
      : wanted_(format == batch::Format::kCoco || format == batch::Format::kTxt) {}

  void see(const batch::Row& row) {
    if (!wanted_ || !row.failed() || ++count_ > kShown) return;
    std::fprintf(stderr, "beholder: %s\n", printable(row.error_message).c_str());
  }
  void end(const std::filesystem::path& journal) const {
    if (count_ > kShown)
      std::fprintf(stderr, "beholder: %zu more failed; %s names them\n", count_ - kShown,
                   journal.c_str());
  }

 private:
  static constexpr std::size_t kShown = 20;
  bool wanted_;
  std::size_t count_ = 0;
};

void caption(Options& options) {
  static const std::map<std::string, Skill> skills = {{"describe", Skill::kDescribe},
                                                      {"answer", Skill::kAnswer},
                                                      {"objects", Skill::kObjects},
                                                      {"relations", Skill::kRelations}};
  options.what.skill = skills.at(options.task);
  options.what.answer.min_confidence = options.min_confidence;
  options.rules.check(options.what.describe, options.task);
  if (!options.quiet) CaptionRules::warn(options.what.describe);
  parse_shard(options.shard, options.list);
  const std::vector<std::string> arguments = options.pictures;
  if (!options.filelist.empty()) {
    std::ifstream list;
    if (options.filelist != "-") {
      list.open(options.filelist, std::ios::binary);
      check(static_cast<bool>(list), ErrorCode::kFileNotFound, options.filelist,
            ": cannot read this list of pictures; check the name");
    }
    // A list under any name: read here, added to what the arguments name.
    for (const std::string& name :
         batch::read_list(options.filelist == "-" ? std::cin : static_cast<std::istream&>(list),
                          options.list.null_separated))
      options.pictures.push_back(name);
  }
  const batch::PictureList list = batch::list_pictures(options.pictures, options.list, std::cin);
  batch::OutputOptions output;
  output.format = batch::format_of(options.format, options.output);
  output.details = options.json;
  std::vector<std::string> names;
  for (const batch::ListedPicture& picture : list.pictures) names.push_back(picture.name);
  std::vector<std::string> read = names;
  read.insert(read.end(), arguments.begin(), arguments.end());
  read.push_back(options.filelist);
  read.push_back(options.question_file);
  batch::check_output(options.output, read);
  if (output.format != batch::Format::kTxt) batch::check_not_foreign(options.output);
  batch::check_same_task(options.output, batch::journal_of(options.output), options.task);
  check(output.format != batch::Format::kCoco || options.task == "describe", ErrorCode::kUsage,
        "coco holds captions; choose jsonl, csv or sqlite for --task ", options.task);
  if (output.format == batch::Format::kCoco) batch::check_coco_ids(names);
  if (output.format == batch::Format::kTxt)
    batch::check_text_files(names, batch::journal_of(options.output));
  const std::filesystem::path model = find_model(options.model.model);
  options.model.engine.cache_bytes = 0;  // no picture comes twice
  // A thread a batch, not several threads a product: no thread ever waits for another, also on a
  // machine that has something else to do.
  const int cores = options.model.engine.threads > 0
                        ? options.model.engine.threads
                        : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  options.run.workers = static_cast<std::size_t>(cores);
  options.model.engine.threads = 1;

  batch::RunOptions& run = options.run;
  run.journal = batch::journal_of(options.output);
  run.questions = questions_of(options);
  run.shard = options.list.shard;
  run.shards = options.list.shards;
  run.stop_on_error = options.on_error == "stop";
  const Engine engine = Engine::load(model, options.model.engine);
  options.search.apply_to(options.what.describe, engine);
  options.search.apply_to(options.what.answer, engine);
  EngineWorker worker(engine, options.what);
  // What is wrong with a question is wrong for every picture: it is asked of a grey one first.
  // So is a prompt that this model does not take, or a rule that it cannot keep.
  const bool ruled = !options.what.describe.prompt.empty() || options.rules.given();
  if (!run.questions.empty() || ruled) {
    const std::vector<std::uint8_t> grey(16 * 16 * 3, 128);
    const Picture picture = engine.encode_rgb(grey.data(), 16, 16);
    for (const std::string& question : run.questions)
      engine.answer(picture, question, options.what.answer);
    // Our own models check their options without a picture, too, and may have little to say of it.
    if (ruled && engine.info().published) engine.describe(picture, options.what.describe);
    if (ruled) engine.describe(std::vector<Picture>{}, options.what.describe);
  }
  run.description = description_of(options, model);
  ProgressBar progress(stderr, ::isatty(STDERR_FILENO) != 0);
  catch_interrupts();
  bool told = false;
  const auto show = [&](const batch::RunStatus& status) {
    if (options.quiet) return;
    if (!told && status.repaired_bytes > 0)
      std::fprintf(stderr, "beholder: %s: removed %llu bytes of a row that was cut off\n",
                   run.journal.c_str(), static_cast<unsigned long long>(status.repaired_bytes));
    if (!told && status.other_options > 0)
      std::fprintf(stderr,
                   "beholder: %s: %zu rows of other options or another model are left "
                   "alone; their pictures are done again\n",
                   run.journal.c_str(), status.other_options);
    told = true;
    progress.show(status);
  };
  batch::RunResult result;
  try {
    result = batch::run_batch(list, run, worker, interrupted, show);
  } catch (...) {
    progress.end();
    throw;
  }
  progress.end();
  const batch::JournalReader journal(run.journal);
  std::size_t next = 0;
  FailureNames failures(output.format);
  batch::write_output(options.output, output, [&](batch::Row& row) {
    if (next == result.offsets.size()) return false;
    row = batch::row_from_json(journal.read(result.offsets[next++]));
    failures.see(row);
    return true;
  });
  failures.end(run.journal);
  summarise(options, result);
  if (result.status.failed > 0) throw RowsFailed{};
}

struct MergeOptions {
  std::string output, format;
  std::vector<std::string> shards;
  bool json = false, force = false;
};

void merge(const MergeOptions& options) {
  std::vector<std::string> read = options.shards;
  for (const std::string& shard : options.shards) read.push_back(batch::journal_of(shard));
  batch::check_output(options.output, read);
  std::error_code ignored;
  check(!std::filesystem::exists(batch::journal_of(options.output), ignored), ErrorCode::kUsage,
        options.output,
        ": is the output of a batch, whose journal stands beside it; choose another");
  check(options.force || !std::filesystem::exists(options.output, ignored) ||
            std::filesystem::file_size(options.output, ignored) == 0,
        ErrorCode::kUsage, options.output,
        ": is there already; choose another name, or --force to replace it");
  const batch::Merged merged =
      batch::merge_journals({options.shards.begin(), options.shards.end()});
  batch::OutputOptions output;
  output.format = batch::format_of(options.format, options.output);
  output.details = options.json;
  batch::write_output(options.output, output, batch::rows_of(merged));
  if (options.json)
    std::printf("%s\n", batch::Json({{"output", printable(options.output)},
                                     {"rows", merged.rows.size()},
                                     {"failed", merged.failed}})
                            .dump()
                            .c_str());
  std::fprintf(stderr, "%zu rows of %zu shards, %zu failed: %s\n", merged.rows.size(),
               merged.journals.size(), merged.failed, options.output.c_str());
  if (merged.failed > 0) throw RowsFailed{};
}

}  // namespace

void add_caption_command(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand(
      "caption", "Caption, or ask about, many pictures; run it again to go on where it stopped");
  verb->add_option(
      "pictures", options->pictures,
      "folders, pictures, lists (*.txt, a name a line), '-': a list on standard input");
  verb->add_option("-o,--output", options->output,
                   "file to write; its journal, OUTPUT.journal, keeps every finished row")
      ->required();
  verb->add_option("--task", options->task, "what to do with each picture")
      ->check(CLI::IsMember({"describe", "answer", "objects", "relations"}))
      ->capture_default_str();
  verb->add_option("--question", options->questions, "for --task answer; may be given repeatedly")
      ->allow_extra_args(false);
  verb->add_option("--questions", options->question_file, "file with a question a line");
  verb->add_flag("-r,--recursive", options->list.recursive, "folders within folders too");
  verb->add_option("--glob", options->list.globs, "names in folders that count, as '*.jpg'")
      ->allow_extra_args(false);
  verb->add_option("--filelist", options->filelist, "a list of pictures ('-': standard input)");
  verb->add_flag("-0,--null", options->list.null_separated, "names in lists end with a zero byte");
  verb->add_option("--limit", options->list.limit, "only the first so many pictures");
  verb->add_option("--shard", options->shard, "part i of n of the pictures, as 2/8")
      ->capture_default_str();
  verb->add_option("--format", options->format,
                   "jsonl, csv, coco, txt (beside each picture) or sqlite (default: by the "
                   "output's extension, else jsonl)")
      ->check(CLI::IsMember({"jsonl", "csv", "coco", "txt", "sqlite"}));
  verb->add_option("--batch-size", options->run.batch_size, "pictures inferred together")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  verb->add_option("--on-error", options->on_error, "skip: failures become rows; stop: end there")
      ->check(CLI::IsMember({"skip", "stop"}))
      ->capture_default_str();
  verb->add_flag("--retry-failed", options->run.retry_failed,
                 "do failed rows of earlier runs again");
  verb->add_option("--watts-per-core", options->run.watts_per_core,
                   "assumed where the machine does not measure its energy")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  add_model_options(verb, options->model);
  DescribeOptions& describe = options->what.describe;
  verb->add_option("--prompt", describe.prompt,
                   "describe: how it begins (published captioning models)");
  verb->add_option("--num", describe.num, "describe: different descriptions")
      ->check(CLI::Range(1, 100));
  verb->add_flag(
      "--consensus,!--no-consensus", describe.consensus,
      "describe: take the hypothesis most like all the others (default) or the likeliest");
  add_length_penalty(verb, options->search);
  add_caption_rules(verb, options->rules, describe, "describe: ");
  add_search_options(verb, options->search, "10, of answers 5");
  verb->add_option("--top-k", options->what.answer.top_k, "answer: answers to list")
      ->check(CLI::Range(1, 100));
  verb->add_option("--min-confidence", options->min_confidence,
                   "answer: say \"I don't know\" below this; 0: never")
      ->check(CLI::Range(0.0, 1.0));
  verb->add_flag("--json", options->json,
                 "summary as JSON on standard output; timing and energy in each row");
  verb->add_flag("--quiet", options->quiet, "no progress, no summary");
  verb->callback([options] { caption(*options); });
}

void add_merge_command(CLI::App& app) {
  auto options = std::make_shared<MergeOptions>();
  CLI::App* verb = app.add_subcommand("merge", "Join the shards of a batch");
  verb->add_option("output", options->output, "file to write")->required();
  verb->add_option("shards", options->shards, "outputs of all shards, or their journals")
      ->required();
  verb->add_option("--format", options->format, "as for caption")
      ->check(CLI::IsMember({"jsonl", "csv", "coco", "txt", "sqlite"}));
  verb->add_flag("--json", options->json,
                 "summary as JSON on standard output; timing and energy in each row");
  verb->add_flag("--force", options->force, "replace the output if it is there");
  verb->callback([options] { merge(*options); });
}

}  // namespace beholder::cli
