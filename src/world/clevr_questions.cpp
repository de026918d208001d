#include "world/clevr_questions.hpp"

#include <algorithm>

namespace beholder::world {
namespace {

using program::Operation;
using program::Program;

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
  return text;
}

/// A statement or a question about how many of some things are such.
Maybe quantified(Writer& w, bool statement) {
  const std::size_t thing = w.any_thing();
  const Filters of = w.some_of(thing, 0.3);
  const std::string attribute = w.attribute();
  if (of.count(attribute) > 0) return std::nullopt;
  const Filters such = {{attribute, w.value(w.any_thing(), attribute)}};
  Phrase a = w.plain(of, true);
  const std::string are = predicate(attribute, such.at(attribute), w.random());
  const std::size_t kind = w.random().below(6);
  Program program = a.program;
  std::string text;
  if (kind < 3) {
    const std::size_t first = program.size() - 1;
    if (a.objects.size() < 2) return std::nullopt;
    const Operation operations[] = {Operation::kAll, Operation::kMost, Operation::kFewerThanHalf};
    push(program, operations[kind], {first, append(program, w.plain(such, true).program)});
    const char* words[] = {"all", "most", "fewer than half"};
    text = statement ? capital(words[kind]) + " of the " + a.noun + " are " + are + "."
                     : "Are " + std::string(words[kind]) + " of the " + a.noun + " " + are + "?";
  } else {
    for (const auto& [name, value] : such) extend(program, Operation::kFilter, name, value);
    const std::size_t count = extend(program, Operation::kCount);
    const auto there = static_cast<long>(w.set_of({program.begin(), program.end() - 1}).size());
    const long number = std::max(1L, there + static_cast<long>(w.random().below(3)) - 1);
    const std::size_t given = push(program, Operation::kNumber, {}, "", std::to_string(number));
    const std::string name = number_word(number);
    if (kind == 3) {
      push(program, Operation::kEqualInteger, {count, given});
      text = "exactly " + name;
    } else if (kind == 4) {
      push(program, Operation::kLessThan, {count, given});
      extend(program, Operation::kNot);
      text = "at least " + name;
    } else {
      push(program, Operation::kGreaterThan, {count, given});
      extend(program, Operation::kNot);
      text = "at most " + name;
    }
    text = statement
               ? capital(text) + " of the " + a.noun + (number == 1 ? " is " : " are ") + are + "."
               : (number == 1 ? "Is " : "Are ") + text + " of the " + a.noun + " " + are + "?";
  }
  return finished(w, statement ? "statement" : "quantifier", text, program);
}

}  // namespace

Maybe ask_count(Writer& w) {
  auto set = w.some(hops(w.random()), true);
  if (!set) return std::nullopt;
  extend(set->program, Operation::kCount);
  return finished(w, "count",
                  filled(w.any({"How many %s are there?", "What number of %s are there?",
                                "Count the %s.", "How many %s can you see?"}),
                         {set->noun}),
                  set->program);
}

Maybe ask_exist(Writer& w) {
  const bool plural = w.chance(0.5);
  auto set = w.some(hops(w.random()), plural);
  if (!set) return std::nullopt;
  extend(set->program, Operation::kExist);
  const std::string text =
      plural ? filled(w.chance(0.6) ? "Are there any %s?" : "Do you see any %s?", {set->noun})
             : filled(w.chance(0.6) ? "Is there a %s?" : "Can you see a %s?", {set->noun});
  return finished(w, "exist", text, set->program);
}

Maybe ask_query(Writer& w) {
  const std::string attribute = w.attribute();
  auto thing = w.one(w.any_thing(), hops(w.random()), attribute);
  if (!thing) return std::nullopt;
  extend(thing->program, Operation::kQuery, attribute);
  return finished(w, "query", query_text(attribute, thing->noun, w.random()), thing->program);
}

Maybe ask_same(Writer& w) {
  const auto from = w.one(w.any_thing(), w.chance(0.7) ? 0 : 1);
  if (!from) return std::nullopt;
  const std::string attribute = w.attribute();
  // Not by the attribute that is compared: the phrase would give it away.
  if (from->filters.count(attribute) > 0 && w.chance(0.5)) return std::nullopt;
  const Filters filters = w.some_of(w.any_thing(), 0.25, attribute);
  const bool count = w.chance(0.5);
  Phrase set = w.alike(*from, attribute, filters, true);
  extend(set.program, count ? Operation::kCount : Operation::kExist);
  const std::string text = count ? filled("How many other %s are there?", {set.noun})
                                 : filled("Are there any other %s?", {set.noun});
  return finished(w, "same", text, set.program);
}

Maybe ask_or(Writer& w) {
  const auto a = w.some(w.chance(0.5) ? 0 : 1, true), b = w.some(w.chance(0.5) ? 0 : 1, true);
  if (!a || !b || a->objects == b->objects) return std::nullopt;
  Program program = a->program;
  const std::size_t first = program.size() - 1;
  push(program, Operation::kUnion, {first, append(program, b->program)});
  extend(program, Operation::kCount);
  return finished(
      w, "or",
      filled(w.any({"How many things are %s or %s?", "How many objects are either %s or %s?",
                    "What number of things are %s or %s?"}),
             {a->noun, b->noun}),
      program);
}

