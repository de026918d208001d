#include "world/questions.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>

#include "program/places.hpp"
#include "world/phrase_writer.hpp"
#include "world/place_questions.hpp"
#include "world/statements.hpp"
#include "world/words.hpp"

namespace beholder::world {
namespace {

using program::Operation;
using program::Program;

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
  return text;
}

Maybe ask_count(Writer& w) {
  auto set = w.some(hops(w.random()), true);
  if (!set) return std::nullopt;
  push(set->program, Operation::kCount, {set->program.size() - 1});
  const char* forms[] = {"How many %s are there?", "What number of %s are there?", "Count the %s.",
                         "How many %s can you see?"};
  return finished(w, {filled(forms[w.random().below(4)], {set->noun}), "", "count", set->program});
}

Maybe ask_exist(Writer& w) {
  const bool plural = w.random().chance(0.5);
  auto set = w.some(hops(w.random()), plural);
  if (!set) return std::nullopt;
  push(set->program, Operation::kExist, {set->program.size() - 1});
  const std::string text =
      plural
          ? filled(w.random().chance(0.6) ? "Are there any %s?" : "Do you see any %s?", {set->noun})
          : filled(w.random().chance(0.6) ? "Is there a %s?" : "Can you see a %s?", {set->noun});
  return finished(w, {text, "", "exist", set->program});
}

Maybe ask_query(Writer& w) {
  const std::string attribute = w.attribute();
  auto thing = w.one(w.random().below(w.things()), hops(w.random()), attribute);
  if (!thing) return std::nullopt;
  push(thing->program, Operation::kQuery, {thing->program.size() - 1}, attribute);
  return finished(w, {query_text(attribute, thing->noun, w.random()), "", "query", thing->program});
}

Maybe ask_same(Writer& w) {
  const auto from = w.one(w.random().below(w.things()), w.random().chance(0.7) ? 0 : 1);
  if (!from) return std::nullopt;
  const std::string attribute = w.attribute();
  // Not by the attribute that is compared: the phrase would give it away.
  if (from->filters.count(attribute) > 0 && w.random().chance(0.5)) return std::nullopt;
  const Filters filters = w.some_of(w.random().below(w.things()), 0.25, attribute);
  const bool count = w.random().chance(0.5);
  Phrase set = w.alike(*from, attribute, filters, true);
  push(set.program, count ? Operation::kCount : Operation::kExist, {set.program.size() - 1});
  const std::string text = count ? filled("How many other %s are there?", {set.noun})
                                 : filled("Are there any other %s?", {set.noun});
  return finished(w, {text, "", "same", set.program});
}

/// Two sets joined. @param either true: or; false: and
Maybe ask_joined(Writer& w, bool either) {
  if (either) {
    const auto a = w.some(w.random().chance(0.5) ? 0 : 1, true),
               b = w.some(w.random().chance(0.5) ? 0 : 1, true);
    if (!a || !b || a->objects == b->objects) return std::nullopt;
    Program program = a->program;
    const std::size_t first = program.size() - 1;
    push(program, Operation::kUnion, {first, append(program, b->program)});
    push(program, Operation::kCount, {program.size() - 1});
    const char* forms[] = {"How many things are %s or %s?", "How many objects are either %s or %s?",
                           "What number of things are %s or %s?"};
    return finished(w, {filled(forms[w.random().below(3)], {a->noun, b->noun}), "", "or", program});
  }
  const auto from_a = w.one(w.random().below(w.things()), 0),
             from_b = w.one(w.random().below(w.things()), 0);
  if (!from_a || !from_b || from_a->objects == from_b->objects) return std::nullopt;
  const std::string one = w.direction(), other = w.direction();
  const Filters filters = w.some_of(w.random().below(w.things()), 0.3);
  Program program = from_a->program;
  const std::size_t first = push(program, Operation::kRelate, {program.size() - 1}, "", one);
  const std::size_t second = append(program, from_b->program);
  push(program, Operation::kIntersect,
       {first, push(program, Operation::kRelate, {second}, "", other)});
  for (const auto& [attribute, wanted] : filters)
    push(program, Operation::kFilter, {program.size() - 1}, attribute, wanted);
  const bool count = w.random().chance(0.5);
  push(program, count ? Operation::kCount : Operation::kExist, {program.size() - 1});
  const std::string noun = noun_phrase(filters, true, w.random());
  const std::string both = direction_phrase(one, w.random()) + " the " + from_a->noun + " and " +
                           direction_phrase(other, w.random()) + " the " + from_b->noun;
  return finished(w, {count ? filled("How many %s are both %s?", {noun, both})
                            : filled("Are there any %s that are both %s?", {noun, both}),
                      "", "and", program});
}

Maybe compare_counts(Writer& w) {
  const auto a = w.some(w.random().chance(0.7) ? 0 : 1, true),
             b = w.some(w.random().chance(0.7) ? 0 : 1, true);
  if (!a || !b || a->objects == b->objects || a->filters == b->filters) return std::nullopt;
  Program program = a->program;
  const std::size_t first = push(program, Operation::kCount, {program.size() - 1});
  const std::size_t last = append(program, b->program);
  const std::size_t second = push(program, Operation::kCount, {last});
  const std::size_t kind = w.random().below(3);
  const Operation operations[] = {Operation::kGreaterThan, Operation::kLessThan,
                                  Operation::kEqualInteger};
  push(program, operations[kind], {first, second});
  const char* forms[] = {"Are there more %s than %s?", "Are there fewer %s than %s?",
                         "Are there as many %s as %s?"};
  return finished(w, {filled(forms[kind], {a->noun, b->noun}), "", "compare_count", program});
}

Maybe compare_things(Writer& w) {
  const std::string attribute = w.attribute();
  const auto a = w.one(w.random().below(w.things()), w.random().chance(0.6) ? 0 : 1, attribute);
  const auto b = w.one(w.random().below(w.things()), w.random().chance(0.6) ? 0 : 1, attribute);
  if (!a || !b || a->objects == b->objects) return std::nullopt;
  Program program = a->program;
  const std::size_t first = push(program, Operation::kQuery, {program.size() - 1}, attribute);
  const std::size_t last = append(program, b->program);
  push(program, Operation::kEqual, {first, push(program, Operation::kQuery, {last}, attribute)},
       attribute);
  const std::string word = attribute_word(attribute, w.random());
  const char* forms[] = {"Do the %s and the %s have the same %s?",
                         "Is the %s of the same %s as the %s?"};
  const bool order = w.random().chance(0.5);
  return finished(w, {order ? filled(forms[0], {a->noun, b->noun, word})
                            : filled(forms[1], {a->noun, word, b->noun}),
                      "", "compare", program});
}

/// A statement or a question about how many of some things are such.
Maybe quantified(Writer& w, bool statement) {
  const std::size_t thing = w.random().below(w.things());
  const Filters of = w.some_of(thing, 0.3);
  const std::string attribute = w.attribute();
  if (of.count(attribute) > 0) return std::nullopt;
  const Filters such = {{attribute, w.value(w.random().below(w.things()), attribute)}};
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
    for (const auto& [name, value] : such)
      push(program, Operation::kFilter, {program.size() - 1}, name, value);
    const std::size_t count = push(program, Operation::kCount, {program.size() - 1});
    const auto there = static_cast<long>(w.set_of({program.begin(), program.end() - 1}).size());
    const long number = std::max(1L, there + static_cast<long>(w.random().below(3)) - 1);
    const std::size_t given = push(program, Operation::kNumber, {}, "", std::to_string(number));
    const std::string name = number_word(number);
    if (kind == 3) {
      push(program, Operation::kEqualInteger, {count, given});
      text = "exactly " + name;
    } else if (kind == 4) {
      push(program, Operation::kLessThan, {count, given});
      push(program, Operation::kNot, {program.size() - 1});
      text = "at least " + name;
    } else {
      push(program, Operation::kGreaterThan, {count, given});
      push(program, Operation::kNot, {program.size() - 1});
      text = "at most " + name;
    }
    text = statement
               ? capital(text) + " of the " + a.noun + (number == 1 ? " is " : " are ") + are + "."
               : (number == 1 ? "Is " : "Are ") + text + " of the " + a.noun + " " + are + "?";
  }
  return finished(w, {text, "", statement ? "statement" : "quantifier", program});
}

