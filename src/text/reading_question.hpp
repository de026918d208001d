// Questions that what is written in a picture answers.
#pragma once

#include <optional>
#include <string_view>

namespace beholder::text {

struct ReadingQuestion {
  enum class Wanted {
    kText,     ///< "what does the sign say?", "what is written on the board?"
    kNumber,   ///< "what number is on the shirt?"
    kLetters,  ///< "what letters are on the plate?"
    kTime,     ///< "what time does the clock say?"
    kDate,     ///< "what is the date on the receipt?"
    kPrice,    ///< "how much does it cost?"
    kTotal,    ///< "what is the total?", on a receipt
  };
  Wanted wanted = Wanted::kText;
  /// Nothing but writing answers it. Otherwise who sees the picture may know without: the time from
  /// the hands of a clock, a brand from its mark.
  bool only_written = false;
};

/// Nothing for other questions, also for those about writing that its words do not answer: "what
/// colour is the word?", "is something written?", "where is the number?".
std::optional<ReadingQuestion> reading_question(std::string_view question);

}  // namespace beholder::text
