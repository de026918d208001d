// `beholder ask`: answers questions about pictures.
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "answer_output.hpp"
#include "beholder/engine.hpp"
#include "commands.hpp"
#include "core/check.hpp"
#include "core/file.hpp"
#include "core/output_check.hpp"
#include "core/text_lines.hpp"
#include "dialogue.hpp"
#include "drawing.hpp"
#include "each_picture.hpp"
#include "engine_options.hpp"
#include "interrupt.hpp"
#include "json/results.hpp"
#include "picture_input.hpp"
#include "search_options.hpp"

namespace beholder::cli {
namespace {

struct Options {
  ModelOptions model;
  std::vector<std::string> words;  // pictures, then questions
  std::string choices, answers_file, heatmap;
  AnswerOptions answer;
  SearchOptions search;
  std::string draw, method = "auto";
  double min_confidence = -1;
  bool json = false, explain = false, force = false;
};

std::vector<std::string> split_choices(const std::string& text) {
  std::vector<std::string> out;
  std::string item;
  for (const char c : text + ",") {
    if (c != ',') {
      item += c;
      continue;
    }
    const std::size_t begin = item.find_first_not_of(' ');
    if (begin != std::string::npos)
      out.push_back(item.substr(begin, item.find_last_not_of(' ') - begin + 1));
    item.clear();
  }
  return out;
}

/// A later word is a picture if it is "-", names a file, or looks like a path that is misspelt: a
/// dot or slash and no blank or question mark. Anything else is a question. The first word is
/// always a picture.
bool is_picture(const std::string& word) {
  std::error_code ignored;
  if (word == "-" || std::filesystem::exists(word, ignored)) return true;
  return word.find_first_of(" ?") == std::string::npos &&
         word.find_first_of("./") != std::string::npos;
}

/// Where the model looked for its best guess: drawn to a file and, as numbers, for the row.
Json heat(const Engine& engine, const Options& options, const Picture& picture,
          const std::string& name, const std::string& question, const Answer& answer) {
  const AttentionMap map = engine.attention(picture, question, answer.top_k.front().answer);
  draw_heatmap(name, map.overall, map.rows, map.columns, options.heatmap);
  return map;
}

/// Answers a question, prints the answer and draws the heatmap or steps asked for.
void answer_one(const Engine& engine, const Options& options, const Picture& picture,
                const std::string& name, const std::string& question, bool several) {
  check(is_utf8(question), ErrorCode::kUsage, "the question '", question,
        "' is not UTF-8; write it so");
  AnswerView view;
  view.json = options.json;
  view.several = several;
  view.top_k = options.answer.top_k;
  if (options.explain) {
    const Explanation explanation = engine.explain(picture, question, options.answer);
    if (!options.draw.empty()) draw_steps(explanation, name, options.draw);
    view.explanation = &explanation;
    return print_answer(name, question, explanation.answer, view);
  }
  const Answer answer = engine.answer(picture, question, options.answer);
  if (!options.heatmap.empty())
    view.heatmap = heat(engine, options, picture, name, question, answer);
  print_answer(name, question, answer, view);
}

/// Checks what can be checked before the model is loaded.
void check_options(const Options& options, const std::vector<std::string>& pictures,
                   const std::vector<std::string>& questions) {
  for (const std::string& question : questions)
    check(is_utf8(question), ErrorCode::kUsage, "the question '", question,
          "' is not UTF-8; write it so");
  check(!questions.empty() || pictures.size() == 1, ErrorCode::kUsage,
        "no question: put one after the pictures, or name a single picture to be asked about "
        "interactively");
  check(!questions.empty() || pictures.front() != "-", ErrorCode::kUsage,
        "no question: with a picture on standard input, give one");
  const bool one = pictures.size() == 1 && questions.size() == 1 && is_file(pictures.front());
  check(options.heatmap.empty() || one, ErrorCode::kUsage,
        "--heatmap draws one question about one picture file");
  check(options.draw.empty() || options.explain, ErrorCode::kUsage,
        "--draw draws the steps of --explain; give both");
  check(options.draw.empty() || one, ErrorCode::kUsage,
        "--draw draws one question about one picture file");
  check(!options.explain || options.heatmap.empty(), ErrorCode::kUsage,
        "--heatmap and --explain show different ways; give one");
}

void read_choices(Options& options) {
  if (!options.choices.empty()) {
    options.answer.choices = split_choices(options.choices);
    check(options.answer.choices.size() >= 2, ErrorCode::kUsage,
          "--choices needs two or more, separated by commas");
  }
  if (!options.answers_file.empty()) {
    options.answer.choices = read_text_lines(options.answers_file);
    check(options.answer.choices.size() >= 2, ErrorCode::kUsage, options.answers_file,
          ": needs two or more answers, one a line");
  }
}

void ask(Options& options) {
  std::vector<std::string> pictures{options.words.front()}, questions;
  for (std::size_t i = 1; i < options.words.size(); ++i) {
    if (questions.empty() && is_picture(options.words[i]))
      pictures.push_back(options.words[i]);
    else
      questions.push_back(options.words[i]);
  }
  options.answer.min_confidence = options.min_confidence;
  read_choices(options);
  check_options(options, pictures, questions);
  const std::filesystem::path model = find_model(options.model.model);
  for (const std::string& output : {options.heatmap, options.draw}) {
    if (output.empty()) continue;
    check_drawing(output, pictures.front(), model, options.force);
    if (same_file(output, options.answers_file))
      throw Error(ErrorCode::kUsage, output + ": is the list of answers; choose another output");
  }
  options.answer.method = method_of(options.method);
  options.answer.cancel = interrupt_flag();
  EarlyPicture first(pictures.front(), options.model.engine);
  const Engine engine = Engine::load(model, options.model.engine);
  options.search.apply_to(options.answer, engine);
  if (questions.empty())
    return converse(
        engine, first.encode(engine), pictures.front(),
        [&](const Picture& picture, const std::string& name, const std::string& question) {
          answer_one(engine, options, picture, name, question, false);
        });
  const bool several = pictures.size() > 1 || questions.size() > 1;
  for_each_picture(engine, first, pictures, [&](const std::string& name, const Picture& picture) {
    for (const std::string& question : questions)
      answer_one(engine, options, picture, name, question, several);
  });
}

}  // namespace

void add_ask_command(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("ask", "Answer questions about pictures");
  verb->add_option("pictures and questions", options->words,
                   "pictures ('-': standard input), then questions; without a question, asks for "
                   "them line by line")
      ->required();
  add_model_options(verb, options->model);
  verb->add_option("--top-k", options->answer.top_k, "answers to list")
      ->check(whole_number(1, 100))
      ->capture_default_str();
  add_search_options(verb, options->search, "5");
  verb->add_option("--min-confidence", options->min_confidence,
                   "say \"I don't know\" below this; 0: never (default: the model's threshold)")
      ->check(number(0, 1));
  verb->add_option("--choices", options->choices, "answers to choose from, separated by commas");
  verb->add_option("--answers-file", options->answers_file,
                   "the same from a file, one answer a line; thousands are welcome")
      ->check(CLI::ExistingFile)
      ->excludes("--choices");
  add_method_option(verb, options->method);
  verb->add_flag("--explain", options->explain, "show the steps to the answer, with their objects");
  verb->add_option("--draw", options->draw,
                   "with --explain: picture to draw (.png, .jpg, .webp), with the steps' objects");
  verb->add_option(
      "--heatmap", options->heatmap,
      "picture to draw (.png, .jpg, .webp): where the model looked (with --json also as "
      "numbers)");
  verb->add_flag("--force", options->force, "replace output files that are there already");
  verb->add_flag("--json", options->json, "one JSON object a line");
  verb->callback([options] { ask(*options); });
}

}  // namespace beholder::cli
