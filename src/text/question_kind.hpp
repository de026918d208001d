// What kind of answer a question asks for, by its words, and which answers are of that kind.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace beholder::text {

enum class QuestionKind {
  kYesNo,        ///< "is there a dog?", "the cube is red." (true or false)
  kAlternative,  ///< "is it red or blue?": one of those named
  kNumber,       ///< "how many …?", "count the …"
  kColor,        ///< "what colour …?"
  kSize,         ///< "how big …?", "what size …?"
  kMaterial,     ///< "what is it made of?"
  kShape,        ///< "what shape …?"
  kPlace,        ///< "where …?", "on which side …?"
  kPerson,       ///< "who …?", "whose …?"
  kReason,       ///< "why …?"
  kTime,         ///< "when …?"
  kManner,       ///< "how …?"
  kThing,        ///< "what …?", "which …?", "describe …"
  kUnknown,      ///< no question that could be told: "dogs?"
};

/// What a question asks for.
struct AskedFor {
  QuestionKind kind = QuestionKind::kUnknown;
  /// Of an alternative: the words of what is named, each choice a list of them.
  std::vector<std::vector<std::string>> options;
  bool number_too = false;  ///< of an open question: a number may answer it ("what time …?")
  bool color_too = false;   ///< of an open question: a colour alone may ("which bus …?")
  bool yes_no_too = false;  ///< of an alternative: it may be meant as "either of them?"
  /// Nothing but "what is this?", in any of its forms: a name or a description answers it.
  bool whole_picture = false;
};

AskedFor asked_for(std::string_view question);

/// Whether an answer is of the kind that was asked for: an open question has no "yes", "how many"
/// has a number, "red or blue?" one of the two. Of kUnknown questions every answer is.
bool fits(const AskedFor& asked, std::string_view answer);

/// The words of a question, lower case, apostrophes kept ("isn't"), commas as words of their own.
std::vector<std::string> question_words(std::string_view question);

/// Whether the question negates what it asks about: "is there no dog?", "which are not red?",
/// "without". A leading "isn't" does not count: it expects "yes" just as "is" does.
bool denies(const std::vector<std::string>& question_words);

}  // namespace beholder::text
