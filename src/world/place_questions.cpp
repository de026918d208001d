#include "world/place_questions.hpp"

#include <algorithm>

#include "text/words.hpp"

namespace beholder::world {
namespace {

using program::Operation;
using program::Program;

/// Places as filters, each with the phrases for it.
struct Place {
  Filters filters;
  std::vector<std::string> phrases;
};

const std::vector<Place>& flat_places() {
  static const std::vector<Place> table = [] {
    std::vector<Place> out;
    for (const std::string side : {"left", "right"})
      out.push_back({{{"side", side}},
                     {"on the " + side, "on the " + side + " side", "on the " + side,
                      "on the " + side + " side of the picture", "at the " + side,
                      "in the " + side + " half of the picture", "on the " + side + " of the image",
                      "on the " + side + " hand side", "in the " + side + " part of the image"}});
    const std::pair<std::string, std::string> levels[] = {{"top", "upper"}, {"bottom", "lower"}};
    for (const auto& [level, other] : levels)
      out.push_back({{{"level", level}},
                     {"at the " + level, "at the " + level + " of the picture",
                      "in the " + other + " half of the picture", "on the " + level,
                      "in the " + level + " part of the image", "in the " + other + " part",
                      "near the " + level + " of the picture", "in the " + level + " half"}});
    out.push_back({{{"place", "middle"}},
                   {"in the middle", "in the center", "in the middle of the picture",
                    "at the centre of the image", "in the centre", "at the center"}});
    for (const auto& [level, other] : levels)
      for (const std::string side : {"left", "right"})
        out.push_back({{{"level", level}, {"side", side}},
                       {"in the " + level + " " + side, "in the " + level + " " + side + " corner",
                        "at the " + other + " " + side, "in the " + other + " " + side + " corner",
                        "at the " + level + " " + side + " of the picture"}});
    return out;
  }();
  return table;
}

const Place& draw_place(Random& random) { return random.among(flat_places()); }

std::size_t filter(Program& program, const Filters& filters) {
  for (const auto& [attribute, value] : filters)
    extend(program, Operation::kFilter, attribute, value);
  return program.size() - 1;
}

/// A phrase for a set narrowed by a place: "red cubes that are on the left".
Phrase placed(Writer& w, Phrase set, const Place& place, bool plural) {
  filter(set.program, place.filters);
  const std::string joint = w.chance(0.7) ? " " : plural ? " that are " : " that is ";
  set.noun += joint + w.random().among(place.phrases);
  set.objects = w.set_of(set.program);
  return set;
}

/// One thing, named by attributes, a relation or a superlative, as a set.
std::optional<Phrase> subject(Writer& w, const std::string& hidden) {
  if (w.chance(0.2)) {
    const Filters filters = w.some_of(w.any_thing(), 0.3, hidden);
    Phrase set = w.plain(filters, false);
    if (set.objects.size() < 2) return std::nullopt;
    const std::string value = w.random().among(w.superlatives());
    extend(set.program, Operation::kExtreme, "", value);
    set.noun = superlative_noun(value, set.noun, w.random());
    set.objects = w.set_of(set.program);
    return set.objects.size() == 1 ? std::optional(set) : std::nullopt;
  }
  auto one = w.one(w.any_thing(), w.chance(0.7) ? 0 : 1, hidden);
  if (!one) return std::nullopt;
  one->program.pop_back();  // `unique`: a set is needed
  return one;
}

/// What follows "is": "red", "made of metal", "a cube".
std::string complement(Writer& w, const std::string& attribute, const std::string& value) {
  if (attribute == "shape")
    return text::with_article(noun_phrase({{"shape", value}}, false, w.random()));
  return predicate(attribute, value, w.random());
}

/// The value of some thing of the scene.
std::string some_value(Writer& w, const std::string& attribute) {
  return w.value(w.any_thing(), attribute);
}

}  // namespace

Maybe ask_whether(Writer& w) {
  const std::string attribute = w.attribute();
  auto set = subject(w, attribute);
  if (!set || set->filters.count(attribute) > 0) return std::nullopt;
  const bool where = w.chance(0.3);
  const Place& place = draw_place(w.random());
  std::string said;
  if (where) {
    filter(set->program, place.filters);
    said = w.random().among(place.phrases);
  } else {
    const std::string value = some_value(w, attribute);
    filter(set->program, {{attribute, value}});
    said = complement(w, attribute, value);
  }
  extend(set->program, Operation::kExist);
  const bool denied = w.chance(0.25);
  if (denied) extend(set->program, Operation::kNot);
  const bool tag = !denied && w.chance(0.1);
  return finished(w, "whether",
                  filled(denied ? "Is the %s not %s?"
                         : tag  ? "Isn't the %s %s?"
                                : "Is the %s %s?",
                         {set->noun, said}),
                  set->program);
}

Maybe ask_place(Writer& w) {
  const Place& place = draw_place(w.random());
  const double roll = w.random().unit();
  if (roll < 0.35) {  // what is there has some attribute
    const std::string attribute = w.attribute();
    const Filters filters = w.some_of(w.any_thing(), 0.35, attribute);
    Phrase set = placed(w, w.plain(filters, false), place, false);
    if (set.objects.size() != 1) return std::nullopt;
    extend(set.program, Operation::kUnique);
    extend(set.program, Operation::kQuery, attribute);
    return finished(w, "place_query", query_text(attribute, set.noun, w.random()), set.program);
  }
  const Filters filters = w.some_of(w.any_thing(), 0.35);
  const bool count = roll < 0.65, plural = count || w.chance(0.4);
  Phrase set = w.plain(filters, plural);
  filter(set.program, place.filters);
  extend(set.program, count ? Operation::kCount : Operation::kExist);
  const char* form =
      count    ? w.any({"How many %s are %s?", "How many %s are there %s?",
                        "How many %s can you see %s?", "What number of %s are %s?"})
      : plural ? w.any({"Are there any %s %s?", "Are there %s %s?", "Do you see any %s %s?"})
               : w.any({"Is there a %s %s?", "Can you see a %s %s?", "Is a %s %s?"});
  return finished(w, count ? "place_count" : "place_exist",
                  filled(form, {set.noun, w.random().among(place.phrases)}), set.program);
}

Maybe ask_where(Writer& w) {
  if (w.chance(0.4)) {  // what is there
    const Place& place = draw_place(w.random());
    Phrase set = placed(w, w.plain({}, false), place, false);
    if (set.objects.size() != 1) return std::nullopt;
    extend(set.program, Operation::kUnique);
    extend(set.program, Operation::kQuery, "shape");
    return finished(w, "what_there",
                    filled(w.any({"What is %s?", "What do you see %s?", "What can be seen %s?"}),
                           {w.random().among(place.phrases)}),
                    set.program);
  }
  auto thing = w.one(w.any_thing(), w.chance(0.7) ? 0 : 1);
  if (!thing) return std::nullopt;
  const double roll = w.random().unit();
  const std::string attribute = roll < 0.7 ? "place" : "side";
  extend(thing->program, Operation::kQuery, attribute);
  return finished(
      w, "where",
      filled(attribute == "place"
                 ? w.any({"Where is the %s?", "Where is the %s in the picture?",
                          "In which part of the picture is the %s?", "Where can I find the %s?",
                          "Where do you see the %s?"})
                 : w.any({"On which side is the %s?", "On what side of the picture is the %s?",
                          "Which side is the %s on?"}),
             {thing->noun}),
      thing->program);
}

Maybe ask_denied(Writer& w) {
  const double roll = w.random().unit();
  if (roll < 0.55) {
    const bool plural = w.chance(0.5);
    auto set = w.some(w.chance(0.75) ? 0 : 1, plural);
    if (!set) return std::nullopt;
    extend(set->program, Operation::kExist);
    const bool tag = w.chance(0.2);
    if (!tag) extend(set->program, Operation::kNot);
    const char* tags[] = {"Isn't there a %s?", "Aren't there any %s?"};
    const char* form =
        tag      ? tags[plural ? 1 : 0]
        : plural ? w.any({"Are there no %s?", "Are there not any %s?", "Is the picture without %s?",
                          "Is this a scene without any %s?"})
                 : w.any({"Is there no %s?", "Is there not a %s?",
                          "Is it true that there is no %s?", "Is there not any %s?"});
    return finished(w, "denied", filled(form, {set->noun}), set->program);
  }
  const Filters of = w.some_of(w.any_thing(), 0.35);
  const std::string attribute = w.attribute();
  if (of.count(attribute) > 0) return std::nullopt;
  const bool where = w.chance(0.25);
  const Place& place = draw_place(w.random());
  const Filters such = where ? place.filters : Filters{{attribute, some_value(w, attribute)}};
  if (where && such.size() > 1) return std::nullopt;
  Phrase base = w.plain(of, true);
  Program program = base.program;
  const std::size_t first = program.size() - 1;
  Program others;
  push(others, Operation::kScene);
  filter(others, such);
  push(program, Operation::kDifference, {first, append(program, others)});
  const bool count = w.chance(0.6);
  extend(program, count ? Operation::kCount : Operation::kExist);
  const bool shape = !where && attribute == "shape";
  if (shape && of.empty() && w.chance(0.5)) {
    const std::string noun = noun_phrase(such, true, w.random());
    if (count)
      return finished(w, "denied",
                      filled(w.any({"How many %s other than %s are there?",
                                    "How many %s besides %s are there?"}),
                             {base.noun, noun}),
                      program);
  }
  const std::string said = where ? w.random().among(place.phrases)
                                 : predicate(attribute, such.begin()->second, w.random());
  return finished(
      w, "denied",
      filled(count ? w.any({"How many %s are not %s?", "How many %s aren't %s?",
                            "What number of %s are not %s?"})
                   : w.any({"Are there any %s that are not %s?", "Are there %s that aren't %s?",
                            "Do you see any %s that are not %s?"}),
             {base.noun, said}),
      program);
}

Maybe ask_alternative(Writer& w) {
  const bool where = w.chance(0.3);
  const std::string attribute = where ? (w.chance(0.6) ? "side" : "level") : w.attribute();
  auto thing = w.one(w.any_thing(), w.chance(0.75) ? 0 : 1, attribute);
  if (!thing || thing->filters.count(attribute) > 0) return std::nullopt;
  extend(thing->program, Operation::kQuery, attribute);
  const auto value = w.run(thing->program);
  if (!value) return std::nullopt;
  std::string right = std::get<std::string>(*value), wrong;
  std::vector<std::string> said;
  if (where) {
    if (right == "middle") return std::nullopt;
    const std::vector<std::string> both = attribute == "side"
                                              ? std::vector<std::string>{"left", "right"}
                                              : std::vector<std::string>{"top", "bottom"};
    const std::string on = attribute == "side" || w.chance(0.3) ? "on the " : "at the ";
    const bool twice = w.chance(0.5);
    said = {on + both[0], (twice ? on : w.chance(0.5) ? "the " : "") + both[1]};
  } else {
    wrong = some_value(w, attribute);
    if (wrong == right) return std::nullopt;
    said = {complement(w, attribute, right), complement(w, attribute, wrong)};
    if (w.chance(0.5)) std::swap(said[0], said[1]);
  }
  return finished(
      w, "alternative",
      filled(w.any({"Is the %s %s or %s?", "Is the %s %s, or %s?", "Is the %s %s or is it %s?"}),
             {thing->noun, said[0], said[1]}),
      thing->program);
}

}  // namespace beholder::world