Maybe ask_superlative(Writer& w) {
  const std::string attribute = w.attribute();
  Program program;
  std::string noun;
  if (w.random().chance(0.6)) {
    const Filters filters = w.some_of(w.random().below(w.things()), 0.3, attribute);
    Phrase set = w.plain(filters, false);
    if (set.objects.size() < 2) return std::nullopt;
    const std::string value = w.random().among(w.superlatives());
    const std::string words = superlative_phrase(value, w.random());
    program = set.program;
    push(program, Operation::kSuperlative, {program.size() - 1}, "", value);
    noun = words.find(' ') == std::string::npos ? words + " " + set.noun : set.noun + " " + words;
  } else {
    const auto from = w.one(w.random().below(w.things()), 0);
    if (!from || w.things() < 3) return std::nullopt;
    program = from->program;
    const std::size_t first = program.size() - 1;
    const bool nearest = w.random().chance(0.6);
    push(program, nearest ? Operation::kNearest : Operation::kFarthest,
         {first, push(program, Operation::kScene)});
    noun = noun_phrase({}, false, w.random()) +
           (nearest ? " closest to the " : " farthest from the ") + from->noun;
  }
  push(program, Operation::kQuery, {program.size() - 1}, attribute);
  return finished(w, {query_text(attribute, noun, w.random()), "", "superlative", program});
}

