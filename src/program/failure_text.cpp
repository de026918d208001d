#include "program/failure_text.hpp"

#include <map>

#include "core/check.hpp"
#include "program/places.hpp"

namespace beholder::program {
namespace {

/// A description of a step's objects: "green cube", "thing left of the red sphere".
struct Phrase {
  std::map<std::string, std::string> filters;
  std::string before, after;

  std::string text() const {
    std::string out = before, noun = "thing";
    for (const char* adjective : {"size", "color", "material"})
      if (const auto found = filters.find(adjective); found != filters.end())
        out += found->second + " ";
    for (const auto& [attribute, value] : filters)
      if (attribute == "shape" || attribute == "name")
        noun = value;
      else if (attribute != "size" && attribute != "color" && attribute != "material")
        out += value + " ";
    return out + noun + after;
  }
};

class Describer {
 public:
  explicit Describer(const Program& program) : program_(program) {}

  Phrase phrase(std::size_t place) const {
    const Step& step = program_[place];
    Phrase out;
    switch (step.operation) {
      case Operation::kFilter:
        out = phrase(step.inputs[0]);
        out.filters[step.attribute] = step.value;
        break;
      case Operation::kUnique: return phrase(step.inputs[0]);
      case Operation::kRelate:
        out.after = " " + direction_phrase(step.value) + " the " + input(step, 0);
        break;
      case Operation::kRelateAny:
        out.after = " " + direction_phrase(step.value) + " a " + input(step, 0);
        break;
      case Operation::kSame:
        out.after = " of the same " + step.attribute + " as the " + input(step, 0);
        break;
      case Operation::kSuperlative:
      case Operation::kExtreme:
        out = phrase(step.inputs[0]);
        out.before = step.value + " " + out.before;
        break;
      case Operation::kTouching:
        out = phrase(step.inputs[0]);
        out.after += " touching a " + std::string(step.value == "wall" || step.value == "corner"
                                                      ? step.value
                                                      : step.value + " wall");
        break;
      case Operation::kUnion: out = both(step, " or "); break;
      case Operation::kIntersect: out = both(step, " that is also a "); break;
      case Operation::kDifference: out = both(step, " that is no "); break;
      default: break;  // every thing
    }
    return out;
  }

  std::string input(const Step& step, std::size_t k) const { return phrase(step.inputs[k]).text(); }

 private:
  Phrase both(const Step& step, const char* between) const {
    Phrase out = phrase(step.inputs[0]);
    out.after += between + input(step, 1);
    return out;
  }

  const Program& program_;
};

std::size_t members(const Value& value) {
  const auto* set = std::get_if<Set>(&value);
  return set == nullptr ? 1 : set->size();
}

}  // namespace

std::string failure_text(const Program& program, const Execution& execution) {
  if (execution.ok()) return "";
  const std::size_t place = execution.values.size();
  // The executor's message without the step's number, where there is no better one.
  const std::size_t colon = execution.failure.find("): ");
  std::string own =
      colon == std::string::npos ? execution.failure : execution.failure.substr(colon + 3);
  if (place >= program.size()) return own;
  const Step& step = program[place];
  const Describer describer(program);
  const auto found = [&](std::size_t k) { return members(execution.values[step.inputs[k]]); };
  const auto name = [&](std::size_t k) { return describer.input(step, k); };
  switch (step.operation) {
    case Operation::kUnique:
    case Operation::kSuperlative:
    case Operation::kAll:
    case Operation::kMost:
    case Operation::kFewerThanHalf:
      if (found(0) == 0) return "there is no " + name(0);
      if (step.operation == Operation::kUnique)
        return concat("there is more than one ", name(0), ": ", found(0));
      if (step.operation == Operation::kSuperlative)
        return "which " + name(0) + " is the " + step.value + " cannot be told: two are alike";
      return own;
    case Operation::kNearest:
    case Operation::kFarthest: {
      const char* how = step.operation == Operation::kNearest ? "nearest to" : "farthest from";
      if (found(1) < 2) return "there is no " + name(1) + " besides";
      return concat("which ", name(1), " is ", how, " the ", name(0),
                    " cannot be told: two are alike");
    }
    default: return own;
  }
}

}  // namespace beholder::program
