#include "data/readers.hpp"

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

fs::path resolve_image(const json& object, const RowPlace& place, const char* form) {
  const fs::path image(required_string(object, "image", place, form));
  return image.is_absolute() ? image : (place.file.parent_path() / image).lexically_normal();
}

std::string optional_type(const json& object, const RowPlace& place) {
  const auto found = object.find("type");
  if (found == object.end() || found->is_null()) return {};
  check(found->is_string(), ErrorCode::kDataFormat, place.str(), ": \"type\" is a ",
        found->type_name(), ", expected a string");
  return found->get<std::string>();
}

std::vector<std::pair<std::string, int>> counted_answers(const json& object, const RowPlace& place,
                                                         const char* form) {
  const auto found = object.find("answers");
  check(found != object.end(), ErrorCode::kDataFormat, place.str(),
        ": the key \"answers\" is missing; expected ", form);
  check(found->is_object() && !found->empty(), ErrorCode::kDataFormat, place.str(),
        ": \"answers\" is not a JSON object with at least one answer and its count; expected ",
        form);
  std::vector<std::pair<std::string, int>> answers;
  answers.reserve(found->size());
  for (const auto& [answer, count] : found->items()) {
    check(!answer.empty(), ErrorCode::kDataFormat, place.str(),
          ": \"answers\" has an empty answer; expected ", form);
    check(count.is_number_integer() && count >= 1 && count <= std::numeric_limits<int>::max(),
          ErrorCode::kDataFormat, place.str(), ": the count of the answer \"", answer, "\" is ",
          count.dump(), ", expected an integer of 1 or more");
    answers.emplace_back(answer, count.get<int>());
  }
  return answers;
}

}  // namespace

JsonlKind detect_jsonl_kind(const fs::path& path) {
  std::optional<JsonlKind> kind;
  for_each_json_line(path, [&](const json& object, const RowPlace& place) {
    if (object.contains("question")) {
      kind = JsonlKind::kQuestionAnswer;
    } else if (object.contains("captions")) {
      kind = JsonlKind::kCaptions;
    } else if (object.contains("objects")) {
      kind = JsonlKind::kObjects;
    } else if (object.contains("ground")) {
      kind = JsonlKind::kGrounds;
    } else {
      fail(ErrorCode::kDataFormat, place.str(),
           ": neither questions nor captions nor objects; expected ", kQaForm, " or ",
           kCaptionForm);
    }
    return false;
  });
  return *kind;
}

std::vector<QaRow> read_qa_jsonl(const fs::path& path) {
  std::vector<QaRow> rows;
  for_each_json_line(path, [&](const json& object, const RowPlace& place) {
    QaRow row;
    row.image = resolve_image(object, place, kQaForm);
    row.question = required_string(object, "question", place, kQaForm);
    if (object.contains("answers") && !object.contains("answer")) {
      row.answers = counted_answers(object, place, kQaForm);
    } else {
      row.answers.emplace_back(required_string(object, "answer", place, kQaForm), 1);
    }
    row.type = optional_type(object, place);
    if (object.contains("program")) row.program = object.at("program").dump();
    rows.push_back(std::move(row));
    return true;
  });
  return rows;
}

std::vector<CaptionRow> read_caption_jsonl(const fs::path& path) {
  std::vector<CaptionRow> rows;
  for_each_json_line(path, [&](const json& object, const RowPlace& place) {
    CaptionRow row;
    row.image = resolve_image(object, place, kCaptionForm);
    const auto captions = object.find("captions");
    check(captions != object.end(), ErrorCode::kDataFormat, place.str(),
          ": the key \"captions\" is missing; expected ", kCaptionForm);
    check(captions->is_array() && !captions->empty(), ErrorCode::kDataFormat, place.str(),
          ": \"captions\" is not a JSON array with at least one string; expected ", kCaptionForm);
    for (const json& caption : *captions) {
      check(caption.is_string(), ErrorCode::kDataFormat, place.str(), ": a caption is a ",
            caption.type_name(), ", expected a string as in ", kCaptionForm);
      row.captions.push_back(caption.get<std::string>());
      check(row.captions.back().find_first_not_of(" \t\r\n") != std::string::npos,
            ErrorCode::kDataFormat, place.str(), ": a caption is empty; leave it out of the list");
    }
    rows.push_back(std::move(row));
    return true;
  });
  return rows;
}

std::vector<QaRow> read_vqa_text(const fs::path& path) {
  std::vector<QaRow> rows;
  for_each_json_line(path, [&](const json& object, const RowPlace& place) {
    const auto id = object.find("question_id");
    check(id != object.end() && id->is_number_integer(), ErrorCode::kDataFormat, place.str(),
          ": \"question_id\" must be an integer; expected ", kVqaTextForm);
    QaRow row;
    row.question = required_string(object, "question", place, kVqaTextForm);
    row.type = required_string(object, "type", place, kVqaTextForm);
    row.answers = counted_answers(object, place, kVqaTextForm);
    rows.push_back(std::move(row));
    return true;
  });
  return rows;
}

std::string label_to_answer(const std::string& label) {
  return label == "true" ? "yes" : label == "false" ? "no" : label;
}

}  // namespace beholder::data
