// Exact match of answers after the VQA normalisation, and accuracy against ten people's answers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace beholder::eval {

/// An answer in the form in which answers are compared (the VQA evaluation's `vqaEval.py`,
/// GT-Vision-Lab/VQA): line breaks and tabs to spaces, ends stripped; punctuation dropped where it
/// touches a space (or where the answer has a comma between digits) and a space elsewhere; periods
/// dropped unless a digit follows; lower case; "none", "zero" … "ten" to digits; "a", "an", "the"
/// dropped; contractions given back their apostrophe ("dont" → "don't"); single spaces.
///
/// Unlike there an underscore is always a space (DAQUAR's "garbage_bin" equals "garbage bin").
std::string normalize_answer(std::string_view answer);

/// The items of an answer that may be a list: split at commas (not at one between digits, as in
/// "1,000"), each normalised, empty ones left out, sorted, each once.
std::vector<std::string> answer_items(std::string_view answer);

/// Whether the prediction has exactly the items of the truth, in any order. A blank prediction is
/// never right. @throws Error kDataFormat if `truth` is blank.
bool answers_match(std::string_view prediction, std::string_view truth);

/// An answer and how many people gave it.
struct AnswerCount {
  std::string answer;
  int count = 1;
};

/// VQA accuracy, 0 to 1: min(n / 3, 1) for n agreeing people, averaged over leaving each one of
/// them out (Antol et al. 2015). Both sides are normalised whole; the official script normalises
/// people's answers only where they differ.
/// @throws Error kDataFormat on no answers or a count below 1.
double consensus_accuracy(std::string_view prediction, const std::vector<AnswerCount>& answers);

}  // namespace beholder::eval
