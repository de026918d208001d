#include "data/public_files.hpp"

#include <cstdio>
#include <map>
#include <utility>

#include "core/check.hpp"
#include "core/file.hpp"

namespace beholder::data {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

const json* list_of(const json& document, const char* key) {
  const auto found = document.find(key);
  return found != document.end() && found->is_array() ? &*found : nullptr;
}

const json& entry_of(const json& entry, const char* key, const fs::path& path, const char* list,
                     std::size_t place) {
  check(entry.is_object() && entry.contains(key), ErrorCode::kDataFormat, path.string(), ": ", list,
        "[", place, "] has no \"", key, "\"");
  return entry.at(key);
}

/// An id as the key of a map: 42 and "42" are two.
std::string key_of(const json& id) { return id.dump(); }

/// Finds pictures that are named by a number alone.
class PictureNames {
 public:
  PictureNames(const fs::path& path, const PublicFiles& files, std::string subset)
      : subset_(std::move(subset)) {
    const fs::path beside = path.parent_path();
    if (!files.images.empty())
      folders_ = {files.images};
    else
      folders_ = {beside, beside / "images", subset_.empty() ? beside : beside / subset_};
  }

  /// The first that exists; if none does, the usual name, so that the row says what is missing.
  std::string of(const json& id) {
    std::vector<std::string> names;
    if (id.is_number_integer()) {
      char digits[32];
      std::snprintf(digits, sizeof digits, "%012lld", id.get<long long>());
      if (!subset_.empty()) names.push_back("COCO_" + subset_ + "_" + digits + ".jpg");
      names.push_back(std::string(digits) + ".jpg");
      if (subset_.empty())
        for (const char* subset : {"val2014", "train2014", "test2015"})
          names.push_back(std::string("COCO_") + subset + "_" + digits + ".jpg");
    }
    const std::string plain = id.is_string() ? id.get<std::string>() : id.dump();
    for (const char* extension : {".jpg", ".png", ".jpeg", ""}) names.push_back(plain + extension);
    return find(names);
  }

  std::string find(const std::vector<std::string>& names) {
    // Most sets keep all in one folder: the one that had the last picture is tried first.
    std::error_code ignored;
    for (std::size_t i = 0; i < folders_.size(); ++i)
      for (const std::string& name : names)
        if (fs::exists(folders_[i] / name, ignored)) {
          std::swap(folders_[0], folders_[i]);
          return fs::absolute(folders_[0] / name).string();
        }
    return fs::absolute(folders_[0] / names.front()).string();
  }

 private:
  std::string subset_;
  std::vector<fs::path> folders_;
};

json parsed(const fs::path& path) {
  try {
    return json::parse(read_file_text(path));
  } catch (const json::exception& error) {
    fail(ErrorCode::kDataFormat, path.string(), ": not valid JSON (", error.what(), ")");
  }
}

/// People's answers and the type of each question, by its id.
std::map<std::string, json> answers_by_question(const fs::path& path) {
  const json document = parsed(path);
  const json* list = document.is_object() ? list_of(document, "annotations") : nullptr;
  check(list != nullptr, ErrorCode::kDataFormat, path.string(),
        R"(: no VQA annotations file, which is {"annotations": [{"question_id", "answers"}]})");
  std::map<std::string, json> out;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const json& entry = list->at(i);
    json& kept = out[key_of(entry_of(entry, "question_id", path, "annotations", i))];
    kept["answers"] = entry_of(entry, "answers", path, "annotations", i);
    if (entry.contains("question_type")) kept["type"] = entry.at("question_type");
  }
  return out;
}

std::vector<json> vqa_rows(const json& document, const fs::path& path, const PublicFiles& files) {
  const json* list = list_of(document, "questions");
  std::map<std::string, json> answers;
  if (!files.annotations.empty()) answers = answers_by_question(files.annotations);
  PictureNames pictures(path, files, document.value("data_subtype", ""));
  std::vector<json> rows;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto of = [&](const char* key) -> const json& {
      return entry_of(list->at(i), key, path, "questions", i);
    };
    json row = {{"question", of("question")},
                {"question_id", of("question_id")},
                {"image_id", of("image_id")},
                {"image", pictures.of(of("image_id"))}};
    if (!files.annotations.empty()) {
      const auto found = answers.find(key_of(row["question_id"]));
      check(found != answers.end(), ErrorCode::kDataFormat, files.annotations.string(),
            ": no annotation of question_id ", row["question_id"].dump(), ", which ", path.string(),
            " asks; give the annotations of the same part of the set");
      row.update(found->second);
    }
    rows.push_back(std::move(row));
  }
  check(!rows.empty(), ErrorCode::kDataFormat, path.string(), ": holds no question");
  return rows;
}

std::vector<json> caption_rows(const json& document, const fs::path& path,
                               const PublicFiles& files) {
  const json& images = *list_of(document, "images");
  const json& annotations = *list_of(document, "annotations");
  PictureNames pictures(path, files, "");
  std::vector<json> rows;
  std::map<std::string, std::size_t> by_id;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const json& id = entry_of(images[i], "id", path, "images", i);
    const json& name = entry_of(images[i], "file_name", path, "images", i);
    check(name.is_string(), ErrorCode::kDataFormat, path.string(), ": images[", i,
          "]: \"file_name\" is a ", name.type_name(), ", expected a string");
    by_id[key_of(id)] = rows.size();
    rows.push_back({{"image_id", id},
                    {"image", pictures.find({name.get<std::string>()})},
                    {"captions", json::array()}});
  }
  for (std::size_t i = 0; i < annotations.size(); ++i) {
    const json& id = entry_of(annotations[i], "image_id", path, "annotations", i);
    const auto found = by_id.find(key_of(id));
    check(found != by_id.end(), ErrorCode::kDataFormat, path.string(), ": annotations[", i,
          "] is of image_id ", id.dump(), ", which \"images\" lacks");
    rows[found->second]["captions"].push_back(
        entry_of(annotations[i], "caption", path, "annotations", i));
  }
  std::vector<json> described;
  for (json& row : rows)
    if (!row["captions"].empty()) described.push_back(std::move(row));
  check(!described.empty(), ErrorCode::kDataFormat, path.string(), ": holds no caption");
  return described;
}

}  // namespace

bool is_public_file(const json& document) {
  return document.is_object() && !document.contains("image") &&
         (list_of(document, "questions") != nullptr || list_of(document, "annotations") != nullptr);
}

std::vector<json> public_rows(const json& document, const fs::path& path,
                              const PublicFiles& files) {
  const json* annotations = list_of(document, "annotations");
  if (list_of(document, "questions") != nullptr) return vqa_rows(document, path, files);
  check(files.annotations.empty(), ErrorCode::kUsage, files.annotations.string(),
        ": annotations belong to a VQA questions file, and ", path.string(), " is none");
  const json first = annotations->empty() ? json::object() : annotations->front();
  if (list_of(document, "images") != nullptr && first.contains("caption"))
    return caption_rows(document, path, files);
  check(!first.contains("question_id"), ErrorCode::kDataFormat, path.string(),
        ": a VQA annotations file; give the questions file as the data, and this one with "
        "--annotations");
  check(!first.contains("bbox"), ErrorCode::kDataFormat, path.string(),
        ": a COCO instances file; its boxes are not read in this form, but as rows "
        R"({"image": "a.jpg", "objects": [{"name": "dog", "box": [left, top, right, bottom]}]})");
  fail(ErrorCode::kDataFormat, path.string(),
       ": looks like a COCO file, and its annotations hold neither captions nor answers");
}

}  // namespace beholder::data
