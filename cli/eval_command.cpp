// `beholder eval`: measures a model on a dataset file.
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <vector>

#include "commands.hpp"
#include "core/check.hpp"
#include "core/file.hpp"
#include "core/output_check.hpp"
#include "data/json_lines.hpp"
#include "data/readers.hpp"
#include "engine_options.hpp"
#include "eval/calibrate_grounds.hpp"
#include "eval/evaluate.hpp"
#include "eval/evaluate_objects.hpp"
#include "eval/evaluate_relations.hpp"
#include "interrupt.hpp"
#include "json/text.hpp"
#include "output.hpp"
#include "picture_input.hpp"
#include "prediction_files.hpp"
#include "search_options.hpp"
#include "terminal_text.hpp"

namespace beholder::cli {
namespace {

struct Options {
  ModelOptions model;
  eval::EvalOptions eval;
  SearchOptions search;
  std::string predictions, format = "jsonl", compare, method = "auto", by;
  double min_confidence = -1;
  bool json = false, no_baselines = false, relations = false, force = false;
};

Json optional(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json interval(const eval::Interval& value) { return {value.low, value.high}; }

Json figures(const eval::EvalResult& result) {
  Json out = {{"n", result.predictions.size()}};
  if (result.captions) {
    for (int i = 0; i < 4; ++i) out["bleu_" + std::to_string(i + 1)] = result.caption.bleu[i];
    out["cider"] = result.caption.cider;
    out["cider_95"] = interval(result.caption.cider_interval);
    const eval::CaptionFigures& c = result.caption;
    out["coverage"] = c.given;
    out["words"] = {{"n", c.words},
                    {"supported", c.support ? Json(c.supported) : Json()},
                    {"supported_given", optional(c.supported_given)},
                    {"ece", optional(c.ece_words)},
                    {"ece_chance", optional(c.ece_words_chance)}};
    out["ece"] = c.support ? Json(c.ece) : Json();
  } else if (result.questions.scored) {
    const eval::QuestionFigures& q = result.questions;
    out["accuracy"] = q.accuracy;
    out["accuracy_95"] = interval(q.accuracy_interval);
    out["wups_0.9"] = q.wups ? Json(q.wups_09) : Json();
    out["wups_0.0"] = q.wups ? Json(q.wups_00) : Json();
    out["ece"] = q.ece;
    out["ece_chance"] = q.ece_chance;
    out["risk_at_50"] = q.risk_at_50;
    out["coverage"] = q.coverage;
    out["accuracy_answered"] = optional(q.accuracy_answered);
    out["baselines"] = {{"question_only", optional(q.question_only)},
                        {"blank_picture", optional(q.blank_picture)},
                        {"shuffled_pictures", optional(q.shuffled_pictures)}};
    if (q.over_question_only)
      out["over_question_only"] = {
          {"points", 100 * q.over_question_only->mean},
          {"points_95", {100 * q.over_question_only->low, 100 * q.over_question_only->high}}};
    if (q.traces.rows > 0)
      out["traces"] = {{"n", q.traces.rows},
                       {"by_program", q.traces.by_program},
                       {"same_program", q.traces.same},
                       {"faithful", q.traces.faithful}};
    if (!q.by_type.empty()) {
      double right = 0;
      std::size_t asked = 0;
      for (const auto& [type, value] : q.by_type) {
        out["by_type"][type] = {{"accuracy", value.first}, {"n", value.second}};
        if (type.rfind("yes/no", 0) != 0) continue;
        right += value.first * static_cast<double>(value.second);
        asked += value.second;
      }
      if (asked > 0)
        out["yes_no"] = {{"accuracy", right / static_cast<double>(asked)}, {"n", asked}};
    }
  }
  out["unreadable"] = result.unreadable.size();
  return out;
}

/// How many predictions differ from those in an earlier run's file, row by row.
/// @throws Error kDataFormat when its rows are not the same
Json changed_since(const std::string& file, const std::vector<Json>& before,
                   const eval::EvalResult& result) {
  const std::size_t rows = result.predictions.size();
  std::size_t changed = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const eval::Prediction& row = result.predictions[i];
    const Json old = i < before.size() ? before[i] : Json::object();
    check(old.value("image", Json()) == printable(row.image.string()) &&
              (result.captions || old.value("question", Json()) == row.question) &&
              old.contains("prediction"),
          ErrorCode::kDataFormat, file, ", line ", i + 1, ": expected the prediction for ",
          Json(printable(row.image.string())).dump(),
          " of this data file; give what --predictions wrote for the same rows");
    changed += old["prediction"] != row.prediction;
  }
  check(before.size() <= rows, ErrorCode::kDataFormat, file, ": has more rows than the ", rows,
        " that were measured");
  return {{"n", changed},
          {"share",
           rows == 0 ? Json() : Json(static_cast<double>(changed) / static_cast<double>(rows))}};
}

std::vector<Json> read_predictions(const std::string& file) {
  std::vector<Json> rows;
  if (file.empty()) return rows;
  data::for_each_json_row(file, [&](const nlohmann::json& row, const data::RowPlace&) {
    rows.push_back(row);
    return true;
  });
  return rows;
}

Json detected(const eval::Detected& value) {
  return {{"f1", value.f1()},
          {"precision", value.precision()},
          {"recall", value.recall()},
          {"found", value.found},
          {"there", value.there}};
}

Json figures(const eval::ObjectFigures& result) {
  Json out = {{"n", result.pictures}};
  if (result.has_boxes) out["boxes_iou_0.5"] = detected(result.boxes);
  if (result.has_centers) {
    out["attributes_and_center"] = detected(result.attributes);
    out["wrong"] = result.wrong;
  }
  if (result.relations > 0)
    out["relations"] = {{"accuracy", static_cast<double>(result.relations_right) /
                                         static_cast<double>(result.relations)},
                        {"n", result.relations}};
  out["unreadable"] = result.unreadable.size();
  return out;
}

Json figures(const eval::RelationFigures& result) {
  const auto share = [](std::size_t part, std::size_t all) {
    return all == 0 ? Json() : Json(static_cast<double>(part) / static_cast<double>(all));
  };
  return {{"n", result.pictures},
          {"relations_said",
           {{"precision", share(result.right, result.said)},
            {"recall", share(result.found, result.there)},
            {"said", result.said},
            {"there", result.there}}},
          {"unreadable", result.unreadable.size()}};
}

Json figures(const eval::GroundFigures& result) {
  const auto row = [](const eval::GroundFigures::Row& one) {
    const double all = static_cast<double>(std::max<std::size_t>(1, one.pictures));
    return Json{{"n", one.pictures},
                {"taken_for_scenes", static_cast<double>(one.scenes) / all},
                {"taken_for_neither", static_cast<double>(one.neither) / all}};
  };
  Json out = Json::object();
  for (std::size_t i = 0; i < result.by_ground.size(); ++i)
    if (result.by_ground[i].pictures > 0) out[data::kGroundNames[i]] = row(result.by_ground[i]);
  for (const auto& [kind, one] : result.by_kind) out["by_type"][kind] = row(one);
  out["unreadable"] = result.unreadable.size();
  return out;
}

/// The figures, and what was wrong with pictures that were left out.
void show(const Json& out, const std::vector<std::string>& unreadable, const Options& options) {
  for (const std::string& reason : unreadable) complain(reason);
  if (options.json) {
    print_json(out);
  } else {
    for (const auto& [key, value] : out.items()) {
      if (key == "by_type" && options.by == "type") {
        for (const auto& [type, figures] : value.items())
          if (figures.contains("accuracy"))
            std::printf("  %-18s %.3f of %d\n", shown(type).c_str(),
                        figures["accuracy"].get<double>(), figures["n"].get<int>());
          else
            std::printf("  %-18s %s\n", shown(type).c_str(), figures.dump().c_str());
        continue;
      }
      std::printf("%-20s %s\n", key.c_str(), value.dump().c_str());
    }
  }
  if (!unreadable.empty()) throw RowsFailed{};
}

/// @throws Error kUsage for options that do not apply to the kind of rows
void check_options(const Options& options, data::JsonlKind kind) {
  check(options.format == "jsonl" || !options.predictions.empty(), ErrorCode::kUsage, "--format ",
        options.format, " is the form of --predictions; name its file");
  check((options.predictions.empty() && options.compare.empty()) ||
            (kind != data::JsonlKind::kObjects && kind != data::JsonlKind::kGrounds &&
             !options.relations),
        ErrorCode::kUsage,
        "--predictions and --compare are of answers and captions; `beholder objects --json` and "
        "`beholder relations --json` give those of pictures");
  check(!options.relations || kind == data::JsonlKind::kCaptions, ErrorCode::kUsage,
        "--relations takes rows with captions");
  check((options.eval.files.images.empty() && options.eval.files.annotations.empty()) ||
            (kind != data::JsonlKind::kObjects && !options.relations),
        ErrorCode::kUsage, "--images and --annotations are of answers and captions");
}

void evaluate(const Options& options) {
  catch_interrupts();
  const std::filesystem::path model = find_model(options.model.model);
  if (!options.predictions.empty())
    check_output_file(options.predictions,
                      {options.eval.data, options.eval.question_only, options.compare, model},
                      options.force);
  const data::JsonlKind kind = data::detect_jsonl_kind(options.eval.data, options.eval.files);
  check_options(options, kind);
  check_ids(options.format, options.eval, kind == data::JsonlKind::kCaptions);
  const auto go_on = [](std::size_t, std::size_t) { return !interrupted(); };
  if (kind == data::JsonlKind::kGrounds) {
    eval::GroundFigures result = eval::evaluate_grounds(
        model, options.model.engine, options.eval.data, options.eval.limit, go_on);
    if (options.by.empty()) result.by_kind.clear();
    return show(figures(result), result.unreadable, options);
  }
  const Engine engine = Engine::load(model, options.model.engine);
  if (options.relations) {
    const eval::RelationFigures result = eval::evaluate_relations(
        engine, options.eval.data, options.min_confidence, options.eval.limit, go_on);
    return show(figures(result), result.unreadable, options);
  }
  if (kind == data::JsonlKind::kObjects) {
    const eval::ObjectFigures result = eval::evaluate_objects(
        engine, options.eval.data, options.min_confidence, options.eval.limit, go_on);
    return show(figures(result), result.unreadable, options);
  }
  // Read first: --predictions may overwrite this very file.
  const std::vector<Json> earlier = read_predictions(options.compare);
  eval::EvalOptions eval = options.eval;
  eval.baselines = !options.no_baselines;
  // Rows without answers are accepted when predictions are wanted.
  eval.answers_required = options.predictions.empty();
  eval.answer.method = method_of(options.method);
  options.search.apply_to(eval.answer, engine);
  options.search.apply_to(eval.describe, engine);
  const bool terminal = ::isatty(STDERR_FILENO) != 0;
  const eval::EvalResult result =
      eval::evaluate(engine, eval, [&](std::size_t done, std::size_t all) {
        if (terminal && (done % 20 == 0 || done == all))
          std::fprintf(stderr, "\r%zu of %zu ", done, all);
        return !interrupted();
      });
  if (terminal) std::fprintf(stderr, "\n");
  if (!options.predictions.empty())
    write_file_atomic(options.predictions, predictions_text(options.format, result));
  Json out = figures(result);
  if (!options.compare.empty()) out["changed"] = changed_since(options.compare, earlier, result);
  show(out, result.unreadable, options);
}

}  // namespace

void add_eval_command(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("eval", "Measure a model on a dataset file");
  verb->add_option(
          "--data", options->eval.data,
          R"(rows {"image","question","answer"}, {"image","captions"}, {"image","objects"} or {"image","ground"}, a line each )"
          "or in one JSON list; VQA's questions; COCO's captions")
      ->required();
  add_model_options(verb, options->model);
  verb->add_option("--question-only-model", options->eval.question_only,
                   "the same network trained without pictures, for the baseline");
  verb->add_flag("--no-baselines", options->no_baselines,
                 "leave out the blank and the shuffled pictures");
  verb->add_flag(
      "--consensus,!--no-consensus", options->eval.describe.consensus,
      "captions: take the hypothesis most like all the others (default) or the likeliest");
  add_search_options(verb, options->search, "10, of answers 5");
  add_length_penalty(verb, options->search);
  add_method_option(verb, options->method);
  verb->add_option("--by", options->by, "type: a line for each type of question")
      ->check(CLI::IsMember({"type"}));
  verb->add_flag("--relations", options->relations,
                 "captions: measure the relations said to hold, not the descriptions");
  verb->add_option(
          "--min-confidence", options->min_confidence,
          "objects and relations: leave out less certain ones (default: the model's threshold)")
      ->check(number(0, 1));
  verb->add_option("--limit", options->eval.limit, "rows at most; 0: all")
      ->check(whole_number<std::int64_t>(0));
  verb->add_option("--predictions", options->predictions, "JSON Lines file to write, a row each");
  verb->add_option("--format", options->format,
                   "of --predictions: jsonl; vqa, [{question_id, answer}], or coco, [{image_id, "
                   "caption}], as evaluation servers take them")
      ->check(CLI::IsMember({"jsonl", "vqa", "coco"}))
      ->capture_default_str();
  verb->add_option("--annotations", options->eval.files.annotations,
                   "of a VQA questions file: the file with people's answers");
  verb->add_option("--images", options->eval.files.images,
                   "of a VQA or COCO file: the folder with its pictures (default: beside it)");
  verb->add_flag("--force", options->force, "replace output files that are there already");
  verb->add_option("--compare", options->compare,
                   "file of an earlier --predictions: how many predictions have changed since")
      ->check(CLI::ExistingFile);
  verb->add_flag("--json", options->json, "one JSON object of figures");
  verb->callback([options] { evaluate(*options); });
}

}  // namespace beholder::cli
