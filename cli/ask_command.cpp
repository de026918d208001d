// `beholder ask`: answers questions about pictures.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "beholder/engine.hpp"
#include "commands.hpp"
#include "core/file.hpp"
#include "core/output_check.hpp"
#include "drawing.hpp"
#include "engine_options.hpp"
#include "object_json.hpp"
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

/// The lines of a file, without those that are blank.
std::vector<std::string> read_lines(const std::string& path) {
  std::istringstream in(read_file_text(path));
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.find_first_not_of(" \t") != std::string::npos) out.push_back(line);
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
nlohmann::ordered_json heat(const Engine& engine, const Options& options, const Picture& picture,
                            const std::string& name, const std::string& question,
                            const Answer& answer) {
  const AttentionMap map = engine.attention(picture, question, answer.top_k.front().answer);
  draw_heatmap(name, map.overall, map.rows, map.columns, options.heatmap);
  return {{"rows", map.rows}, {"columns", map.columns}, {"weights", map.overall}};
}

const char* method_name(Method method) { return method == Method::kProgram ? "program" : "direct"; }

void print_steps(const Explanation& explanation) {
  std::size_t number = 0;
  for (const TraceStep& step : explanation.steps) {
    std::string boxes;
    for (const Object& object : step.objects) boxes += " " + box_text(object.box);
    const std::string shown = step.value.empty() ? boxes : " " + step.value;
    std::printf("  %zu %-36s →%s\n", ++number, step.text.c_str(),
                shown.empty() ? " nothing" : shown.c_str());
  }
  if (explanation.steps.empty())
    std::printf("  (answered directly: no program was more certain)\n");
}

/// The boxes of all steps, each step in its own colour; what several steps hold keeps the last.
void draw_steps(const Explanation& explanation, const std::string& picture,
                const std::string& output) {
  std::vector<LabelledBox> boxes;
  for (std::size_t i = 0; i < explanation.steps.size(); ++i)
    for (const Object& object : explanation.steps[i].objects) {
      const auto same = std::find_if(boxes.begin(), boxes.end(), [&](const LabelledBox& other) {
        return other.box.left == object.box.left && other.box.top == object.box.top &&
               other.box.right == object.box.right && other.box.bottom == object.box.bottom;
      });
      const std::string step = std::to_string(i + 1);
      if (same == boxes.end()) {
        boxes.push_back({object.box, step, static_cast<int>(i)});
      } else {
        same->label += "," + step;
        same->color = static_cast<int>(i);
      }
    }
  draw_boxes(picture, boxes, output);
}

void print_answer(const Options& options, const std::string& picture, const std::string& question,
                  const Answer& answer, bool several, const nlohmann::ordered_json& heatmap = {},
                  const Explanation* explanation = nullptr) {
  if (options.json) {
    nlohmann::ordered_json row = {{"image", printable(picture)},
                                  {"question", printable(question)},
                                  {"answer", printable(answer.text)},
                                  {"confidence", answer.confidence},
                                  {"abstained", answer.abstained},
                                  {"method", method_name(answer.method)},
                                  {"top_k", nlohmann::ordered_json::array()},
                                  {"timing_ms",
                                   {{"decode", answer.timing.decode},
                                    {"vision", answer.timing.vision},
                                    {"text", answer.timing.text},
                                    {"fusion", answer.timing.fusion}}}};
    for (const ScoredAnswer& candidate : answer.top_k)
      row["top_k"].push_back(
          {{"answer", printable(candidate.answer)}, {"probability", candidate.probability}});
    if (!heatmap.is_null()) row["heatmap"] = heatmap;
    if (explanation != nullptr) {
      row["program"] = explanation->program;
      row["steps"] = nlohmann::ordered_json::array();
      for (const TraceStep& step : explanation->steps) row["steps"].push_back(step_json(step));
    }
    std::printf("%s\n", row.dump().c_str());
  } else if (explanation != nullptr) {
    if (several) std::printf("%s  %s\n", picture.c_str(), question.c_str());
    print_steps(*explanation);
    std::printf("  answer %s   confidence %.2f\n", answer.text.c_str(), answer.confidence);
  } else {
    if (several) std::printf("%s  %s\n  ", picture.c_str(), question.c_str());
    std::printf("%-36s confidence %.2f\n", answer.text.c_str(), answer.confidence);
    if (options.answer.top_k > 1)
      for (const ScoredAnswer& candidate : answer.top_k)
        std::printf("    %-32s probability %.2f\n", candidate.answer.c_str(),
                    candidate.probability);
  }
  std::fflush(stdout);
}

