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

/// "big green metal cylinder" of the filters; ends in the shape or name, else in `without`.
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
  /// The number of the trace step that holds a program step.
  std::string number(std::size_t step) const { return std::to_string(place_.at(step) + 1); }

  void add(std::size_t i) {
    const Step& step = program_[i];
    // A filter joins the step that it narrows, unless that has other uses.
    const bool joins =
        narrows(step.operation) && uses_[step.inputs[0]] == 1 && last_of(step.inputs[0]);
    if (!joins) {
      out_.emplace_back();
      filters_.emplace_back();
    }
    const std::size_t place = joins ? place_.at(step.inputs[0]) : out_.size() - 1;
    place_[i] = place;
    out_[place].steps.push_back(i);
    if (step.operation == Operation::kFilter) filters_[place][step.attribute] = step.value;
    write(place);
  }

  /// The box in which a step's parts are shown.
  std::string shown(std::size_t step) const {
    const auto box = execution_.shown_boxes.find(step);
    return box == execution_.shown_boxes.end() ? "" : concat(" (shown: box ", box->second + 1, ")");
  }

  bool last_of(std::size_t step) const {
    const auto found = place_.find(step);
    return found != place_.end() && out_[found->second].steps.back() == step;
  }

  /// Sets the text of a trace step; again whenever a program step is added to it.
  void write(std::size_t place) {
    TraceStep& entry = out_[place];
    const Step& first = program_[entry.steps.front()];
    const auto& filters = filters_[place];
    if (first.operation == Operation::kScene) {
      entry.operation = "find";
      entry.text = filters.empty() ? "all things" : "find " + noun_phrase(filters, "thing");
    } else if (narrows(first.operation)) {
      entry.operation = "filter";
      entry.text = "of " + number(first.inputs[0]) +
                   (filters.empty() ? ", the only one" : ", " + noun_phrase(filters, ""));
    } else {
      entry.operation = operation_name(first);
      entry.text = filled(signature_of(first.operation).words, entry, filters);
    }
  }

  /// What a step does (see `Signature::words`), filled in.
  std::string filled(const char* words, const TraceStep& entry,
                     const std::map<std::string, std::string>& filters) const {
    const Step& step = program_[entry.steps.front()];
    std::string out;
    for (const char* c = words; *c != 0; ++c) {
      if (*c != '%') {
        out += *c;
        continue;
      }
      switch (*++c) {
        case 'a': out += step.attribute; break;
        case 'v': out += step.value; break;
        case 'd': out += direction_phrase(step.value); break;
        case 'k': out += filters.empty() ? "" : ", " + noun_phrase(filters, ""); break;
        case 'b': out += shown(entry.steps.front()); break;
        default: out += number(step.inputs[static_cast<std::size_t>(*c - '0')]);
      }
    }
    return out;
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
