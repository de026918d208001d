#include "program/program.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>

#include "core/check.hpp"

namespace beholder::program {
namespace {

const std::map<Operation, Signature>& signatures() {
  const Kind s = Kind::kSet, o = Kind::kObject, i = Kind::kInteger, b = Kind::kBool,
             w = Kind::kWord;
  static const std::map<Operation, Signature> table = {
      {Operation::kScene, {"scene", {}, s, ""}},
      {Operation::kFilter, {"filter", {s}, s, "", true, true}},
      {Operation::kUnique, {"unique", {s}, o, ""}},
      {Operation::kRelate, {"relate", {o}, s, "%d %0%k", false, true}},
      {Operation::kSame, {"same", {o}, s, "same %a as %0%k", true}},
      {Operation::kUnion, {"union", {s, s}, s, "%0 or %1%k"}},
      {Operation::kIntersect, {"intersect", {s, s}, s, "%0 and %1%k"}},
      {Operation::kDifference, {"difference", {s, s}, s, "%0 without %1%k"}},
      {Operation::kSuperlative, {"superlative", {s}, o, "%v of %0", false, true}},
      {Operation::kNearest, {"nearest", {o, s}, o, "of %1, nearest to %0"}},
      {Operation::kFarthest, {"farthest", {o, s}, o, "of %1, farthest from %0"}},
      {Operation::kCount, {"count", {s}, i, "count %0"}},
      {Operation::kNumber, {"number", {}, i, "the number %v", false, true}},
      {Operation::kExist, {"exist", {s}, b, "is there any of %0"}},
      {Operation::kAll, {"all", {s, s}, b, "are all of %0 in %1"}},
      {Operation::kMost, {"most", {s, s}, b, "are most of %0 in %1"}},
      {Operation::kFewerThanHalf,
       {"fewer_than_half", {s, s}, b, "are fewer than half of %0 in %1"}},
      {Operation::kQuery, {"query", {o}, w, "%a of %0", true}},
      {Operation::kEqual, {"equal", {w, w}, b, "is the %a of %0 that of %1", true}},
      {Operation::kEqualInteger, {"equal_integer", {i, i}, b, "are %0 and %1 as many"}},
      {Operation::kLessThan, {"less_than", {i, i}, b, "are %0 fewer than %1"}},
      {Operation::kGreaterThan, {"greater_than", {i, i}, b, "are %0 more than %1"}},
      {Operation::kNot, {"not", {b}, b, "not %0"}},
      {Operation::kAnd, {"and", {b, b}, b, "%0 and %1"}},
      {Operation::kOr, {"or", {b, b}, b, "%0 or %1"}},
      {Operation::kExtreme, {"extreme", {s}, s, "%v of %0%k", false, true}},
      {Operation::kRelateAny, {"relate_any", {s}, s, "%v any of %0%k", false, true}},
      {Operation::kTouching, {"touching", {s}, s, "of %0, touching the %v%k", false, true}},
      {Operation::kKinds, {"kinds", {s}, i, "different %as of %0", true}},
      {Operation::kSomeBox, {"some_box", {b}, b, "does %0 hold in some box%b"}},
      {Operation::kEveryBox, {"every_box", {b}, b, "does %0 hold in every box%b"}},
      {Operation::kCountBoxes, {"count_boxes", {b}, i, "boxes in which %0 holds%b"}},
  };
  return table;
}

/// "filter_color" is the operation filter with the attribute color. @return false for no operation
bool parse_name(const std::string& name, Step& step) {
  for (const auto& [operation, known] : signatures()) {
    const std::string prefix = std::string(known.name) + (known.attribute ? "_" : "");
    if (known.attribute ? name.size() > prefix.size() && name.rfind(prefix, 0) == 0
                        : name == prefix) {
      // "equal_integer" is an operation of its own.
      if (operation == Operation::kEqual && name == "equal_integer") continue;
      step.operation = operation;
      step.attribute = known.attribute ? name.substr(prefix.size()) : "";
      return true;
    }
  }
  return false;
}

const char* kind_name(Kind kind) {
  constexpr const char* names[] = {"a set", "an object", "a number", "yes or no", "a word"};
  return names[static_cast<int>(kind)];
}

/// The longest program accepted; no person or model of ours writes longer ones.
constexpr std::size_t kMostSteps = 256;

}  // namespace

std::string operation_name(const Step& step) {
  const Signature& known = signature_of(step.operation);
  return known.attribute ? std::string(known.name) + "_" + step.attribute : known.name;
}

bool looks_into_boxes(Operation operation) {
  return operation == Operation::kSomeBox || operation == Operation::kEveryBox ||
         operation == Operation::kCountBoxes;
}

const Signature& signature_of(Operation operation) { return signatures().at(operation); }

void check_program(const Program& program) {
  check(!program.empty(), ErrorCode::kDataFormat, "a program without steps");
  check(program.size() <= kMostSteps, ErrorCode::kDataFormat, "a program of ", program.size(),
        " steps; at most ", kMostSteps, " are read");
  for (std::size_t i = 0; i < program.size(); ++i) {
    const Step& step = program[i];
    const Signature& known = signature_of(step.operation);
    const std::string where = concat("step ", i, " (", operation_name(step), ")");
    check(step.inputs.size() == known.inputs.size(), ErrorCode::kDataFormat, where, ": takes ",
          known.inputs.size(), " inputs, has ", step.inputs.size());
    for (std::size_t k = 0; k < step.inputs.size(); ++k) {
      check(step.inputs[k] < i, ErrorCode::kDataFormat, where, ": input ", step.inputs[k],
            " is not an earlier step");
      const Kind given = signature_of(program[step.inputs[k]].operation).result;
      check(given == known.inputs[k], ErrorCode::kDataFormat, where, ": takes ",
            kind_name(known.inputs[k]), ", step ", step.inputs[k], " gives ", kind_name(given));
    }
    check(known.attribute == !step.attribute.empty(), ErrorCode::kDataFormat, where,
          known.attribute ? ": needs an attribute" : ": takes no attribute");
    check(known.value == !step.value.empty(), ErrorCode::kDataFormat, where,
          known.value ? ": needs a value" : ": takes no value");
  }
}

Program program_from_json(const nlohmann::json& json) {
  check(json.is_array(), ErrorCode::kDataFormat, "a program is a list of steps; got ",
        json.type_name());
  Program program;
  for (const auto& item : json) {
    const std::string where = concat("step ", program.size());
    try {
      Step step;
      const auto name = item.at(item.contains("type") ? "type" : "function").get<std::string>();
      check(parse_name(name, step), ErrorCode::kDataFormat, where, ": no operation is called '",
            name, "'");
      step.inputs = item.at("inputs").get<std::vector<std::size_t>>();
      const char* values = item.contains("value_inputs") ? "value_inputs" : "side_inputs";
      if (item.contains(values) && !item.at(values).empty())
        step.value = item.at(values).at(0).get<std::string>();
      program.push_back(std::move(step));
    } catch (const nlohmann::json::exception& error) {
      fail(ErrorCode::kDataFormat, where, ": ", error.what());
    }
  }
  check_program(program);
  return program;
}

nlohmann::json program_to_json(const Program& program) {
  auto out = nlohmann::json::array();
  for (const Step& step : program)
    out.push_back({{"type", operation_name(step)},
                   {"inputs", step.inputs},
                   {"value_inputs", step.value.empty() ? std::vector<std::string>{}
                                                       : std::vector<std::string>{step.value}}});
  return out;
}

namespace {

void write_text(const Program& program, std::size_t i, std::string& out) {
  const Step& step = program[i];
  if (!out.empty()) out += ' ';
  out += operation_name(step);
  if (!step.value.empty()) out += "[" + step.value + "]";
  for (const std::size_t input : step.inputs) write_text(program, input, out);
}

/// The words of a program's text; a value may hold blanks: "filter_shape[stop sign]".
std::vector<std::string> split_words(const std::string& text) {
  std::vector<std::string> out;
  std::string word;
  bool inside = false;
  for (const char c : text + " ") {
    if (c == '[') inside = true;
    if (c == ']') inside = false;
    if (!inside && std::isspace(static_cast<unsigned char>(c)) != 0) {
      if (!word.empty()) out.push_back(std::move(word));
      word.clear();
    } else {
      word += c;
    }
  }
  if (inside) out.push_back(std::move(word));  // the bracket does not close: no word of a program
  return out;
}

/// Reads one word of a program into @p step. @return what is wrong with it, or nothing
std::string read_step(const std::string& word, Step& step) {
  std::string name = word;
  const std::size_t bracket = word.find('[');
  if (bracket != std::string::npos) {
    if (word.back() != ']') return "the bracket does not close";
    step.value = word.substr(bracket + 1, word.size() - bracket - 2);
    name = word.substr(0, bracket);
  }
  if (!parse_name(name, step)) return "no step has this name";
  const bool needs_value = signature_of(step.operation).value;
  if (!needs_value && !step.value.empty()) return "this step takes no value";
  if (needs_value && step.value.empty()) return "this step needs a value, in brackets";
  return {};
}

/// Reads one step and its inputs. @return its place
std::size_t read_words(const std::vector<std::string>& words, std::size_t& next, Program& program,
                       std::size_t depth) {
  check(next < words.size(), ErrorCode::kDataFormat, "the program ends where a step is due");
  const std::string& word = words[next++];
  check(depth < kMostSteps, ErrorCode::kDataFormat, "the program is nested too deeply at '", word,
        "'");
  Step step;
  const std::string wrong = read_step(word, step);
  check(wrong.empty(), ErrorCode::kDataFormat, "'", word, "' is no step of a program: ", wrong);
  for (std::size_t k = 0; k < signature_of(step.operation).inputs.size(); ++k)
    step.inputs.push_back(read_words(words, next, program, depth + 1));
  program.push_back(std::move(step));
  return program.size() - 1;
}

}  // namespace

std::optional<Step> step_from_word(const std::string& word) {
  Step step;
  if (!read_step(word, step).empty()) return std::nullopt;
  return step;
}

std::string program_to_text(const Program& program) {
  std::string out;
  if (!program.empty()) write_text(program, program.size() - 1, out);
  return out;
}

std::vector<std::string> program_words(const Program& program) {
  return split_words(program_to_text(program));
}

Program program_from_text(const std::string& text) {
  const std::vector<std::string> words = split_words(text);
  Program program;
  std::size_t next = 0;
  read_words(words, next, program, 0);
  check(next == words.size(), ErrorCode::kDataFormat, "'", words[std::min(next, words.size() - 1)],
        "' follows the end of the program");
  check_program(program);
  return program;
}

}  // namespace beholder::program
