// The JSON files of public data sets, as the rows that every reader takes.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace beholder::data {

/// Where the parts that such a file does not contain are.
struct PublicFiles {
  /// Folder with the pictures; empty: the file's own, or images/ or a folder of the subset's name
  /// (val2014) beside it.
  std::filesystem::path images;
  std::filesystem::path annotations;  ///< VQA: the file with people's answers; empty: no answers
};

/// Whether a whole JSON document is such a file, and not a row.
bool is_public_file(const nlohmann::json& document);

/// The rows of
/// - VQA's questions, {"questions": [{"image_id", "question", "question_id"}]}, with the answers of
///   `annotations` where they are given: {"image", "question", "question_id", "image_id",
///   "answers", "type"}. Pictures are called COCO_<subset>_<12 digits>.jpg, <12 digits>.jpg or
///   <id>.jpg.
/// - COCO's captions, {"images": [{"id", "file_name"}], "annotations": [{"image_id", "caption"}]}:
///   {"image", "image_id", "captions"}; pictures without a caption are left out.
/// @throws Error kDataFormat naming the file and the entry, or saying which other file it is;
///   kFileNotFound, kFileAccess of the annotations
std::vector<nlohmann::json> public_rows(const nlohmann::json& document,
                                        const std::filesystem::path& path,
                                        const PublicFiles& files);

}  // namespace beholder::data
