#include "world/questions.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>

#include "world/statements.hpp"
#include "world/words.hpp"

namespace beholder::world {
namespace {

using program::Operation;
using program::Program;
using program::Step;
using Set = program::Set;

/// Attribute values that a thing must have; empty: anything.
using Filters = std::map<std::string, std::string>;

/// A program that ends in a set or an object, with the words for it.
struct Phrase {
  Program program;
  std::string noun;  ///< "small red balls" or "ball", after "the", "a" or nothing
  Set objects;
  Filters filters;  ///< the last ones
};

/// Adds a step whose inputs are given as places. @return its place
std::size_t push(Program& program, Operation operation, std::vector<std::size_t> inputs = {},
                 const std::string& attribute = "", const std::string& value = "") {
  program.push_back({operation, attribute, value, std::move(inputs)});
  return program.size() - 1;
}

/// Puts one program behind another. @return the place of the appended one's last step
std::size_t append(Program& program, const Program& more) {
  const std::size_t shift = program.size();
  for (Step step : more) {
    for (std::size_t& input : step.inputs) input += shift;
    program.push_back(std::move(step));
  }
  return program.size() - 1;
}

/// Writes phrases and questions about one scene.
class Writer {
 public:
  Writer(const program::World& world, const Language& language, Random& random)
      : world_(world), language_(language), random_(random) {}

  const std::vector<std::string>& superlatives() const { return language_.superlatives; }
  const std::string& direction() { return random_.among(language_.directions); }
  const std::string& attribute() { return random_.among(language_.attributes); }
  std::size_t things() const { return world_.things.size(); }

  /// What the last step gives; nothing when the program fails.
  std::optional<program::Value> run(const Program& program) const {
    const program::Execution execution = execute(program, world_);
    if (!execution.ok()) return std::nullopt;
    return execution.values.back();
  }

  Set set_of(const Program& program) const {
    const auto value = run(program);
    return value && std::holds_alternative<Set>(*value) ? std::get<Set>(*value) : Set{};
  }

  const std::string& value(std::size_t thing, const std::string& attribute) const {
    return world_.things[thing].attributes.at(attribute);
  }

  /// Some attributes of a thing: each with a chance, none of `without`.
  Filters some_of(std::size_t thing, double chance, const std::string& without = "") {
    Filters out;
    for (const std::string& attribute : language_.attributes)
      if (attribute != without && random_.chance(chance)) out[attribute] = value(thing, attribute);
    return out;
  }

  /// A phrase narrowed by filters.
  Phrase narrowed(Phrase phrase, const Filters& filters, bool plural) {
    for (const auto& [attribute, wanted] : filters)
      push(phrase.program, Operation::kFilter, {phrase.program.size() - 1}, attribute, wanted);
    phrase.filters = filters;
    phrase.noun = noun_phrase(filters, plural, random_) + phrase.noun;
    phrase.objects = set_of(phrase.program);
    return phrase;
  }

  /// All things with some values.
  Phrase plain(const Filters& filters, bool plural) {
    Phrase out;
    push(out.program, Operation::kScene);
    return narrowed(std::move(out), filters, plural);
  }

  /// The things in a direction of one.
  Phrase beside(const Phrase& of, const std::string& direction, const Filters& filters,
                bool plural) {
    Phrase out;
    out.program = of.program;
    push(out.program, Operation::kRelate, {out.program.size() - 1}, "", direction);
    const std::string joint = plural                ? random_.chance(0.5) ? " " : " that are "
                              : random_.chance(0.5) ? " "
                                                    : " that is ";
    out.noun = joint + direction_phrase(direction, random_) + " the " + of.noun;
    return narrowed(std::move(out), filters, plural);
  }

  /// The others with the same attribute as one.
  Phrase alike(const Phrase& of, const std::string& attribute, const Filters& filters,
               bool plural) {
    Phrase out;
    out.program = of.program;
    push(out.program, Operation::kSame, {out.program.size() - 1}, attribute);
    out.noun = (plural ? random_.chance(0.5) ? " with the same " : " that have the same "
                : random_.chance(0.5) ? " with the same "
                                      : " that has the same ") +
               attribute_word(attribute, random_) +
               (random_.chance(0.5) ? " as the " : " as that of the ") + of.noun;
    return narrowed(std::move(out), filters, plural);
  }

  /// A phrase for one thing through `hops` relations; nothing when none was found that needs all
  /// its parts.
  std::optional<Phrase> one(std::size_t thing, int hops, const std::string& hidden = "") {
    for (int tries = 0; tries < 12; ++tries) {
      const Filters filters = some_of(thing, hops == 0 ? 0.5 : 0.35, hidden);
      Phrase out;
      if (hops == 0) {
        out = plain(filters, false);
      } else {
        const std::size_t other = random_.below(things());
        if (other == thing) continue;
        const auto from = one(other, hops - 1);
        if (!from) continue;
        out = beside(*from, direction(), filters, false);
        // The relation must do something.
        if (plain(filters, false).objects.size() == out.objects.size()) continue;
      }
      if (out.objects != Set{thing}) continue;
      push(out.program, Operation::kUnique, {out.program.size() - 1});
      return out;
    }
    return std::nullopt;
  }

  /// Some things through `hops` relations, or the empty set.
  std::optional<Phrase> some(int hops, bool plural) {
    const std::size_t thing = random_.below(things());
    Filters filters = some_of(thing, 0.4);
    // Now and then a mixture of two things, which may not exist.
    if (random_.chance(0.5)) {
      const std::size_t other = random_.below(things());
      for (const std::string& attribute : language_.attributes)
        if (filters.count(attribute) > 0 && random_.chance(0.5))
          filters[attribute] = value(other, attribute);
    }
    if (hops == 0) return filters.empty() ? std::nullopt : std::optional(plain(filters, plural));
    const auto from = one(random_.below(things()), hops - 1);
    if (!from) return std::nullopt;
    return beside(*from, direction(), filters, plural);
  }

  Random& random() { return random_; }

 private:
  const program::World& world_;
  const Language& language_;
  Random& random_;
};

using Maybe = std::optional<Question>;

Maybe finished(const Writer& writer, Question question) {
  const auto value = writer.run(question.program);
  if (!value) return std::nullopt;
  question.answer = program::answer_text(*value);
  if (question.family == "statement") question.answer = question.answer == "yes" ? "true" : "false";
  return question;
}

int hops(Random& random) {
  const double roll = random.unit();
  return roll < 0.3 ? 0 : roll < 0.6 ? 1 : roll < 0.85 ? 2 : 3;
}

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
      state};
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