/// Questions from standard input, a line each, until it ends.
void converse(const Engine& engine, const Options& options, const std::string& name,
              EarlyPicture& early) {
  const Picture picture = early.encode(engine);
  const bool terminal = ::isatty(STDIN_FILENO) != 0;
  if (terminal) std::fprintf(stderr, "Ask about %s; an empty line ends.\n", name.c_str());
  std::string question;
  while (true) {
    if (terminal) std::fprintf(stderr, "? ");
    if (!std::getline(std::cin, question)) break;
    if (question.find_first_not_of(" \t\r") == std::string::npos) {
      if (terminal) break;
      continue;
    }
    try {
      print_answer(options, name, question, engine.answer(picture, question, options.answer),
                   false);
    } catch (const Error& error) {
      // A question that cannot be taken does not end the conversation.
      if (error.code() != ErrorCode::kQuestionTooLong) throw;
      std::fprintf(stderr, "beholder: %s\n", error.what());
    }
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
  if (!options.choices.empty()) {
    options.answer.choices = split_choices(options.choices);
    if (options.answer.choices.size() < 2)
      throw Error(ErrorCode::kUsage, "--choices needs two or more, separated by commas");
  }
  if (!options.answers_file.empty()) {
    options.answer.choices = read_lines(options.answers_file);
    if (options.answer.choices.size() < 2)
      throw Error(ErrorCode::kUsage,
                  options.answers_file + ": needs two or more answers, one a line");
  }
  if (questions.empty() && pictures.size() > 1)
    throw Error(ErrorCode::kUsage,
                "no question: put one after the pictures, or name a single picture to be asked "
                "about interactively");
  if (questions.empty() && pictures.front() == "-")
    throw Error(ErrorCode::kUsage, "no question: with a picture on standard input, give one");
  if (!options.heatmap.empty() &&
      (pictures.size() > 1 || questions.size() != 1 || pictures.front() == "-"))
    throw Error(ErrorCode::kUsage, "--heatmap draws one question about one picture file");
  if (!options.draw.empty() && !options.explain)
    throw Error(ErrorCode::kUsage, "--draw draws the steps of --explain; give both");
  if (!options.draw.empty() &&
      (pictures.size() > 1 || questions.size() != 1 || pictures.front() == "-"))
    throw Error(ErrorCode::kUsage, "--draw draws one question about one picture file");
  if (options.explain && !options.heatmap.empty())
    throw Error(ErrorCode::kUsage, "--heatmap and --explain show different ways; give one");
  const std::filesystem::path model = find_model(options.model.model);
  for (const std::string& output : {options.heatmap, options.draw}) {
    if (output.empty()) continue;
    check_drawing(output, pictures.front(), model, options.force);
    if (same_file(output, options.answers_file))
      throw Error(ErrorCode::kUsage, output + ": is the list of answers; choose another output");
  }
  options.answer.method = method_of(options.method);
  EarlyPicture first(pictures.front(), options.model.engine);
  const Engine engine = Engine::load(model, options.model.engine);
  options.search.apply_to(options.answer, engine);
  if (questions.empty()) return converse(engine, options, pictures.front(), first);
  const bool several = pictures.size() > 1 || questions.size() > 1;
  int failed = 0;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const std::string& name = pictures[i];
    try {
      const Picture picture = i == 0 ? first.encode(engine) : read_picture(engine, name);
      for (const std::string& question : questions) {
        if (options.explain) {
          const Explanation explanation = engine.explain(picture, question, options.answer);
          if (!options.draw.empty()) draw_steps(explanation, name, options.draw);
          print_answer(options, name, question, explanation.answer, several, {}, &explanation);
          continue;
        }
        const Answer answer = engine.answer(picture, question, options.answer);
        nlohmann::ordered_json heatmap;
        if (!options.heatmap.empty())
          heatmap = heat(engine, options, picture, name, question, answer);
        print_answer(options, name, question, answer, several, heatmap);
      }
    } catch (const Error& error) {
      // What is wrong with a question or an option is wrong for every picture.
      const bool asked_wrongly =
          error.code() == ErrorCode::kUsage || error.code() == ErrorCode::kQuestionTooLong;
      if (pictures.size() == 1 || asked_wrongly) throw;
      ++failed;
      std::fprintf(stderr, "beholder: %s\n", error.what());
    }
  }
  if (failed > 0) {
    std::fprintf(stderr, "beholder: %d of %zu pictures failed\n", failed, pictures.size());
    throw RowsFailed{};
  }
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
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  add_search_options(verb, options->search, "5");
  verb->add_option("--min-confidence", options->min_confidence,
                   "say \"I don't know\" below this; 0: never (default: the model's threshold)")
      ->check(CLI::Range(0.0, 1.0));
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
