// Readers of question–answer and caption files into dataset rows.
#pragma once

#include <filesystem>
#include <vector>

#include "data/dataset_row.hpp"
#include "data/public_files.hpp"

namespace beholder::data {

enum class JsonlKind {
  kQuestionAnswer,  ///< rows {"image", "question", "answer"}
  kCaptions,        ///< rows {"image", "captions"}
  kObjects,         ///< rows {"image", "objects"}
  kGrounds,         ///< rows {"image", "ground"}
};

/// Which kind of rows a file holds, by the keys of its first row.
/// @throws Error as `read_qa_jsonl`; kDataFormat when the row is of neither kind.
JsonlKind detect_jsonl_kind(const std::filesystem::path& path, const PublicFiles& files = {});

/// Options of `read_qa_jsonl`.
struct QaOptions {
  PublicFiles files;
  bool answers_required = true;  ///< otherwise rows without an answer have no `answers`
};

/// All rows {"image": path, "question": text, "answer": text} of a file that `for_each_json_row`
/// reads, with an optional "type". An answer is a text, a number, or true or false ("yes", "no").
/// What several people said is a list under "answer" or "answers", of such answers or of VQA's
/// {"answer": …}, or {text: count} under "answers", the most frequent first then; "answers" counts
/// where a row has both. Other keys are kept as they are.
/// Whether the pictures exist is not checked.
/// @throws Error kFileNotFound, kFileAccess; kDataFormat naming file and line for any bad row.
std::vector<QaRow> read_qa_jsonl(const std::filesystem::path& path, const QaOptions& options = {});

/// All rows {"image": path, "captions": [text, …]}. @throws Error as `read_qa_jsonl`.
std::vector<CaptionRow> read_caption_jsonl(const std::filesystem::path& path,
                                           const PublicFiles& files = {});

/// Questions without pictures, plain or gzipped, a row being {"question_id": integer, "question":
/// text, "type": text, "answers": {text: count}}. `QaRow::image` stays empty.
/// @throws Error as `read_qa_jsonl`.
std::vector<QaRow> read_vqa_text(const std::filesystem::path& path);

/// A label as an answer: "true" becomes "yes", "false" becomes "no", others stay as they are.
std::string label_to_answer(const std::string& label);

}  // namespace beholder::data
