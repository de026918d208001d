#include "world/place_questions.hpp"

#include <algorithm>

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
    push(program, Operation::kFilter, {program.size() - 1}, attribute, value);
  return program.size() - 1;
}

std::string with_article(const std::string& noun) {
  return (std::string("aeiou").find(noun[0]) != std::string::npos ? "an " : "a ") + noun;
}

/// A phrase for a set narrowed by a place: "red cubes that are on the left".
Phrase placed(Writer& w, Phrase set, const Place& place, bool plural) {
  filter(set.program, place.filters);
  const std::string joint = w.random().chance(0.7) ? " " : plural ? " that are " : " that is ";
  set.noun += joint + w.random().among(place.phrases);
  set.objects = w.set_of(set.program);
  return set;
}

/// A thing named by its attributes, by a relation or as the leftmost and its like, as a set of one.
std::optional<Phrase> subject(Writer& w, const std::string& hidden) {
  if (w.random().chance(0.2)) {
    const Filters filters = w.some_of(w.random().below(w.things()), 0.3, hidden);
    Phrase set = w.plain(filters, false);
    if (set.objects.size() < 2) return std::nullopt;
    const std::string value = w.random().among(w.superlatives());
    const std::string words = superlative_phrase(value, w.random());
    push(set.program, Operation::kExtreme, {set.program.size() - 1}, "", value);
    set.noun =
        words.find(' ') == std::string::npos ? words + " " + set.noun : set.noun + " " + words;
    set.objects = w.set_of(set.program);
    return set.objects.size() == 1 ? std::optional(set) : std::nullopt;
  }
  auto one = w.one(w.random().below(w.things()), w.random().chance(0.7) ? 0 : 1, hidden);
  if (!one) return std::nullopt;
  one->program.pop_back();  // `unique`: a set is needed
  return one;
}

/// What follows "is": "red", "made of metal", "a cube".
std::string complement(Writer& w, const std::string& attribute, const std::string& value) {
  if (attribute == "shape") return with_article(noun_phrase({{"shape", value}}, false, w.random()));
  return predicate(attribute, value, w.random());
}

/// A value that things here have.
std::string some_value(Writer& w, const std::string& attribute) {
  return w.value(w.random().below(w.things()), attribute);
}

}  // namespace

Maybe ask_whether(Writer& w) {
  const std::string attribute = w.attribute();
  auto set = subject(w, attribute);
  if (!set || set->filters.count(attribute) > 0) return std::nullopt;
  const bool where = w.random().chance(0.3);
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
  push(set->program, Operation::kExist, {set->program.size() - 1});
  const bool denied = w.random().chance(0.25);
  if (denied) push(set->program, Operation::kNot, {set->program.size() - 1});
  const bool tag = !denied && w.random().chance(0.1);
  return finished(w, {filled(denied ? "Is the %s not %s?"
                             : tag  ? "Isn't the %s %s?"
                                    : "Is the %s %s?",
                             {set->noun, said}),
                      "", "whether", set->program});
}

Maybe ask_place(Writer& w) {
  const Place& place = draw_place(w.random());
  const double roll = w.random().unit();
  if (roll < 0.35) {  // what is there has some attribute
    const std::string attribute = w.attribute();
    const Filters filters = w.some_of(w.random().below(w.things()), 0.35, attribute);
    Phrase set = placed(w, w.plain(filters, false), place, false);
    if (set.objects.size() != 1) return std::nullopt;
    push(set.program, Operation::kUnique, {set.program.size() - 1});
    push(set.program, Operation::kQuery, {set.program.size() - 1}, attribute);
    return finished(w,
                    {query_text(attribute, set.noun, w.random()), "", "place_query", set.program});
  }
  const Filters filters = w.some_of(w.random().below(w.things()), 0.35);
  const bool count = roll < 0.65, plural = count || w.random().chance(0.4);
  Phrase set = w.plain(filters, plural);
  filter(set.program, place.filters);
  push(set.program, count ? Operation::kCount : Operation::kExist, {set.program.size() - 1});
  const char* counts[] = {"How many %s are %s?", "How many %s are there %s?",
                          "How many %s can you see %s?", "What number of %s are %s?"};
  const char* many[] = {"Are there any %s %s?", "Are there %s %s?", "Do you see any %s %s?"};
  const char* one[] = {"Is there a %s %s?", "Can you see a %s %s?", "Is a %s %s?"};
  const char* form = count    ? counts[w.random().below(4)]
                     : plural ? many[w.random().below(3)]
                              : one[w.random().below(3)];
  return finished(w, {filled(form, {set.noun, w.random().among(place.phrases)}), "",
                      count ? "place_count" : "place_exist", set.program});
}

