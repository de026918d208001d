// Question–answer rows derived from picture captions by rules, with balanced yes/no questions.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "data/dataset_row.hpp"

namespace beholder::data {

struct DeriveOptions {
  std::uint64_t seed = 7;      ///< same captions, options and seed: same rows
  int max_per_picture = 14;    ///< rows a picture at most, 2 or more
  double yes_no_share = 0.45;  ///< of `max_per_picture`, rounded, 0…1
};

struct DerivedRow {
  std::filesystem::path image;
  std::string question;
  std::string answer;      ///< lower case, digits for numbers
  std::string type;        ///< "yes/no existence", "count", "color", …
  std::set<int> evidence;  ///< indexes of supporting captions; empty for some "no" rows
};

/// Rows in the order of the pictures. Every yes/no question (its exact wording) is asked as often
/// with the answer "yes" as with "no" over all rows, so the question alone tells nothing.
/// @throws Error kUsage for options out of range.
std::vector<DerivedRow> derive_questions(const std::vector<CaptionRow>& captions,
                                         const DeriveOptions& options);

/// The rows as JSON Lines {"image", "question", "answer", "type", "evidence"}; relative picture
/// paths are rewritten relative to `out_folder`.
std::string derived_jsonl(const std::vector<DerivedRow>& rows,
                          const std::filesystem::path& out_folder);

/// Rows by type, share of "yes" and the most frequent answers, as text of several lines.
std::string derived_statistics(const std::vector<DerivedRow>& rows);

}  // namespace beholder::data
