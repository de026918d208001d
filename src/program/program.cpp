#include "program/program.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>

#include "core/check.hpp"

namespace beholder::program {
namespace {

struct Signature {
  const char* name;
  std::vector<Kind> inputs;
  Kind result;
  bool attribute = false, value = false;
};

const std::map<Operation, Signature>& signatures() {
  const Kind s = Kind::kSet, o = Kind::kObject, i = Kind::kInteger, b = Kind::kBool,
             w = Kind::kWord;
  static const std::map<Operation, Signature> table = {
      {Operation::kScene, {"scene", {}, s}},
      {Operation::kFilter, {"filter", {s}, s, true, true}},
      {Operation::kUnique, {"unique", {s}, o}},
      {Operation::kRelate, {"relate", {o}, s, false, true}},
      {Operation::kSame, {"same", {o}, s, true}},
      {Operation::kUnion, {"union", {s, s}, s}},
      {Operation::kIntersect, {"intersect", {s, s}, s}},
      {Operation::kDifference, {"difference", {s, s}, s}},
      {Operation::kSuperlative, {"superlative", {s}, o, false, true}},
      {Operation::kNearest, {"nearest", {o, s}, o}},
      {Operation::kFarthest, {"farthest", {o, s}, o}},
      {Operation::kCount, {"count", {s}, i}},
      {Operation::kNumber, {"number", {}, i, false, true}},
      {Operation::kExist, {"exist", {s}, b}},
      {Operation::kAll, {"all", {s, s}, b}},
      {Operation::kMost, {"most", {s, s}, b}},
      {Operation::kFewerThanHalf, {"fewer_than_half", {s, s}, b}},
      {Operation::kQuery, {"query", {o}, w, true}},
      {Operation::kEqual, {"equal", {w, w}, b, true}},
      {Operation::kEqualInteger, {"equal_integer", {i, i}, b}},
      {Operation::kLessThan, {"less_than", {i, i}, b}},
      {Operation::kGreaterThan, {"greater_than", {i, i}, b}},
      {Operation::kNot, {"not", {b}, b}},
      {Operation::kAnd, {"and", {b, b}, b}},
      {Operation::kOr, {"or", {b, b}, b}},
      {Operation::kExtreme, {"extreme", {s}, s, false, true}},
      {Operation::kRelateAny, {"relate_any", {s}, s, false, true}},
      {Operation::kTouching, {"touching", {s}, s, false, true}},
      {Operation::kKinds, {"kinds", {s}, i, true}},
      {Operation::kSomeBox, {"some_box", {b}, b}},
      {Operation::kEveryBox, {"every_box", {b}, b}},
      {Operation::kCountBoxes, {"count_boxes", {b}, i}},
  };
  return table;
}

const Signature& signature(Operation operation) { return signatures().at(operation); }

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
  switch (kind) {
    case Kind::kSet: return "a set";
    case Kind::kObject: return "an object";
    case Kind::kInteger: return "a number";
    case Kind::kBool: return "yes or no";
    case Kind::kWord: return "a word";
  }
  return "";
}

/// The longest program that is read; what is longer was not written by a person or a model of ours.
constexpr std::size_t kMostSteps = 256;

}  // namespace

std::string operation_name(const Step& step) {
  const Signature& known = signature(step.operation);
  return known.attribute ? std::string(known.name) + "_" + step.attribute : known.name;
}

bool looks_into_boxes(Operation operation) {
  return operation == Operation::kSomeBox || operation == Operation::kEveryBox ||
         operation == Operation::kCountBoxes;
}

Kind result_of(Operation operation) { return signature(operation).result; }
std::vector<Kind> inputs_of(Operation operation) { return signature(operation).inputs; }
bool has_attribute(Operation operation) { return signature(operation).attribute; }
bool has_value(Operation operation) { return signature(operation).value; }

void check_program(const Program& program) {
  check(!program.empty(), ErrorCode::kDataFormat, "a program without steps");
  check(program.size() <= kMostSteps, ErrorCode::kDataFormat, "a program of ", program.size(),
        " steps; at most ", kMostSteps, " are read");
  for (std::size_t i = 0; i < program.size(); ++i) {
    const Step& step = program[i];
    const Signature& known = signature(step.operation);
    const std::string where = concat("step ", i, " (", operation_name(step), ")");
    check(step.inputs.size() == known.inputs.size(), ErrorCode::kDataFormat, where, ": takes ",
          known.inputs.size(), " inputs, has ", step.inputs.size());
    for (std::size_t k = 0; k < step.inputs.size(); ++k) {
      check(step.inputs[k] < i, ErrorCode::kDataFormat, where, ": input ", step.inputs[k],
            " is not an earlier step");
      const Kind given = result_of(program[step.inputs[k]].operation);
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
  if (!has_value(step.operation) && !step.value.empty()) return "this step takes no value";
  if (has_value(step.operation) && step.value.empty())
    return "this step needs a value, in brackets";
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
  for (std::size_t k = 0; k < inputs_of(step.operation).size(); ++k)
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
