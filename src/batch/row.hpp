// What a row of a batch says, in the journal and in the outputs.
#pragma once

#include <cstdint>
#include <string>

#include "json/text.hpp"

namespace beholder::batch {

/// One picture with one question (or none), and its result.
struct Row {
  std::uint64_t index = 0;  ///< place of the picture in the whole list
  std::string name;         ///< the path's bytes
  std::string content;      ///< hash of the file, hexadecimal; empty when it could not be read
  std::string options;      ///< fingerprint of model, task and options
  std::string question;     ///< empty when nothing was asked
  Json keys;                ///< what the list's row says besides, ids above all; null: nothing
  Json result;              ///< of the task; null for a failure
  std::string error_code, error_message;  ///< of a failure

  bool failed() const { return !error_code.empty(); }
  /// What the row says in one string: the caption or the answer; empty for a failure and for
  /// results that are lists.
  std::string text() const;
  /// The same, with results that are lists as JSON.
  std::string text_or_json() const;
  /// The result's confidence or probability as text; empty when it has none.
  std::string confidence() const;
};

/// Whether an object of the journal is a row, and not a note about the run.
bool is_row(const Json& json);

Json to_json(const Row& row);
Row row_from_json(const Json& json);

}  // namespace beholder::batch