Maybe ask_and(Writer& w) {
  const auto from_a = w.one(w.any_thing(), 0), from_b = w.one(w.any_thing(), 0);
  if (!from_a || !from_b || from_a->objects == from_b->objects) return std::nullopt;
  const std::string one = w.direction(), other = w.direction();
  const Filters filters = w.some_of(w.any_thing(), 0.3);
  Program program = from_a->program;
  const std::size_t first = extend(program, Operation::kRelate, "", one);
  const std::size_t second = append(program, from_b->program);
  push(program, Operation::kIntersect,
       {first, push(program, Operation::kRelate, {second}, "", other)});
  for (const auto& [attribute, wanted] : filters)
    extend(program, Operation::kFilter, attribute, wanted);
  const bool count = w.chance(0.5);
  extend(program, count ? Operation::kCount : Operation::kExist);
  const std::string noun = noun_phrase(filters, true, w.random());
  const std::string both = direction_phrase(one, w.random()) + " the " + from_a->noun + " and " +
                           direction_phrase(other, w.random()) + " the " + from_b->noun;
  return finished(w, "and",
                  count ? filled("How many %s are both %s?", {noun, both})
                        : filled("Are there any %s that are both %s?", {noun, both}),
                  program);
}

Maybe ask_compared_counts(Writer& w) {
  const auto a = w.some(w.chance(0.7) ? 0 : 1, true), b = w.some(w.chance(0.7) ? 0 : 1, true);
  if (!a || !b || a->objects == b->objects || a->filters == b->filters) return std::nullopt;
  Program program = a->program;
  const std::size_t first = extend(program, Operation::kCount);
  const std::size_t last = append(program, b->program);
  const std::size_t second = push(program, Operation::kCount, {last});
  const std::size_t kind = w.random().below(3);
  const Operation operations[] = {Operation::kGreaterThan, Operation::kLessThan,
                                  Operation::kEqualInteger};
  push(program, operations[kind], {first, second});
  const char* forms[] = {"Are there more %s than %s?", "Are there fewer %s than %s?",
                         "Are there as many %s as %s?"};
  return finished(w, "compare_count", filled(forms[kind], {a->noun, b->noun}), program);
}

Maybe ask_compared_things(Writer& w) {
  const std::string attribute = w.attribute();
  const auto a = w.one(w.any_thing(), w.chance(0.6) ? 0 : 1, attribute);
  const auto b = w.one(w.any_thing(), w.chance(0.6) ? 0 : 1, attribute);
  if (!a || !b || a->objects == b->objects) return std::nullopt;
  Program program = a->program;
  const std::size_t first = extend(program, Operation::kQuery, attribute);
  const std::size_t last = append(program, b->program);
  push(program, Operation::kEqual, {first, push(program, Operation::kQuery, {last}, attribute)},
       attribute);
  const std::string word = attribute_word(attribute, w.random());
  const char* forms[] = {"Do the %s and the %s have the same %s?",
                         "Is the %s of the same %s as the %s?"};
  const bool order = w.chance(0.5);
  return finished(w, "compare",
                  order ? filled(forms[0], {a->noun, b->noun, word})
                        : filled(forms[1], {a->noun, word, b->noun}),
                  program);
}

Maybe ask_quantified(Writer& w) { return quantified(w, false); }

Maybe ask_superlative(Writer& w) {
  const std::string attribute = w.attribute();
  Program program;
  std::string noun;
  if (w.chance(0.6)) {
    const Filters filters = w.some_of(w.any_thing(), 0.3, attribute);
    Phrase set = w.plain(filters, false);
    if (set.objects.size() < 2) return std::nullopt;
    const std::string value = w.random().among(w.superlatives());
    program = set.program;
    extend(program, Operation::kSuperlative, "", value);
    noun = superlative_noun(value, set.noun, w.random());
  } else {
    const auto from = w.one(w.any_thing(), 0);
    if (!from || w.things() < 3) return std::nullopt;
    program = from->program;
    const std::size_t first = program.size() - 1;
    const bool nearest = w.chance(0.6);
    push(program, nearest ? Operation::kNearest : Operation::kFarthest,
         {first, push(program, Operation::kScene)});
    noun = noun_phrase({}, false, w.random()) +
           (nearest ? " closest to the " : " farthest from the ") + from->noun;
  }
  extend(program, Operation::kQuery, attribute);
  return finished(w, "superlative", query_text(attribute, noun, w.random()), program);
}

Maybe ask_statement(Writer& w) {
  if (w.chance(0.5)) return quantified(w, true);
  if (w.chance(0.5)) {
    auto set = w.some(w.chance(0.6) ? 0 : 1, false);
    if (!set) return std::nullopt;
    extend(set->program, Operation::kExist);
    const bool denied = w.chance(0.25);
    if (denied) extend(set->program, Operation::kNot);
    return finished(w, "statement", (denied ? "There is no " : "There is a ") + set->noun + ".",
                    set->program);
  }
  const std::size_t thing = w.any_thing();
  const auto a = w.one(thing, 0), b = w.one(w.any_thing(), 0);
  if (!a || !b || a->objects == b->objects) return std::nullopt;
  const std::string direction = w.direction();
  // The one is among what lies there: what lies there, narrowed as the one is, exists.
  Program program = b->program;
  const std::size_t there = extend(program, Operation::kRelate, "", direction);
  Program one = a->program;
  one.pop_back();  // `unique`: a set is needed
  push(program, Operation::kIntersect, {there, append(program, one)});
  extend(program, Operation::kExist);
  return finished(
      w, "statement",
      "The " + a->noun + " is " + direction_phrase(direction, w.random()) + " the " + b->noun + ".",
      program);
}

}  // namespace beholder::world
