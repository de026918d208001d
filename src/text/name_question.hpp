// Questions that the name of a thing answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beholder::text {

struct NameQuestion {
  enum class Kind {
    kWhatIs,     ///< "what is this?"
    kWhichKind,  ///< "what animal is this?", "what breed of dog is it?"
    kPresence,   ///< "is there a bird?", "is this a dog?"
  };
  Kind kind = Kind::kWhatIs;
  std::string noun;  ///< in lower case, of one word or several; empty for kWhatIs
};

/// Nothing for other questions, also for those about more than a noun: colours, places, actions,
/// numbers, choices, negations.
std::optional<NameQuestion> name_question(std::string_view question);

}  // namespace beholder::text