/// "There is …" and "The … is left of the …", true or not.
Maybe state(Writer& w) {
  if (w.random().chance(0.5)) return quantified(w, true);
  if (w.random().chance(0.5)) {
    auto set = w.some(w.random().chance(0.6) ? 0 : 1, false);
    if (!set) return std::nullopt;
    push(set->program, Operation::kExist, {set->program.size() - 1});
    const bool denied = w.random().chance(0.25);
    if (denied) push(set->program, Operation::kNot, {set->program.size() - 1});
    return finished(w, {(denied ? "There is no " : "There is a ") + set->noun + ".", "",
                        "statement", set->program});
  }
  const std::size_t thing = w.random().below(w.things());
  const auto a = w.one(thing, 0), b = w.one(w.random().below(w.things()), 0);
  if (!a || !b || a->objects == b->objects) return std::nullopt;
  const std::string direction = w.direction();
  // The one is among what lies there: what lies there, narrowed as the one is, exists.
  Program program = b->program;
  const std::size_t there = push(program, Operation::kRelate, {program.size() - 1}, "", direction);
  Program one = a->program;
  one.pop_back();  // `unique`: a set is needed
  push(program, Operation::kIntersect, {there, append(program, one)});
  push(program, Operation::kExist, {program.size() - 1});
  return finished(w, {"The " + a->noun + " is " + direction_phrase(direction, w.random()) +
                          " the " + b->noun + ".",
                      "", "statement", program});
}

}  // namespace

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

program::World world_of(const Scene& scene) {
  program::World world;
  world.margin = 0.2;
  const Vec3 right = scene.right(), behind = scene.behind();
  for (const SceneObject& object : scene.objects) {
    program::Thing thing;
    thing.attributes = {{"size", object.size},
                        {"color", object.color},
                        {"material", material_name(object.material)},
                        {"shape", shape_name(object.shape)}};
    thing.across = dot(object.centre, right);
    thing.depth = dot(object.centre, behind);
    thing.height = object.centre.z;
    thing.extent = object.extent;
    const Vec3 seen = scene.camera.project(object.centre);
    program::set_place(thing, seen.x / static_cast<double>(scene.camera.width),
                       seen.y / static_cast<double>(scene.camera.height));
    world.things.push_back(std::move(thing));
  }
  return world;
}

