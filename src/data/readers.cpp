#include "data/readers.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "core/check.hpp"
#include "data/json_lines.hpp"

namespace beholder::data {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr const char* kQaForm = R"({"image": "a.jpg", "question": "…?", "answer": "…"})";
constexpr const char* kCaptionForm = R"({"image": "a.jpg", "captions": ["…", …]})";
constexpr const char* kVqaTextForm =
    R"({"question_id": 1, "question": "…?", "type": "…", "answers": {"…": 10}})";

std::string optional_type(const json& object, const RowPlace& place) {
  const auto found = object.find("type");
  if (found == object.end() || found->is_null()) return {};
  check(found->is_string(), ErrorCode::kDataFormat, place.str(), ": \"type\" is a ",
        found->type_name(), ", expected a string");
  return found->get<std::string>();
}

using Answers = std::vector<std::pair<std::string, int>>;

void add_answer(Answers& answers, const std::string& answer, int count) {
  for (auto& [text, people] : answers)
    if (text == answer) {
      people += count;
      return;
    }
  answers.emplace_back(answer, count);
}

/// A text, a number, a truth value, or one of VQA's entries, as text.
std::string answer_text(const json& value, const char* key, const RowPlace& place,
                        const char* form) {
  if (value.is_object() && value.contains("answer"))
    return answer_text(value.at("answer"), key, place, form);
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_number_integer()) return value.dump();
  if (value.is_number_float() && std::isfinite(value.get<double>())) {
    const std::string text = value.dump();
    const std::size_t whole = text.size() - std::min<std::size_t>(text.size(), 2);
    return text.compare(whole, 2, ".0") == 0 ? text.substr(0, whole) : text;
  }
  check(value.is_string(), ErrorCode::kDataFormat, place.str(), ": \"", key, "\" has a ",
        value.type_name(), " in it, expected a text, a number, true or false as in ", form);
  const auto text = value.get<std::string>();
  check(text.find_first_not_of(" \t\r\n\v\f") != std::string::npos, ErrorCode::kDataFormat,
        place.str(), ": \"", key, "\" is empty or has an empty answer; expected ", form);
  return text;
}

/// The answers under `key`: one, a list of what people said, or their counts by text.
Answers answers_under(const char* key, const json& object, const RowPlace& place,
                      const char* form) {
  const json& found = object.at(key);
  Answers answers;
  if (!found.is_array() && (!found.is_object() || found.contains("answer"))) {
    add_answer(answers, answer_text(found, key, place, form), 1);
    return answers;
  }
  check(!found.empty(), ErrorCode::kDataFormat, place.str(), ": \"", key,
        "\" does not hold at least one answer; expected ", form);
  if (found.is_array()) {
    for (const json& one : found) add_answer(answers, answer_text(one, key, place, form), 1);
    return answers;
  }
  for (const auto& [answer, count] : found.items()) {
    check(!answer.empty(), ErrorCode::kDataFormat, place.str(), ": \"", key,
          "\" has an empty answer; expected ", form);
    check(count.is_number_integer() && count >= 1 && count <= std::numeric_limits<int>::max(),
          ErrorCode::kDataFormat, place.str(), ": the count of the answer \"", answer, "\" is ",
          count.dump(), ", expected an integer of 1 or more");
    answers.emplace_back(answer, count.get<int>());
  }
  std::stable_sort(answers.begin(), answers.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return answers;
}

/// The keys of a row that the reader did not take, as JSON; empty if there are none.
std::string other_keys(const json& object, std::initializer_list<const char*> taken) {
  json kept = object;
  for (const char* key : taken) kept.erase(key);
  return kept.empty() ? "" : kept.dump();
}

}  // namespace

