// Prediction files of `beholder eval`: its own and those of evaluation servers.
#pragma once

#include <string>

#include "data/public_files.hpp"
#include "eval/evaluate.hpp"

namespace beholder::cli {

/// Our own: a row each, with all that the row said besides its answers.
std::string predictions_jsonl(const eval::EvalResult& result);

/// Checks, before anything is computed, that the rows have what a form needs: `vqa` an own
/// "question_id" each, `coco` a whole number each, from "image_id" or the picture's name.
/// @param format jsonl, vqa or coco
/// @throws Error kUsage for rows of the other kind; kDataFormat naming the row
void check_ids(const std::string& format, const eval::EvalOptions& options, bool captions);

/// VQA's results, [{"question_id", "answer"}], or COCO's, [{"image_id", "caption"}]; `jsonl`: our
/// own.
std::string predictions_text(const std::string& format, const eval::EvalResult& result);

}  // namespace beholder::cli
