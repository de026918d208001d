#include "prediction_files.hpp"

#include <map>

#include "batch/output.hpp"
#include "core/check.hpp"
#include "data/json_lines.hpp"
#include "json/text.hpp"

namespace beholder::cli {
namespace {

Json keys_of(const eval::Prediction& row) {
  return row.keys.empty() ? Json::object() : Json::parse(row.keys);
}

}  // namespace

std::string predictions_jsonl(const eval::EvalResult& result) {
  std::string out;
  for (const eval::Prediction& row : result.predictions) {
    Json json = {{"image", row.image.string()}};
    json.update(keys_of(row));
    if (result.captions) {
      json["captions"] = row.expected;
    } else {
      json["question"] = row.question;
      if (result.questions.scored)
        json["answer"] = row.expected.size() == 1 ? Json(row.expected.front()) : Json(row.expected);
    }
    json["prediction"] = row.prediction;
    if (!result.captions) json["confidence"] = row.confidence;
    out += dumped(json) + "\n";
  }
  return out;
}

void check_ids(const std::string& format, const eval::EvalOptions& options, bool captions) {
  if (format == "jsonl") return;
  check(captions == (format == "coco"), ErrorCode::kUsage, "--format ", format, " is of ",
        captions ? "answers, and the rows have captions" : "captions, and the rows have questions");
  std::map<Json, std::string> owners;
  std::int64_t rows = 0;
  data::for_each_json_row(
      options.data,
      [&](const nlohmann::json& row, const data::RowPlace& place) {
        Json id;
        if (format == "vqa") {
          check(row.contains("question_id") && (row.at("question_id").is_number_integer() ||
                                                row.at("question_id").is_string()),
                ErrorCode::kDataFormat, place.str(),
                ": no \"question_id\" (a whole number or a text), which --format vqa writes with "
                "each answer");
          id = row.at("question_id");
        } else {
          id = batch::coco_id(row.value("image", ""), Json(row));
          check(
              id.is_number_integer(), ErrorCode::kDataFormat, place.str(),
              ": no \"image_id\" that is a whole number, nor one at the end of the picture's name, "
              "which --format coco writes with each caption");
        }
        const auto [owner, added] = owners.try_emplace(id, place.str());
        check(added, ErrorCode::kDataFormat, place.str(), ": has the id ", id.dump(), " of ",
              owner->second, "; give each row its own");
        ++rows;
        return options.limit == 0 || rows < options.limit;
      },
      options.files);
}

std::string predictions_text(const std::string& format, const eval::EvalResult& result) {
  if (format == "jsonl") return predictions_jsonl(result);
  std::string out = "[";
  for (const eval::Prediction& row : result.predictions) {
    const Json keys = keys_of(row);
    const Json entry =
        format == "vqa"
            ? Json({{"question_id", keys.at("question_id")}, {"answer", row.prediction}})
            : Json({{"image_id", batch::coco_id(row.image.string(), keys)},
                    {"caption", row.prediction}});
    out += (out.size() == 1 ? "\n" : ",\n") + dumped(entry);
  }
  return out + "\n]\n";
}

}  // namespace beholder::cli
