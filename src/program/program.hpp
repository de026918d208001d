// Reasoning programs over the objects of a picture: their syntax. The operations are those of
// CLEVR's functional programs (Johnson et al. 2017, "CLEVR: A Diagnostic Dataset for Compositional
// Language and Elementary Visual Reasoning") and some more for quantifiers and superlatives.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace beholder::program {

/// What an operation takes and gives.
enum class Kind { kSet, kObject, kInteger, kBool, kWord };

enum class Operation {
  kScene,        ///< -> set: all objects
  kFilter,       ///< set -> set: those whose `attribute` is `value`
  kUnique,       ///< set -> object: its only member
  kRelate,       ///< object -> set: those that lie in the direction `value` of it
  kSame,         ///< object -> set: the others that have the same `attribute`
  kUnion,        ///< set, set -> set
  kIntersect,    ///< set, set -> set
  kDifference,   ///< set, set -> set: those of the first that are not in the second
  kSuperlative,  ///< set -> object: the one that is most `value` (leftmost, largest, …)
  kNearest,      ///< object, set -> object: of the set, the one closest to the object on the ground
  kFarthest,     ///< object, set -> object
  kCount,        ///< set -> integer
  kNumber,       ///< -> integer: `value`
  kExist,        ///< set -> bool
  kAll,          ///< set, set -> bool: every one of the first is in the second; the first not empty
  kMost,         ///< set, set -> bool: more than half of the first are in the second
  kFewerThanHalf,  ///< set, set -> bool: less than half of the first are in the second
  kQuery,          ///< object -> word: its `attribute`
  kEqual,          ///< word, word -> bool; `attribute` says of what
  kEqualInteger,   ///< integer, integer -> bool
  kLessThan,       ///< integer, integer -> bool
  kGreaterThan,    ///< integer, integer -> bool
  kNot,            ///< bool -> bool
  kAnd,            ///< bool, bool -> bool
  kOr,             ///< bool, bool -> bool
  kExtreme,        ///< set -> set: those that are most `value`, as for kSuperlative; ties stay
  kRelateAny,      ///< set -> set: what lies in the direction `value` of another member
  kTouching,       ///< set -> set: those that touch what `value` says of their box: see `touches`
  kKinds,          ///< set -> integer: how many different values of `attribute` there are
  kSomeBox,        ///< bool -> bool: it holds in some box of the picture, looked at by itself
  kEveryBox,       ///< bool -> bool
  kCountBoxes,     ///< bool -> integer: in how many boxes it holds
};

struct Step {
  Operation operation = Operation::kScene;
  std::string attribute;            ///< of kFilter, kSame, kQuery, kEqual: "color", "shape", …
  std::string value;                ///< of kFilter, kRelate, kSuperlative, kNumber
  std::vector<std::size_t> inputs;  ///< earlier steps, in the order that the operation takes them
};

/// Steps in execution order; the last one gives the answer.
using Program = std::vector<Step>;

/// The name in files: "filter_color", "relate", "equal_integer".
std::string operation_name(const Step& step);

/// The form of an operation's steps.
struct Signature {
  const char* name;          ///< in files; an attribute is written behind it
  std::vector<Kind> inputs;  ///< in order
  Kind result;
  /// What a step does, for traces. %0, %1: the steps that it takes; %a, %v: its attribute and
  /// value; %d: its value as a direction; %k: the filters after it; %b: the box that it is shown
  /// in.
  const char* words;
  bool attribute = false, value = false;  ///< whether they have one
};
const Signature& signature_of(Operation operation);

/// Whether the operation goes over the boxes of the picture: the steps that its input is made of
/// are run once for each box.
bool looks_into_boxes(Operation operation);

/// Reads CLEVR's form: [{"type" or "function", "inputs", "value_inputs" or "side_inputs"}, …].
/// @throws Error kDataFormat naming the step that is wrong
Program program_from_json(const nlohmann::json& json);
nlohmann::json program_to_json(const Program& program);

/// A step as written in a program's text, without its inputs: "filter_color[red]"; nothing for
/// another word.
std::optional<Step> step_from_word(const std::string& word);

/// One line: steps in Polish notation, each before its inputs, as "count filter_color[red] scene".
/// What several steps use is written several times.
std::string program_to_text(const Program& program);
/// The same text, a word a step.
std::vector<std::string> program_words(const Program& program);
/// @throws Error kDataFormat naming the word that is wrong
Program program_from_text(const std::string& text);

/// @throws Error kDataFormat naming the first step whose inputs are missing, later than itself, or
///   of the wrong kind, or whose attribute or value is empty
void check_program(const Program& program);

}  // namespace beholder::program