JsonlKind detect_jsonl_kind(const fs::path& path, const PublicFiles& files) {
  std::optional<JsonlKind> kind;
  for_each_json_row(
      path,
      [&](const json& object, const RowPlace& place) {
        for (const auto& [key, named] : {std::pair{"question", JsonlKind::kQuestionAnswer},
                                         {"captions", JsonlKind::kCaptions},
                                         {"objects", JsonlKind::kObjects},
                                         {"ground", JsonlKind::kGrounds}})
          if (!kind && object.contains(key)) kind = named;
        check(kind.has_value(), ErrorCode::kDataFormat, place.str(),
              ": neither questions nor captions nor objects; expected ", kQaForm, " or ",
              kCaptionForm);
        return false;
      },
      files);
  return *kind;
}

std::vector<QaRow> read_qa_jsonl(const fs::path& path, const QaOptions& options) {
  std::vector<QaRow> rows;
  for_each_json_row(
      path,
      [&](const json& object, const RowPlace& place) {
        QaRow row;
        row.image = picture_of_row(object, "image", place, kQaForm);
        row.question = required_string(object, "question", place, kQaForm);
        // What ten people said is more than the one answer that was made of it.
        const char* key = object.contains("answers") ? "answers" : "answer";
        check(object.contains(key) || !options.answers_required, ErrorCode::kDataFormat,
              place.str(), ": the key \"answer\" is missing; expected ", kQaForm);
        if (object.contains(key)) row.answers = answers_under(key, object, place, kQaForm);
        row.type = optional_type(object, place);
        if (object.contains("program")) row.program = object.at("program").dump();
        row.keys = other_keys(object, {"image", "question", "answer", "answers", "program"});
        rows.push_back(std::move(row));
        return true;
      },
      options.files);
  return rows;
}

std::vector<CaptionRow> read_caption_jsonl(const fs::path& path, const PublicFiles& files) {
  std::vector<CaptionRow> rows;
  for_each_json_row(
      path,
      [&](const json& object, const RowPlace& place) {
        CaptionRow row;
        row.image = picture_of_row(object, "image", place, kCaptionForm);
        const auto captions = object.find("captions");
        check(captions != object.end(), ErrorCode::kDataFormat, place.str(),
              ": the key \"captions\" is missing; expected ", kCaptionForm);
        check(captions->is_array() && !captions->empty(), ErrorCode::kDataFormat, place.str(),
              ": \"captions\" is not a JSON array with at least one string; expected ",
              kCaptionForm);
        for (const json& caption : *captions) {
          check(caption.is_string(), ErrorCode::kDataFormat, place.str(), ": a caption is a ",
                caption.type_name(), ", expected a string as in ", kCaptionForm);
          row.captions.push_back(caption.get<std::string>());
          check(row.captions.back().find_first_not_of(" \t\r\n") != std::string::npos,
                ErrorCode::kDataFormat, place.str(),
                ": a caption is empty; leave it out of the list");
        }
        row.keys = other_keys(object, {"image", "captions"});
        rows.push_back(std::move(row));
        return true;
      },
      files);
  return rows;
}

std::vector<QaRow> read_vqa_text(const fs::path& path) {
  std::vector<QaRow> rows;
  for_each_json_row(path, [&](const json& object, const RowPlace& place) {
    const auto id = object.find("question_id");
    check(id != object.end() && id->is_number_integer(), ErrorCode::kDataFormat, place.str(),
          ": \"question_id\" must be an integer; expected ", kVqaTextForm);
    QaRow row;
    row.question = required_string(object, "question", place, kVqaTextForm);
    row.type = required_string(object, "type", place, kVqaTextForm);
    check(object.contains("answers"), ErrorCode::kDataFormat, place.str(),
          ": the key \"answers\" is missing; expected ", kVqaTextForm);
    row.answers = answers_under("answers", object, place, kVqaTextForm);
    row.keys = json{{"question_id", *id}}.dump();
    rows.push_back(std::move(row));
    return true;
  });
  return rows;
}

std::string label_to_answer(const std::string& label) {
  return label == "true" ? "yes" : label == "false" ? "no" : label;
}

}  // namespace beholder::data
