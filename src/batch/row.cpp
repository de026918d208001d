#include "batch/row.hpp"

#include "core/check.hpp"

namespace beholder::batch {

std::string Row::text() const {
  for (const char* field : {"caption", "answer"})
    if (result.is_object() && result.contains(field)) return result.at(field).get<std::string>();
  return "";
}

std::string Row::text_or_json() const {
  if (failed()) return "";
  return text().empty() ? dumped(result) : text();
}

std::string Row::confidence() const {
  for (const char* field : {"confidence", "probability"})
    if (result.is_object() && result.contains(field)) return result.at(field).dump();
  return "";
}

bool is_row(const Json& json) { return json.contains("index"); }

Json to_json(const Row& row) {
  Json out = {{"index", row.index}};
  put_name(out, row.name);
  out["content"] = row.content;
  out["options"] = row.options;
  if (!row.question.empty()) out["question"] = printable(row.question);
  if (!row.keys.is_null()) out["keys"] = row.keys;
  if (row.failed())
    out["error"] = {{"code", row.error_code}, {"message", printable(row.error_message)}};
  else
    out["result"] = row.result;
  return out;
}

Row row_from_json(const Json& json) {
  Row out;
  try {
    out.index = json.at("index").get<std::uint64_t>();
    out.name = get_name(json);
    out.content = json.at("content").get<std::string>();
    out.options = json.at("options").get<std::string>();
    out.question = json.value("question", "");
    if (json.contains("keys")) out.keys = json.at("keys");
    if (json.contains("error")) {
      out.error_code = json.at("error").at("code").get<std::string>();
      out.error_message = json.at("error").at("message").get<std::string>();
    } else {
      out.result = json.at("result");
    }
  } catch (const std::exception& error) {
    fail(ErrorCode::kDataFormat, "a journal's row lacks something (", error.what(),
         "); it was written by another version");
  }
  return out;
}

}  // namespace beholder::batch
