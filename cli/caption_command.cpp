// `beholder caption`: one task over many pictures, resumable.
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
#include "batch/picture_list.hpp"
#include "batch/runner.hpp"
#include "batch_output.hpp"
#include "batch_worker.hpp"
#include "commands.hpp"
#include "core/check.hpp"
#include "core/content_hash.hpp"
#include "core/text_lines.hpp"
#include "data/json_lines.hpp"
#include "engine_options.hpp"
#include "interrupt.hpp"
#include "io/memory_file.hpp"
#include "io/model_weights.hpp"
#include "json/text.hpp"
#include "number_range.hpp"
#include "output.hpp"
#include "picture_input.hpp"
#include "progress_bar.hpp"
#include "search_options.hpp"
#include "terminal_text.hpp"
#include "vision/intake/image_format.hpp"

namespace beholder::cli {
namespace {

struct Options {
  ModelOptions model;
  std::vector<std::string> pictures;
  std::string output, task = "describe", question_file, format, shard = "1/1", on_error = "skip",
                      existing;
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
  // 18 digits always fit into 64 bits.
  static const std::regex form("([0-9]{1,18})/([0-9]{1,18})");
  std::smatch parts;
  check(std::regex_match(text, parts, form), ErrorCode::kUsage, "--shard is '", text,
        "'; give i/n, as 2/8");
  list.shard = std::stoull(parts[1]);
  list.shards = std::stoull(parts[2]);
}

std::vector<std::string> questions_of(const Options& options, bool own_questions) {
  std::vector<std::string> out = options.questions;
  if (!options.question_file.empty()) {
    LineOptions lines;
    lines.code = ErrorCode::kUsage;
    for (const std::string& line : read_text_lines(options.question_file, lines))
      out.push_back(line);
  }
  std::vector<std::string> different;
  for (const std::string& question : out) {
    check(is_utf8(question), ErrorCode::kUsage, "the question '", printable(question),
          "' is not UTF-8; write it so");
    if (std::find(different.begin(), different.end(), question) == different.end())
      different.push_back(question);
  }
  out = different;
  const bool answers = options.task == "answer";
  check(answers || out.empty(), ErrorCode::kUsage,
        "questions are only answered with --task answer");
  check(!answers || !out.empty() || own_questions, ErrorCode::kUsage,
        "--task answer needs --question or --questions, or a list with questions in its rows");
  check(out.empty() || !own_questions, ErrorCode::kUsage,
        "the list's rows have questions of their own; leave --question and --questions out");
  return out;
}

/// Only the caption rules that differ from their defaults, so that rows which older versions wrote
/// without these options stay valid.
Json rules_of(const DescribeOptions& asked) {
  const DescribeOptions plain;
  Json out = Json::object();
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

/// Everything that a result depends on besides the picture. When it changes, rows are done again.
Json description_of(const Options& options, const std::filesystem::path& model) {
  Json out = {{"task", options.task}};
  // Mapped instead of read: published weight files are larger than what the engine keeps of them.
  for (const std::string& file : io::model_files(model)) {
    const io::MappedFile bytes = io::MappedFile::open(model / file);
    out[file] = content_hash(bytes.data(), bytes.size()).hex();
  }
  out["int8"] = options.model.engine.int8;
  out["mirror"] = options.model.engine.mirror;
  out["max_pixels"] = options.model.engine.max_pixels;
  if (options.model.engine.color_management != ColorManagement::kAuto)
    out["color_management"] = options.model.engine.color_management == ColorManagement::kOn;
  const DescribeOptions& d = options.what.describe;
  const AnswerOptions& a = options.what.answer;
  if (options.task == "describe")
    out["describe"] = {{"num", d.num},
                       {"beams", d.num_beams},
                       {"consensus", d.consensus},
                       {"length_penalty", d.length_penalty},
                       {"max_new_tokens", d.max_new_tokens}};
  if (options.task == "describe" && d.min_confidence >= 0)
    out["describe"]["min_confidence"] = d.min_confidence;
  if (!d.prompt.empty()) out["prompt"] = d.prompt;
  out.update(rules_of(d));
  if (options.task == "answer")
    out["answer"] = {
        {"top_k", a.top_k}, {"beams", a.num_beams}, {"min_confidence", a.min_confidence}};
  if (options.task == "answer" && a.max_new_tokens != AnswerOptions().max_new_tokens)
    out["answer"]["max_new_tokens"] = a.max_new_tokens;
  return out;
}

/// @param texts the output is a text beside each picture, with no place for anything else
batch::PictureList listed(Options& options, bool texts) {
  options.list.own_questions =
      options.task == "answer" && options.questions.empty() && options.question_file.empty();
  options.list.keep_keys = !texts;
  options.list.read_rows = [](const std::string& file, const auto& row) {
    data::for_each_json_row(file, [&](const nlohmann::json& object, const data::RowPlace& place) {
      row(Json(object), place.str());
      return true;
    });
  };
  options.list.looks_like_picture = [](const std::filesystem::path& path) {
    char head[512];
    std::ifstream in(path, std::ios::binary);
    in.read(head, sizeof head);
    const vision::ImageFormat format = vision::detect_format(
        reinterpret_cast<const std::uint8_t*>(head), static_cast<std::size_t>(in.gcount()));
    // The signatures of these formats are too short to be certain.
    return format != vision::ImageFormat::kUnknown && format != vision::ImageFormat::kTga &&
           format != vision::ImageFormat::kBmp && format != vision::ImageFormat::kPnm;
  };
  batch::PictureList list = batch::list_pictures(options.pictures, options.list, std::cin);
  check(!texts || !list.own_questions, ErrorCode::kUsage,
        "a text file has no place for the questions of a list's rows; choose jsonl, csv or sqlite");
  return list;
}

void summarise(const Options& options, const batch::PictureList& list,
               const batch::RunResult& result, const BatchOutput& output) {
  const batch::RunStatus& status = result.status;
  const double each = status.done > status.skipped
                          ? status.joules / static_cast<double>(status.done - status.skipped)
                          : 0;
  const batch::TextSummary& texts = output.summary();
  if (options.json) {
    Json out = {{"output", options.output},       {"rows", status.done},
                {"skipped", status.skipped},      {"reused", status.reused},
                {"failed", status.failed},        {"seconds", status.seconds},
                {"joules", status.joules},        {"joules_per_row", each},
                {"energy", result.energy_method}, {"passed_over", Json::object()}};
    for (const auto& [kind, count] : list.passed_over) out["passed_over"][kind] = count;
    if (output.texts())
      out["texts"] = {
          {"written", texts.written}, {"restored", texts.restored}, {"kept", texts.kept.size()}};
    print_json(out);
  }
  if (options.quiet) return;
  std::fprintf(stderr,
               "%zu rows in %.1f s (%zu done before, %zu of the same content, %zu failed), %.1f J "
               "a row (%s): %s\n",
               status.done, status.seconds, status.skipped, status.reused, status.failed, each,
               result.energy_method.c_str(), escaped(options.output).c_str());
  if (output.texts())
    std::fprintf(stderr, "%zu texts written (%zu of them had been removed), %zu kept\n",
                 texts.written, texts.restored, texts.kept.size());
  if (!list.passed_over.empty())
    std::fprintf(stderr, "passed over in folders: %s\n",
                 batch::passed_over_text(list.passed_over).c_str());
}

/// Fills in what follows from the options and checks them. @return the format of the output
batch::OutputOptions read_options(Options& options) {
  static const std::map<std::string, Skill> skills = {{"describe", Skill::kDescribe},
                                                      {"answer", Skill::kAnswer},
                                                      {"objects", Skill::kObjects},
                                                      {"relations", Skill::kRelations},
                                                      {"read", Skill::kRead}};
  options.what.skill = skills.at(options.task);
  options.what.answer.min_confidence = options.min_confidence;
  options.what.describe.min_confidence = options.min_confidence;
  options.rules.check(options.what.describe, options.task);
  if (!options.quiet) CaptionRules::warn(options.what.describe);
  parse_shard(options.shard, options.list);
  options.model.engine.cache_bytes = 0;  // no picture comes twice
  // One thread per batch instead of several per matrix product: threads never wait for each other,
  // even on a busy machine.
  const int cores = options.model.engine.threads > 0
                        ? options.model.engine.threads
                        : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  options.run.workers = static_cast<std::size_t>(cores);
  options.model.engine.threads = 1;
  options.run.journal = batch::journal_of(options.output);
  options.run.shard = options.list.shard;
  options.run.shards = options.list.shards;
  options.run.stop_on_error = options.on_error == "stop";
  batch::OutputOptions form;
  form.format = batch::format_of(options.format, options.output);
  form.details = options.json;
  batch::check_same_task(options.output, options.run.journal, options.task);
  check(form.format != batch::Format::kCoco || options.task == "describe", ErrorCode::kUsage,
        "coco holds captions; choose jsonl, csv or sqlite for --task ", options.task);
  return form;
}

/// Finds out on a grey picture whether the model accepts the questions, the prompt and the rules:
/// if it does not, every picture would fail.
void try_on_grey(const Engine& engine, const Options& options) {
  const bool ruled = !options.what.describe.prompt.empty() || options.rules.given();
  if (options.run.questions.empty() && !ruled) return;
  const std::vector<std::uint8_t> grey(16 * 16 * 3, 128);
  try {
    const Picture picture = engine.encode_rgb(grey.data(), 16, 16);
    for (const std::string& question : options.run.questions)
      engine.answer(picture, question, options.what.answer);
    // Options are checked even without a picture.
    if (ruled) engine.describe(std::vector<Picture>{}, options.what.describe);
  } catch (const Error& error) {
    // Damaged weights are reported by the rows that run into them.
    if (error.code() != ErrorCode::kModelFormat) throw;
  }
}

/// Reports what was found in the journal when it was opened.
void tell_journal(const std::filesystem::path& journal, const batch::RunStatus& status) {
  if (status.repaired_bytes > 0)
    std::fprintf(stderr, "beholder: %s: removed %llu bytes of a row that was cut off\n",
                 journal.c_str(), static_cast<unsigned long long>(status.repaired_bytes));
  if (status.other_options > 0)
    std::fprintf(stderr,
                 "beholder: %s: %zu rows of other options or another model are left "
                 "alone; their pictures are done again\n",
                 journal.c_str(), status.other_options);
}

batch::RunResult run(const Options& options, const batch::PictureList& list, EngineWorker& worker,
                     BatchOutput& output) {
  ProgressBar progress(stderr, ::isatty(STDERR_FILENO) != 0);
  catch_interrupts();
  bool told = false;
  const auto show = [&](const batch::RunStatus& status) {
    if (options.quiet) return;
    if (!told) tell_journal(options.run.journal, status);
    told = true;
    progress.show(status);
  };
  try {
    return batch::run_batch(list, options.run, worker, interrupted, show,
                            [&](const batch::RunResult& done, batch::Journal& journal) {
                              progress.end();
                              output.write(done, journal);
                            });
  } catch (...) {
    progress.end();
    throw;
  }
}

void caption(Options& options) {
  const batch::OutputOptions form = read_options(options);
  BatchOutput output(options.output, form, options.existing);
  batch::PictureList list = listed(options, output.texts());
  options.run.questions = questions_of(options, list.own_questions);
  std::vector<std::string> read = options.pictures;
  read.insert(read.end(), {options.list.filelist, options.question_file});
  output.prepare(list, read);
  const std::filesystem::path model = find_model(options.model.model);
  const Engine engine = Engine::load(model, options.model.engine);
  options.search.apply_to(options.what.describe, engine);
  options.search.apply_to(options.what.answer, engine);
  EngineWorker worker(engine, options.what);
  try_on_grey(engine, options);
  options.run.description = description_of(options, model);
  const batch::RunResult result = run(options, list, worker, output);
  summarise(options, list, result, output);
  check(!interrupted(), ErrorCode::kCancelled, "stopped when all ", result.status.total,
        " rows were done; ", options.output, " is whole, nothing is left to do");
  if (result.status.failed > 0) throw RowsFailed{};
}

/// What is asked, and of which pictures.
void add_list_options(CLI::App* verb, Options& options) {
  verb->add_option("--question", options.questions, "for --task answer; may be given repeatedly")
      ->allow_extra_args(false);
  verb->add_option("--questions", options.question_file, "file with a question a line");
  verb->add_flag("-r,--recursive", options.list.recursive, "folders within folders too");
  verb->add_option("--glob", options.list.globs, "names in folders that count, as '*.jpg'")
      ->allow_extra_args(false);
  verb->add_option("--filelist", options.list.filelist,
                   "a list of pictures ('-': standard input), a name or a JSON row a line");
  verb->add_flag("-0,--null", options.list.null_separated, "names in lists end with a zero byte");
  verb->add_option("--limit", options.list.limit, "only the first so many pictures")
      ->check(whole_number<std::size_t>(0));
  verb->add_option("--shard", options.shard, "part i of n of the pictures, as 2/8")
      ->capture_default_str();
}

}  // namespace

void add_caption_command(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand(
      "caption", "Caption, or ask about, many pictures; run it again to go on where it stopped");
  verb->add_option("pictures", options->pictures,
                   "folders, pictures, lists (*.txt, a name a line; *.jsonl, *.json, a row each), "
                   "'-': a list on "
                   "standard input");
  verb->add_option("-o,--output", options->output,
                   "file to write; its journal, OUTPUT.journal, keeps every finished row")
      ->required();
  verb->add_option("--task", options->task, "what to do with each picture")
      ->check(CLI::IsMember({"describe", "answer", "objects", "relations", "read"}))
      ->capture_default_str();
  add_list_options(verb, *options);
  verb->add_option("--format", options->format,
                   "jsonl, csv, coco, txt (beside each picture) or sqlite (default: by the "
                   "output's extension, else jsonl)")
      ->check(CLI::IsMember({"jsonl", "csv", "coco", "txt", "sqlite"}));
  verb->add_option("--existing", options->existing,
                   "txt: for pictures that have a text which this batch did not write or which was "
                   "changed since (default: skip); overwrite: also an output that was changed")
      ->check(CLI::IsMember({"skip", "overwrite", "append", "prepend", "refuse"}));
  verb->add_option("--batch-size", options->run.batch_size, "pictures inferred together")
      ->check(whole_number<std::size_t>(1, 1024))
      ->capture_default_str();
  verb->add_option("--on-error", options->on_error, "skip: failures become rows; stop: end there")
      ->check(CLI::IsMember({"skip", "stop"}))
      ->capture_default_str();
  verb->add_flag("--retry-failed", options->run.retry_failed,
                 "do failed rows of earlier runs again");
  verb->add_option("--watts-per-core", options->run.watts_per_core,
                   "assumed where the machine does not measure its energy")
      ->check(number(0, 1e6, true))
      ->capture_default_str();
  add_model_options(verb, options->model);
  DescribeOptions& describe = options->what.describe;
  verb->add_option("--prompt", describe.prompt,
                   "describe: how it begins (published captioning models)");
  verb->add_option("--num", describe.num, "describe: different descriptions")
      ->check(whole_number(1, 100));
  verb->add_flag(
      "--consensus,!--no-consensus", describe.consensus,
      "describe: take the hypothesis most like all the others (default) or the likeliest");
  add_length_penalty(verb, options->search);
  add_caption_rules(verb, options->rules, describe, "describe: ");
  add_search_options(verb, options->search, "10, of answers 5");
  verb->add_option("--top-k", options->what.answer.top_k, "answer: answers to list")
      ->check(whole_number(1, 100));
  verb->add_option("--min-confidence", options->min_confidence,
                   "describe, answer: say \"I am not sure what this shows\" or \"I don't know\" "
                   "below this; 0: never (default: the model's thresholds)")
      ->check(number(0, 1));
  verb->add_flag("--json", options->json,
                 "summary as JSON on standard output; timing and energy in each row");
  verb->add_flag("--quiet", options->quiet, "no progress, no summary");
  verb->callback([options] { caption(*options); });
}

}  // namespace beholder::cli
