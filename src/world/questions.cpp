#include "world/questions.hpp"

#include <set>

#include "world/clevr_questions.hpp"
#include "world/place_questions.hpp"
#include "world/statements.hpp"

namespace beholder::world {

Language ground_language() { return {}; }

Language flat_language() {
  return {{"size", "color", "shape"},
          {"left", "right", "above", "below"},
          {"leftmost", "rightmost", "highest", "lowest"}};
}

Language boxes_language() {
  Language out = flat_language();
  out.boxes = true;
  return out;
}

bool Questioner::balanced(const Question& question) {
  const program::Step& last = question.program.back();
  auto& counts = answers_[question.family + " " + program::operation_name(last)];
  int total = 0;
  for (const auto& [answer, count] : counts) total += count;
  const int mine = counts[question.answer];
  // Of n answers each should come in 1/n of the cases; up to half more is accepted.
  const double allowed =
      1.5 * (total + 4.0) / static_cast<double>(std::max<std::size_t>(2, counts.size()));
  if (mine > allowed && !random_.chance(0.05)) return false;
  ++counts[question.answer];
  return true;
}

std::vector<Question> Questioner::ask(const program::World& world, std::size_t count) {
  static const std::vector<Maybe (*)(Writer&)> families = {
      ask_count,       ask_exist,     ask_query,           ask_query,           ask_same,
      ask_or,          ask_and,       ask_compared_counts, ask_compared_things, ask_quantified,
      ask_superlative, ask_statement, ask_whether,         ask_whether,         ask_place,
      ask_place,       ask_where,     ask_denied,          ask_denied,          ask_alternative};
  std::vector<Question> out;
  std::set<std::string> seen;
  if (world.things.empty()) return out;
  Writer writer(world, language_, random_);
  for (std::size_t tries = 0; out.size() < count && tries < 60 * count; ++tries) {
    const auto question =
        language_.boxes ? state_about_boxes(world, random_) : random_.among(families)(writer);
    if (!question || seen.count(question->text) > 0 || !balanced(*question)) continue;
    seen.insert(question->text);
    out.push_back(*question);
  }
  return out;
}

}  // namespace beholder::world