bool Questioner::balanced(const Question& question) {
  const program::Step& last = question.program.back();
  auto& counts = answers_[question.family + " " + program::operation_name(last)];
  int total = 0;
  for (const auto& [answer, count] : counts) total += count;
  const int mine = counts[question.answer];
  // What can be answered in n ways should be so in 1/n of the cases; half as much more is let pass.
  const double allowed =
      1.5 * (total + 4.0) / static_cast<double>(std::max<std::size_t>(2, counts.size()));
  if (mine > allowed && !random_.chance(0.05)) return false;
  ++counts[question.answer];
  return true;
}

std::vector<Question> Questioner::ask(const program::World& world, std::size_t count) {
  static const std::vector<std::function<Maybe(Writer&)>> families = {
      ask_count,
      ask_exist,
      ask_query,
      ask_query,
      ask_same,
      [](Writer& w) { return ask_joined(w, true); },
      [](Writer& w) { return ask_joined(w, false); },
      compare_counts,
      compare_things,
      [](Writer& w) { return quantified(w, false); },
      ask_superlative,
      state,
      ask_whether,
      ask_whether,
      ask_place,
      ask_place,
      ask_where,
      ask_denied,
      ask_denied,
      ask_alternative};
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

std::vector<Reference> references(const program::World& world, const Language& language,
                                  std::uint64_t seed) {
  Random random(seed);
  Writer writer(world, language, random);
  std::vector<Reference> out;
  for (std::size_t thing = 0; thing < world.things.size(); ++thing)
    for (int hops = 0; hops < 3; ++hops)
      if (const auto phrase = writer.one(thing, hops)) {
        out.push_back({thing, "the " + phrase->noun, phrase->program});
        break;
      }
  return out;
}

std::vector<std::string> captions(const program::World& world, const Language& language,
                                  std::uint64_t seed, std::size_t count) {
  Random random(seed);
  Writer writer(world, language, random);
  const std::size_t things = world.things.size();
  std::vector<std::string> out;
  std::set<std::string> seen;
  for (std::size_t tries = 0; things > 0 && out.size() < count && tries < 20 * count; ++tries) {
    const std::size_t a = random.below(things), b = random.below(things);
    const auto named = [&](std::size_t thing) {
      Filters filters = writer.some_of(thing, 0.7);
      filters["shape"] = writer.value(thing, "shape");
      return noun_phrase(filters, false, random);
    };
    const auto with_article = [](const std::string& noun) {
      return (std::string("aeiou").find(noun[0]) != std::string::npos ? "an " : "a ") + noun;
    };
    std::string text;
    const double roll = random.unit();
    if (roll < 0.4 && a != b) {
      const std::string direction = writer.direction();
      if (!program::lies(world.things[a], direction, world.things[b], world.margin)) continue;
      text = with_article(named(a)) + " " + direction_phrase(direction, random) + " " +
             with_article(named(b));
    } else if (roll < 0.7 && a != b) {
      text = with_article(named(a)) + " and " + with_article(named(b));
    } else {
      const std::string attribute = writer.attribute();
      const Filters filters = {{attribute, writer.value(a, attribute)}};
      const Phrase set = writer.plain(filters, true);
      const auto number = static_cast<long>(set.objects.size());
      text = number == 1 ? "one " + noun_phrase(filters, false, random) + " among " +
                               number_word(static_cast<long>(things)) + " objects"
                         : number_word(number) + " " + set.noun + " among " +
                               number_word(static_cast<long>(things)) + " objects";
    }
    if (seen.insert(text).second) out.push_back(text);
  }
  return out;
}

}  // namespace beholder::world
