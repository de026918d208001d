#include "program/trace.hpp"

#include <algorithm>
#include <map>

#include "core/check.hpp"
#include "program/places.hpp"

namespace beholder::program {
namespace {

Set objects_of(const Value& value) {
  if (const auto* set = std::get_if<Set>(&value)) return *set;
  if (const auto* object = std::get_if<Object>(&value)) return {object->place};
  return {};
}

/// Whether a step only narrows the set that comes before it.
bool narrows(Operation operation) {
  return operation == Operation::kFilter || operation == Operation::kUnique;
}

/// "big green metal cylinder" of the filters; the shape or the name last, "thing" without one.
std::string noun_phrase(const std::map<std::string, std::string>& filters, const char* without) {
  std::string text, noun = without, where;
  for (const char* adjective : {"size", "color", "material"})
    if (const auto found = filters.find(adjective); found != filters.end())
      text += found->second + " ";
  for (const auto& [attribute, value] : filters)
    if (attribute == "shape" || attribute == "name")
      noun = value;
    else if (is_place_attribute(attribute))
      where += " " + place_phrase(attribute, value);
    else if (attribute != "size" && attribute != "color" && attribute != "material")
      text += value + " ";
  text += noun + where;
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

class Tracer {
 public:
  Tracer(const Program& program, const Execution& execution)
      : program_(program), execution_(execution), uses_(program.size(), 0) {
    for (const Step& step : program)
      for (const std::size_t input : step.inputs) ++uses_[input];
  }

  std::vector<TraceStep> run() {
    for (std::size_t i = 0; i < program_.size(); ++i) add(i);
    for (TraceStep& step : out_) {
      const Value& last = execution_.values[step.steps.back()];
      step.objects = objects_of(last);
      if (!std::holds_alternative<Set>(last) && !std::holds_alternative<Object>(last)) {
        step.value = answer_text(last);
        for (const std::size_t input : program_[step.steps.back()].inputs)
          for (const std::size_t object : objects_of(execution_.values[input]))
            if (!std::binary_search(step.objects.begin(), step.objects.end(), object))
              step.objects.insert(
                  std::upper_bound(step.objects.begin(), step.objects.end(), object), object);
      }
    }
    return out_;
  }

 private:
  /// Number of the trace step that a program step stands in.
  std::string number(std::size_t step) const { return std::to_string(place_.at(step) + 1); }

  void add(std::size_t i) {
    const Step& step = program_[i];
    // A filter goes with what it narrows, unless others use that too.
    if (narrows(step.operation) && uses_[step.inputs[0]] == 1 && last_of(step.inputs[0])) {
      TraceStep& before = out_[place_.at(step.inputs[0])];
      before.steps.push_back(i);
      place_[i] = place_.at(step.inputs[0]);
      if (step.operation == Operation::kFilter) filters_[place_[i]][step.attribute] = step.value;
      write(place_[i]);
      return;
    }
    place_[i] = out_.size();
    out_.emplace_back();
    out_.back().steps = {i};
    filters_.emplace_back();
    if (step.operation == Operation::kFilter) filters_.back()[step.attribute] = step.value;
    write(place_[i]);
  }

  /// Which box the steps before are shown in.
  std::string shown(std::size_t step) const {
    const auto box = execution_.shown_boxes.find(step);
    return box == execution_.shown_boxes.end() ? "" : concat(" (shown: box ", box->second + 1, ")");
  }

  bool last_of(std::size_t step) const {
    const auto found = place_.find(step);
    return found != place_.end() && out_[found->second].steps.back() == step;
  }

  void write(std::size_t place) {
    TraceStep& entry = out_[place];
    const Step& first = program_[entry.steps.front()];
    const auto& filters = filters_[place];
    const auto from = [&](std::size_t k) { return number(first.inputs[k]); };
    const std::string kept = filters.empty() ? "" : ", " + noun_phrase(filters, "");
    const std::string box = shown(entry.steps.front());
    entry.operation = operation_name(first);
    switch (first.operation) {
      case Operation::kScene:
        entry.operation = "find";
        entry.text = filters.empty() ? "all things" : "find " + noun_phrase(filters, "thing");
        break;
      case Operation::kFilter:
      case Operation::kUnique:
        entry.operation = "filter";
        entry.text = "of " + from(0) + (kept.empty() ? ", the only one" : kept);
        break;
      case Operation::kRelate: {
        static const std::map<std::string, std::string> phrases = {
            {"left", "left of "},  {"right", "right of "}, {"front", "in front of "},
            {"behind", "behind "}, {"above", "above "},    {"below", "below "}};
        const auto phrase = phrases.find(first.value);
        entry.text =
            (phrase == phrases.end() ? first.value + " " : phrase->second) + from(0) + kept;
        break;
      }
      case Operation::kSame:
        entry.text = "same " + first.attribute + " as " + from(0) + kept;
        break;
      case Operation::kUnion: entry.text = from(0) + " or " + from(1) + kept; break;
      case Operation::kIntersect: entry.text = from(0) + " and " + from(1) + kept; break;
      case Operation::kDifference: entry.text = from(0) + " without " + from(1) + kept; break;
      case Operation::kSuperlative: entry.text = first.value + " of " + from(0); break;
      case Operation::kNearest: entry.text = "of " + from(1) + ", nearest to " + from(0); break;
      case Operation::kFarthest: entry.text = "of " + from(1) + ", farthest from " + from(0); break;
      case Operation::kCount: entry.text = "count " + from(0); break;
      case Operation::kNumber: entry.text = "the number " + first.value; break;
      case Operation::kExist: entry.text = "is there any of " + from(0); break;
      case Operation::kAll: entry.text = "are all of " + from(0) + " in " + from(1); break;
      case Operation::kMost: entry.text = "are most of " + from(0) + " in " + from(1); break;
      case Operation::kFewerThanHalf:
        entry.text = "are fewer than half of " + from(0) + " in " + from(1);
        break;
      case Operation::kQuery: entry.text = first.attribute + " of " + from(0); break;
      case Operation::kEqual:
        entry.text = "is the " + first.attribute + " of " + from(0) + " that of " + from(1);
        break;
      case Operation::kEqualInteger:
        entry.text = "are " + from(0) + " and " + from(1) + " as many";
        break;
      case Operation::kLessThan: entry.text = "are " + from(0) + " fewer than " + from(1); break;
      case Operation::kGreaterThan: entry.text = "are " + from(0) + " more than " + from(1); break;
      case Operation::kNot: entry.text = "not " + from(0); break;
      case Operation::kAnd: entry.text = from(0) + " and " + from(1); break;
      case Operation::kOr: entry.text = from(0) + " or " + from(1); break;
      case Operation::kExtreme: entry.text = first.value + " of " + from(0) + kept; break;
      case Operation::kRelateAny: entry.text = first.value + " any of " + from(0) + kept; break;
      case Operation::kTouching:
        entry.text = "of " + from(0) + ", touching the " + first.value + kept;
        break;
      case Operation::kKinds:
        entry.text = "different " + first.attribute + "s of " + from(0);
        break;
      case Operation::kSomeBox: entry.text = "does " + from(0) + " hold in some box" + box; break;
      case Operation::kEveryBox: entry.text = "does " + from(0) + " hold in every box" + box; break;
      case Operation::kCountBoxes: entry.text = "boxes in which " + from(0) + " holds" + box; break;
    }
  }

  const Program& program_;
  const Execution& execution_;
  std::vector<std::size_t> uses_;
  std::map<std::size_t, std::size_t> place_;
  std::vector<std::map<std::string, std::string>> filters_;
  std::vector<TraceStep> out_;
};

}  // namespace

std::vector<TraceStep> trace_of(const Program& program, const Execution& execution) {
  check(execution.ok() && execution.values.size() == program.size(), ErrorCode::kUsage,
        "only a program that came to its end has a trace: ", execution.failure);
  return Tracer(program, execution).run();
}

}  // namespace beholder::program