Maybe ask_where(Writer& w) {
  if (w.random().chance(0.4)) {  // what is there
    const Place& place = draw_place(w.random());
    Phrase set = placed(w, w.plain({}, false), place, false);
    if (set.objects.size() != 1) return std::nullopt;
    push(set.program, Operation::kUnique, {set.program.size() - 1});
    push(set.program, Operation::kQuery, {set.program.size() - 1}, "shape");
    const char* forms[] = {"What is %s?", "What do you see %s?", "What can be seen %s?"};
    return finished(w, {filled(forms[w.random().below(3)], {w.random().among(place.phrases)}), "",
                        "what_there", set.program});
  }
  auto thing = w.one(w.random().below(w.things()), w.random().chance(0.7) ? 0 : 1);
  if (!thing) return std::nullopt;
  const double roll = w.random().unit();
  const std::string attribute = roll < 0.7 ? "place" : "side";
  push(thing->program, Operation::kQuery, {thing->program.size() - 1}, attribute);
  const char* places[] = {"Where is the %s?", "Where is the %s in the picture?",
                          "In which part of the picture is the %s?", "Where can I find the %s?",
                          "Where do you see the %s?"};
  const char* sides[] = {"On which side is the %s?", "On what side of the picture is the %s?",
                         "Which side is the %s on?"};
  return finished(
      w, {filled(attribute == "place" ? places[w.random().below(5)] : sides[w.random().below(3)],
                 {thing->noun}),
          "", "where", thing->program});
}

Maybe ask_denied(Writer& w) {
  const double roll = w.random().unit();
  if (roll < 0.55) {
    const bool plural = w.random().chance(0.5);
    auto set = w.some(w.random().chance(0.75) ? 0 : 1, plural);
    if (!set) return std::nullopt;
    push(set->program, Operation::kExist, {set->program.size() - 1});
    const bool tag = w.random().chance(0.2);
    if (!tag) push(set->program, Operation::kNot, {set->program.size() - 1});
    const char* tags[] = {"Isn't there a %s?", "Aren't there any %s?"};
    const char* one[] = {"Is there no %s?", "Is there not a %s?", "Is it true that there is no %s?",
                         "Is there not any %s?"};
    const char* many[] = {"Are there no %s?", "Are there not any %s?", "Is the picture without %s?",
                          "Is this a scene without any %s?"};
    const char* form = tag      ? tags[plural ? 1 : 0]
                       : plural ? many[w.random().below(4)]
                                : one[w.random().below(4)];
    return finished(w, {filled(form, {set->noun}), "", "denied", set->program});
  }
  const Filters of = w.some_of(w.random().below(w.things()), 0.35);
  const std::string attribute = w.attribute();
  if (of.count(attribute) > 0) return std::nullopt;
  const bool where = w.random().chance(0.25);
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
  const bool count = w.random().chance(0.6);
  push(program, count ? Operation::kCount : Operation::kExist, {program.size() - 1});
  const bool shape = !where && attribute == "shape";
  if (shape && of.empty() && w.random().chance(0.5)) {
    const std::string noun = noun_phrase(such, true, w.random());
    const char* forms[] = {"How many %s other than %s are there?",
                           "How many %s besides %s are there?"};
    if (count)
      return finished(
          w, {filled(forms[w.random().below(2)], {base.noun, noun}), "", "denied", program});
  }
  const std::string said = where ? w.random().among(place.phrases)
                                 : predicate(attribute, such.begin()->second, w.random());
  const char* counts[] = {"How many %s are not %s?", "How many %s aren't %s?",
                          "What number of %s are not %s?"};
  const char* exists[] = {"Are there any %s that are not %s?", "Are there %s that aren't %s?",
                          "Do you see any %s that are not %s?"};
  return finished(w, {filled(count ? counts[w.random().below(3)] : exists[w.random().below(3)],
                             {base.noun, said}),
                      "", "denied", program});
}

Maybe ask_alternative(Writer& w) {
  const bool where = w.random().chance(0.3);
  const std::string attribute = where ? (w.random().chance(0.6) ? "side" : "level") : w.attribute();
  auto thing = w.one(w.random().below(w.things()), w.random().chance(0.75) ? 0 : 1, attribute);
  if (!thing || thing->filters.count(attribute) > 0) return std::nullopt;
  push(thing->program, Operation::kQuery, {thing->program.size() - 1}, attribute);
  const auto value = w.run(thing->program);
  if (!value) return std::nullopt;
  std::string right = std::get<std::string>(*value), wrong;
  std::vector<std::string> said;
  if (where) {
    if (right == "middle") return std::nullopt;
    const std::vector<std::string> both = attribute == "side"
                                              ? std::vector<std::string>{"left", "right"}
                                              : std::vector<std::string>{"top", "bottom"};
    const std::string on = attribute == "side" || w.random().chance(0.3) ? "on the " : "at the ";
    const bool twice = w.random().chance(0.5);
    said = {on + both[0], (twice ? on : w.random().chance(0.5) ? "the " : "") + both[1]};
  } else {
    wrong = some_value(w, attribute);
    if (wrong == right) return std::nullopt;
    said = {complement(w, attribute, right), complement(w, attribute, wrong)};
    if (w.random().chance(0.5)) std::swap(said[0], said[1]);
  }
  const char* forms[] = {"Is the %s %s or %s?", "Is the %s %s, or %s?",
                         "Is the %s %s or is it %s?"};
  return finished(w, {filled(forms[w.random().below(3)], {thing->noun, said[0], said[1]}), "",
                      "alternative", thing->program});
}

}  // namespace beholder::world
