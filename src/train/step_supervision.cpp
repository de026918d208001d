#include "train/step_supervision.hpp"

#include "core/check.hpp"

namespace beholder::train {
namespace {

using program::Kind;
using program::Operation;

class Walk {
 public:
  Walk(const program::Program& program, const program::Execution& execution)
      : program_(program), execution_(execution), out_(kStepPlaces) {}

  void visit(std::size_t step, std::size_t place) {
    if (place >= kStepPlaces) return;
    const program::Value& value = execution_.values[step];
    if (const auto* set = std::get_if<program::Set>(&value)) out_[place] = *set;
    if (const auto* object = std::get_if<program::Object>(&value))
      out_[place] = program::Set{object->place};
    // Filters narrow what is found; what is found is named once, at its narrowest.
    while (program_[step].operation == Operation::kFilter ||
           program_[step].operation == Operation::kUnique)
      step = program_[step].inputs[0];
    const std::vector<std::size_t>& inputs = program_[step].inputs;
    const Kind result = program::signature_of(program_[step].operation).result;
    if (inputs.size() == 1 && result != Kind::kSet && result != Kind::kObject)
      visit(inputs[0], place);  // a count, a query, a negation: no set of its own
    else
      for (std::size_t k = 0; k < inputs.size(); ++k) visit(inputs[k], 2 * place + 1 + k);
  }

  std::vector<std::optional<program::Set>> result() { return std::move(out_); }

 private:
  const program::Program& program_;
  const program::Execution& execution_;
  std::vector<std::optional<program::Set>> out_;
};

}  // namespace

std::vector<std::optional<program::Set>> step_targets(const program::Program& program,
                                                      const program::Execution& execution) {
  check(execution.ok() && execution.values.size() == program.size(), ErrorCode::kUsage,
        "only a program that came to its end holds sets: ", execution.failure);
  Walk walk(program, execution);
  walk.visit(program.size() - 1, 0);
  return walk.result();
}

}  // namespace beholder::train
