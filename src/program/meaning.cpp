#include "program/meaning.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/check.hpp"
#include "program/places.hpp"
#include "text/question_kind.hpp"
#include "text/value_words.hpp"

namespace beholder::program {
namespace {

using Words = std::vector<std::string>;

/// Other words for places and for the names of photos' things; singular.
const std::map<std::string, Words>& other_names() {
  static const std::map<std::string, Words> table = {
      {"top", {"upper", "background", "back"}},
      {"bottom", {"lower", "foreground", "front"}},
      {"middle", {"center", "centre", "central"}},
      {"person", {"people", "human", "man", "woman"}},
      {"mouse", {"mice"}},
      {"knife", {"knives"}},
      {"couch", {"sofa"}},
      {"tv", {"television", "monitor", "screen"}},
      {"motorcycle", {"motorbike"}},
      {"bicycle", {"bike"}},
      {"airplane", {"plane"}},
      {"laptop", {"computer"}},
      {"refrigerator", {"fridge"}},
      {"cup", {"mug"}},
      {"donut", {"doughnut"}},
  };
  return table;
}

bool same_word(const std::string& word, const std::string& singular) {
  if (word.compare(0, singular.size(), singular) != 0) return false;
  const std::string rest = word.substr(singular.size());
  return rest.empty() || rest == "s" || rest == "es";
}

/// Whether a word says a value: by its name (of several words, the last one too) or a synonym.
bool says(const std::string& word, const std::string& value) {
  const std::string last = value.substr(value.rfind(' ') + 1);
  if (same_word(word, value) || same_word(word, last)) return true;
  const auto any = [&](const Words& others) {
    return std::any_of(others.begin(), others.end(),
                       [&](const std::string& other) { return same_word(word, other); });
  };
  if (const text::ValueWords* words = text::words_for(value))
    return any(words->names) || any(words->loose);
  const auto others = other_names().find(value);
  return others != other_names().end() && any(others->second);
}

/// Words for a direction or a superlative.
const std::map<std::string, Words>& direction_words() {
  static const std::map<std::string, Words> table = {
      {"left", {"left"}},
      {"right", {"right"}},
      {"front", {"front", "before"}},
      {"behind", {"behind", "back"}},
      {"above",
       {"above", "over", "higher", "top", "on", "upon", "base", "tower", "stack", "bottom"}},
      {"below", {"below", "beneath", "under", "lower", "underneath", "tower", "base", "bottom"}},
      {"on",
       {"on", "over", "above", "tower", "top", "stack", "base", "upon", "bottom", "stacked",
        "next"}},
      {"under",
       {"under", "below", "beneath", "underneath", "base", "bottom", "tower", "top", "on", "stack",
        "over", "above"}},
      {"leftmost", {"leftmost", "left"}},
      {"rightmost", {"rightmost", "right"}},
      {"frontmost", {"frontmost", "front", "closest", "nearest", "camera"}},
      {"backmost", {"backmost", "back", "farthest", "furthest", "camera"}},
      {"highest", {"highest", "topmost", "top", "upper", "uppermost", "roof", "second", "third"}},
      {"lowest", {"lowest", "bottom", "base", "lower", "bottommost", "second", "third"}},
      {"largest", {"largest", "biggest"}},
      {"smallest", {"smallest", "tiniest"}},
  };
  return table;
}

bool contains(const Words& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool has_step(const Program& program, const std::set<Operation>& operations) {
  return std::any_of(program.begin(), program.end(),
                     [&](const Step& step) { return operations.count(step.operation) > 0; });
}

bool looks_at(const Program& program, const std::string& attribute) {
  return std::any_of(program.begin(), program.end(),
                     [&](const Step& step) { return step.attribute == attribute; });
}

bool asks_for(const Program& program, const std::string& attribute) {
  return std::any_of(program.begin(), program.end(), [&](const Step& step) {
    return step.attribute == attribute && step.operation != Operation::kFilter;
  });
}

/// A value in the program that no word of the question stands for.
std::string made_up(const Program& program, const Asked& asked) {
  for (const Step& step : program) {
    if (step.value.empty()) continue;
    bool said = true;
    if (step.operation == Operation::kFilter) {
      said = std::any_of(asked.words.begin(), asked.words.end(),
                         [&](const std::string& word) { return says(word, step.value); });
    } else if (step.operation == Operation::kRelate || step.operation == Operation::kRelateAny ||
               step.operation == Operation::kSuperlative || step.operation == Operation::kExtreme) {
      const auto words = direction_words().find(step.value);
      said = words == direction_words().end() ||
             std::any_of(words->second.begin(), words->second.end(),
                         [&](const std::string& word) { return contains(asked.words, word); });
    }
    if (!said) return concat("nothing says \"", step.value, "\"");
  }
  return {};
}

/// Whether a step stands for one of these places, in any of the ways in which places are spoken of.
bool is_about_place(const Step& step, const std::set<std::string>& values) {
  if (is_place_attribute(step.attribute) && step.operation != Operation::kFilter) return true;
  return std::any_of(values.begin(), values.end(), [&](const std::string& value) {
    return step.value == value || (step.attribute == "place" && !step.value.empty() &&
                                   step.value.find(value) != std::string::npos);
  });
}

/// The values that can stand for a word about places; empty for other words.
std::set<std::string> places_of(const Words& words, std::size_t i) {
  const std::string& word = words[i];
  if (word == "left" || word == "leftmost") return {"left", "leftmost"};
  if (word == "right" || word == "rightmost") return {"right", "rightmost"};
  if (word == "top" || word == "topmost" || word == "upper" || word == "highest")
    return {"top", "highest", "above", "on", "under", "below"};
  if (word == "bottom" || word == "lower" || word == "lowest")
    return {"bottom", "lowest", "below", "under", "on", "above"};
  const bool sized = i + 1 < words.size() && (words[i + 1] == "sized" || words[i + 1] == "size");
  if ((word == "middle" || word == "center" || word == "centre") && !sized) return {"middle"};
  return {};
}

/// Whether a word names the value so plainly that a step must stand for it.
bool must_be_meant(const std::string& word, const std::string& value) {
  static const std::set<std::string> kLoose = {
      "block",      "blocks",     "box", "boxes", "middle", "mid",   "back",    "front", "round",
      "background", "foreground", "can", "cans",  "upper",  "lower", "central", "ball",  "balls"};
  return kLoose.count(word) == 0 && says(word, value);
}

long number_of(const std::string& word) {
  static const Words kNumbers = {"two", "three", "four", "five", "six", "seven", "eight", "nine"};
  const auto found = std::find(kNumbers.begin(), kNumbers.end(), word);
  if (found != kNumbers.end()) return found - kNumbers.begin() + 2;
  return word.size() == 1 && word[0] >= '2' && word[0] <= '9' ? word[0] - '0' : 0;
}

/// Whether some step of the program stands for the word of an attribute's value.
bool meant(const Program& program, const Asked& asked, const std::string& word,
           const std::string& attribute) {
  if (asked.alternative && asks_for(program, attribute)) return true;
  // "How big is it?"
  if (attribute == "size" && asks_for(program, "size")) return true;
  return std::any_of(program.begin(), program.end(), [&](const Step& step) {
    return step.operation == Operation::kFilter && says(word, step.value);
  });
}

bool is_box_word(const std::string& word) {
  static const std::set<std::string> kBoxes = {"box",    "boxes", "square", "squares",   "tower",
                                               "towers", "area",  "areas",  "background"};
  return kBoxes.count(word) > 0;
}

/// Whether a word refers to the boxes of a picture or the arrangement within them, as the program
/// does: "the three gray squares", "two blocks one upon the other", "right above".
bool speaks_of_boxes(const Program& program, const Words& words, std::size_t i) {
  static const std::set<Operation> kInBoxes = {Operation::kSomeBox, Operation::kEveryBox,
                                               Operation::kCountBoxes};
  static const std::set<Operation> kStacked = {Operation::kRelateAny, Operation::kExtreme,
                                               Operation::kTouching};
  const std::string& word = words[i];
  const std::string next = i + 1 < words.size() ? words[i + 1] : "";
  const bool in_boxes = has_step(program, kInBoxes), stacked = has_step(program, kStacked);
  if (word == "gray" || word == "grey") return in_boxes && is_box_word(next);
  if (word == "square" || word == "squares") return in_boxes || stacked;
  if (word == "three" || word == "3")
    return in_boxes && (is_box_word(next) || next == "gray" || next == "grey");
  if (word == "two" || word == "2") return stacked;
  static const std::set<std::string> kAfterRight = {"above", "on", "over", "upon",  "below",
                                                    "under", "at", "next", "beside"};
  return word == "right" && kAfterRight.count(next) > 0;
}

/// Whether "shape" stands for a thing ("a black shape") and not for its form.
bool is_thing_word(const Words& words, std::size_t i) {
  static const std::set<std::string> kFormal = {"what",  "which", "same",      "its",
                                                "the",   "of",    "different", "similar",
                                                "equal", "whose", "both"};
  if (words[i] != "shape" && words[i] != "shapes") return false;
  const bool of = i + 1 < words.size() && (words[i + 1] == "of" || words[i + 1] == "as");
  const bool many = words[i] == "shapes" && i > 0 && words[i - 1] == "the";  // "all of the shapes"
  return !of && i > 0 && (many || kFormal.count(words[i - 1]) == 0);
}

/// A word of the question that no step stands for; empty when there is none.
std::string left_out(const Program& program, const Asked& asked) {
  for (std::size_t i = 0; i < asked.words.size(); ++i) {
    const std::string& word = asked.words[i];
    if (speaks_of_boxes(program, asked.words, i) || is_thing_word(asked.words, i)) continue;
    for (const text::ValueWords& one : text::value_words())
      if (must_be_meant(word, one.value()) && !meant(program, asked, word, one.attribute))
        return word;
    const std::set<std::string> places = places_of(asked.words, i);
    if (!places.empty() && std::none_of(program.begin(), program.end(), [&](const Step& step) {
          return is_about_place(step, places);
        }))
      return word;
    const std::string attribute = word == "colour" || word == "colours" || word == "colors"
                                      ? "color"
                                      : word.substr(0, word.size() - (word.back() == 's' ? 1 : 0));
    if ((attribute == "color" || attribute == "shape" || attribute == "material") &&
        !looks_at(program, attribute))
      return word;
    if (const long number = number_of(word);
        number > 0 && std::none_of(program.begin(), program.end(), [&](const Step& step) {
          return step.operation == Operation::kNumber && step.value == std::to_string(number);
        }))
      return word;
    static const std::map<std::string, std::set<Operation>> kOperations = {
        {"same",
         {Operation::kSame, Operation::kEqual, Operation::kKinds, Operation::kEqualInteger}},
        {"most",
         {Operation::kMost, Operation::kSuperlative, Operation::kExtreme, Operation::kGreaterThan,
          Operation::kNot, Operation::kLessThan}},
        {"half", {Operation::kMost, Operation::kFewerThanHalf, Operation::kFilter}},
        {"touching", {Operation::kTouching, Operation::kRelateAny}},
        {"closest", {Operation::kNearest, Operation::kSuperlative, Operation::kExtreme}},
        {"nearest", {Operation::kNearest, Operation::kSuperlative, Operation::kExtreme}},
        {"farthest", {Operation::kFarthest, Operation::kSuperlative, Operation::kExtreme}},
    };
    const auto needed = kOperations.find(word);
    if (needed != kOperations.end() && !has_step(program, needed->second)) return word;
  }
  return {};
}

std::string text_from(const Program& program, std::size_t step) {
  return program_to_text(
      {program.begin(), program.begin() + static_cast<std::ptrdiff_t>(step + 1)});
}

/// Whether some step has twice the same input.
bool compares_with_itself(const Program& program) {
  return std::any_of(program.begin(), program.end(), [&](const Step& step) {
    return step.inputs.size() == 2 && step.operation != Operation::kUnion &&
           text_from(program, step.inputs[0]) == text_from(program, step.inputs[1]);
  });
}

/// Whether the question already gives the attribute that it asks for: "what shape is the cube?".
bool asks_for_what_is_said(const Program& program) {
  const Step& last = program.back();
  if (last.operation != Operation::kQuery) return false;
  std::size_t at = last.inputs[0];
  while (program[at].operation == Operation::kUnique ||
         program[at].operation == Operation::kFilter) {
    if (program[at].attribute == last.attribute) return true;
    at = program[at].inputs[0];
  }
  return false;
}

/// Whether the program contains a negation.
bool is_denied(const Program& program) {
  return has_step(program, {Operation::kNot, Operation::kDifference}) ||
         std::any_of(program.begin(), program.end(), [](const Step& step) {
           return step.operation == Operation::kNumber && step.value == "0";
         });
}

}  // namespace

Asked asked_of(std::string_view question) {
  Asked out{text::question_words(question)};
  out.denies = text::denies(out.words);
  out.alternative = text::asked_for(question).kind == text::QuestionKind::kAlternative;
  return out;
}

std::string misreading(const Program& program, const Asked& asked) {
  if (compares_with_itself(program)) return "compares a thing with itself";
  if (asks_for_what_is_said(program)) return "asks for what the question says";
  std::string wrong = made_up(program, asked);
  if (!wrong.empty()) return wrong;
  wrong = left_out(program, asked);
  if (!wrong.empty()) return concat("leaves out \"", wrong, "\"");
  if (asked.denies && !is_denied(program)) return "leaves out what is denied";
  // "Not" of a comparison says "at least"; of what exists it denies.
  const auto& last = program.back();
  if (!asked.denies && last.operation == Operation::kNot &&
      program[last.inputs[0]].operation == Operation::kExist)
    return "denies what is not denied";
  return {};
}

}  // namespace beholder::program
