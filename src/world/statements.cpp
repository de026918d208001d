#include "world/statements.hpp"

#include <cctype>
#include <string>
#include <vector>

#include "world/box_writer.hpp"
#include "world/words.hpp"

namespace beholder::world {
namespace {

Said things_in_box(BoxWriter& w) {
  const Amount n = w.amount(3);
  const Noun what = w.noun(0.95, 0.6);
  return {n.counted(what.one, what.many), n.of_things(what.set)};
}

Said number_of_colors(BoxWriter& w) {
  const long n = w.number_from(1, 3);
  const std::string things = w.towers() ? w.any({"blocks", "items"}) : w.any({"items", "objects"});
  const std::string program = "equal_integer kinds_color scene number[" + std::to_string(n) + "]";
  const std::string hue = w.any({"color", "colour"});
  if (n == 1)
    return {w.any({things + " of only one " + hue, "only one " + hue,
                   things + " of the same " + hue, "all " + things + " of the same " + hue,
                   "the same " + hue + " " + things, things + " of just one " + hue}),
            program};
  const std::string count = w.number(n), hues = " " + hue + "s";
  std::vector<std::string> words = {things + " of " + count + " different" + hues,
                                    count + " different" + hues};
  if (n == 3)
    words.insert(words.end(), {things + " of all " + count + hues, "all " + count + hues,
                               "blocks of all 3 different" + hues});
  else
    words.insert(words.end(),
                 {count + hues, things + " of " + count + hues, count + hues + " only"});
  return {w.any(words), program};
}

Said only_colors(BoxWriter& w) {
  const std::string own = w.color(), other = w.color();
  const std::string things = w.towers() ? "blocks" : w.any({"items", "objects"});
  if (own == other)
    return {w.any({"only " + own + " " + things, things + " of only " + own + " color",
                   "just " + own + " " + things}),
            "all scene " + colored(own)};
  const std::string pair = own + " and " + other;
  const std::string held = both("all scene union " + colored(own) + " " + colored(other),
                                both("exist " + colored(own), "exist " + colored(other)));
  const long n = w.number_from(2, 4);
  if (w.chance(0.35))
    return {w.any({"only ", ""}) + w.number(n) + " " + things + " of " + w.any({"only ", ""}) +
                pair + w.any({" color", " colour"}),
            both(count_is("scene", n), held)};
  return {w.any({"only " + pair + " " + things, things + " of only " + pair + " color",
                 things + " of " + pair + " color only"}),
          held};
}

/// "a blue block at the top"; of one tower.
Said tower_end(BoxWriter& w) {
  const std::string own = w.color();
  if (w.chance(0.1))
    return {
        "a second block that is " + own,
        "exist filter_color[" + own + "] extreme[lowest] difference scene extreme[lowest] scene"};
  const bool top = w.chance(0.5);
  if (w.chance(0.2)) return {"a " + own + (top ? " top" : " base"), end_is(own, top)};
  return {w.any({"a ", "a ", "1 "}) + own + " block " + w.any({"at ", "as ", "on "}) +
              (top ? w.any({"the top", "top"}) : w.any({"the base", "the bottom", "base"})),
          end_is(own, top)};
}

Said tower_condition(BoxWriter& w) {
  const std::size_t roll = w.below(10);
  const std::string own = w.color(), other = w.color();
  switch (roll) {
    case 0:
    case 1: {
      const Amount n = w.amount(4, false);
      return {n.counted(w.any({"block", "block", "item"}), "blocks"), n.of_things("scene")};
    }
    case 2:
    case 3: return tower_end(w);
    case 4: {
      const bool up = w.chance(0.75);
      const std::string where = up ? w.any({"over", "above", "on", "on top of", "right above"})
                                   : w.any({"under", "below", "beneath"});
      return {"a " + own + " block " + where + " a " + other + " block",
              "exist " + stacked(colored(own), up ? "on" : "under", colored(other))};
    }
    case 5: {
      const long n = w.number_from(1, 3);
      return {
          w.number(n) + " " + own + " block" + (n > 1 ? "s" : "") + " and a " + other + " block",
          both(count_is(colored(own), n), "exist " + colored(other))};
    }
    case 6: return number_of_colors(w);
    case 7:
      return {w.any({"two ", "2 "}) + own + " blocks " +
                  w.any({"stacked together", "one on the other", "next to each other",
                         "stacked on each other"}),
              "exist " + stacked(colored(own), "on", colored(own))};
    case 8: return only_colors(w);
    default: return things_in_box(w);
  }
}

/// "four items and a red one on top"
Said things_and_top(BoxWriter& w) {
  const long n = w.number_from(2, 5);
  const std::string own = w.color();
  return {w.number(n) + " items and " +
              w.any({"a " + own + " one on top", "the " + own + " one is on top",
                     "a " + own + " item on top", own + " one on top"}),
          both(count_is("scene", n), end_is(own, true))};
}

/// "five items of which two are red"
Said things_and_color(BoxWriter& w) {
  const long n = w.number_from(2, 5);
  const Amount m = w.amount(3, false);
  const std::string own = w.color();
  return {w.number(n) + " items " + w.any({"of which ", "and ", "where "}) + m.text +
              w.any({" is ", " are "}) + own,
          both(count_is("scene", n), m.of_things(colored(own)))};
}

/// "a red item and a blue square", now and then of three
Said several_things(BoxWriter& w) {
  const Noun a = w.noun(0.9, 0.6), b = w.noun(0.9, 0.6), c = w.noun(0.9, 0.7);
  const bool three = w.chance(0.25);
  const std::string held = both("exist " + a.set, "exist " + b.set);
  return {"a " + a.one + (three ? ", a " + c.one : "") + " and a " + b.one,
          three ? both("exist " + c.set, held) : held};
}

Said shapes_condition(BoxWriter& w) {
  switch (w.below(12)) {
    case 0:
    case 1: {
      const Amount n = w.amount(7, false);
      return {n.counted(w.any({"item", "object", "thing"}), w.any({"items", "objects"})),
              n.of_things("scene")};
    }
    case 2: {
      const std::string own = w.color();
      return {w.any({"a " + own + " item on top", "the " + own + " item on top",
                     "a " + own + " one on top", "a " + own + " item at the top"}),
              end_is(own, true)};
    }
    case 3: return things_and_top(w);
    case 4: {
      const Amount n = w.amount(2);
      const Noun what = w.noun(0.7, 0.6);
      const Said at = w.touching(what.set);
      return {n.counted(what.one, what.many) + " " + at.text, n.of_things(at.program)};
    }
    case 5: return number_of_colors(w);
    case 6: return only_colors(w);
    case 7: return several_things(w);
    case 8: {
      const Amount n = w.amount(3), m = w.amount(3);
      const Noun a = w.noun(0.9, 0.5), b = w.noun(0.9, 0.5);
      return {n.counted(a.one, a.many) + " and " + m.counted(b.one, b.many),
              both(n.of_things(a.set), m.of_things(b.set))};
    }
    case 9: return things_and_color(w);
    default: return things_in_box(w);
  }
}

/// What a box or a tower has: stands after "with" or "has".
Said box_condition(BoxWriter& w) { return w.towers() ? tower_condition(w) : shapes_condition(w); }

Said boxes_with(BoxWriter& w) {
  const Amount n = w.amount(3);
  Said held = box_condition(w);
  if (w.chance(0.12)) {
    const Said more = box_condition(w);
    held = {held.text + " and " + more.text, both(held.program, more.program)};
  }
  const std::string joint =
      n.plural ? w.any({" with ", " with ", " that have ", " which have ", " having ",
                        " that contain ", " which has ", " that has "})
               : w.any({" with ", " with ", " with ", " that has ", " which has ", " having ",
                        " containing ", ", which has ", ", and it has ", " that contains "});
  return {n.there() + n.text + " " + w.container(n.plural) + joint + held.text,
          n.of_boxes(held.program)};
}

Said each_box(BoxWriter& w) {
  const Said held = box_condition(w);
  const std::size_t roll = w.below(6);
  if (roll < 2)
    return {w.any({"each ", "every "}) + w.container(false) + w.any({" has ", " contains "}) +
                held.text,
            "every_box " + held.program};
  if (roll < 3)
    return {w.any({"all ", "all the ", "all 3 ", "all three "}) + w.container(true) + " have " +
                held.text,
            "every_box " + held.program};
  if (roll < 4)
    return {"one of the " + w.container(w.chance(0.5)) + w.any({" has ", " contains "}) + held.text,
            "some_box " + held.program};
  if (roll < 5)
    return {"none of the " + w.container(true) + w.any({" has ", " have "}) + held.text,
            "not some_box " + held.program};
  const long n = w.number_from(1, 2);
  return {w.any({"", "exactly ", "only "}) + number_word(n) +
              (w.chance(0.5) ? " of the " + w.any({"", "three "}) + w.container(true)
                             : " " + w.container(n > 1)) +
              w.any({" has ", n > 1 ? " have " : " has "}) + held.text,
          "equal_integer count_boxes " + held.program + " number[" + std::to_string(n) + "]"};
}

Said things_there(BoxWriter& w) {
  const Amount n = w.amount(w.towers() ? 5 : 4);
  const Noun what = w.noun(0.9, 0.8);
  return {n.there() + n.counted(what.one, what.many) + w.any({"", "", "", " in total"}),
          n.of_things(what.set)};
}

Said things_touching(BoxWriter& w) {
  const Amount n = w.amount(3);
  const Noun what = w.noun(0.85, 0.75);
  const Said at = w.touching(what.set);
  if (w.chance(0.1)) {
    const std::string kinds = "kinds_color touching[wall] scene";
    const long count = w.number_from(1, 3);
    return {"there " + std::string(count > 1 ? "are " : "is only ") + w.number(count) + " color" +
                (count > 1 ? "s" : "") + " touching the wall",
            "equal_integer " + kinds + " number[" + std::to_string(count) + "]"};
  }
  return {n.there() + n.counted(what.one, what.many) + w.any({" ", " ", " that is "}) + at.text,
          n.of_things(at.program)};
}

Said one_upon_another(BoxWriter& w) {
  const Noun a = w.noun(0.95, 0.6), b = w.noun(0.9, 0.6);
  const Amount n = w.amount(2);
  const bool up = w.chance(0.8);
  const std::string words =
      up ? w.any({"over", "above", "on", "on top of"}) : w.any({"under", "below", "beneath"});
  const std::string relation = w.towers() ? (up ? "on" : "under") : (up ? "above" : "below");
  const std::string held = stacked(a.set, relation, b.set);
  const std::string text = n.there() + n.counted(a.one, a.many) + " " + words + " a " + b.one;
  // Things of different boxes are not above one another.
  if (w.towers()) return {text, n.of_things(held)};
  return {text, n.of_boxes("exist " + held)};
}

Said block_at(BoxWriter& w) {
  const std::string own = w.color();
  const Amount n = w.amount(3);
  const bool top = w.chance(0.5);
  std::string held = end_is(own, top);
  std::string text = n.there() + n.text + " " + own + " block" + (n.plural ? "s" : "") +
                     w.any({" as the ", " at the ", " as ", " on the "}) +
                     (top ? "top" : w.any({"base", "base", "bottom"})) +
                     w.any({" of a tower", " of a tower", " of the tower", ""});
  if (w.chance(0.4)) {
    const Amount tall = w.amount(4, false);
    text += " with " + tall.counted("block", "blocks");
    held = both(held, tall.of_things("scene"));
  }
  return {text, n.of_boxes(held)};
}

/// A tower named by its height or colour.
Said named_tower(BoxWriter& w) {
  const std::string own = w.color();
  const long n = w.number_from(1, 4);
  const std::string tall = count_is("scene", n), all_blocks = "all scene " + colored(own);
  const std::string count = number_word(n), block = n > 1 ? " blocks" : " block";
  switch (w.below(4)) {
    case 0: {
      const Said held = tower_end(w);
      return {"the tower with " + count + block + " has " + held.text,
              "some_box " + both(tall, held.program)};
    }
    case 1: {
      const bool top = w.chance(0.5);
      return {"the " + std::string(top ? "top" : "base") + w.any({" of the ", " of a "}) + count +
                  w.any({" block", " blocks"}) + " tower is " + own,
              "some_box " + both(tall, end_is(own, top))};
    }
    case 2: {
      const bool sized = w.chance(0.5);
      return {"there is a " + own + " tower" +
                  (sized ? w.any({" with only ", " with ", " with exactly "}) + count + block : ""),
              "some_box " + (sized ? both(all_blocks, tall) : all_blocks)};
    }
    default: {
      const Said held = box_condition(w);
      return {"there is a " + count + w.any({" block", " blocks"}) + " tower " +
                  w.any({"with ", "that has ", "which has "}) + held.text,
              "some_box " + both(tall, held.program)};
    }
  }
}

Said all_or_none(BoxWriter& w) {
  const Noun what = w.noun(0.9, 0.7);
  if (w.chance(0.25))
    return {"all " + what.many + " are in the same box",
            "equal_integer count_boxes exist " + what.set + " number[1]"};
  const Said at = w.touching(what.set);
  const bool none = w.chance(0.4);
  return {w.any(none ? std::vector<std::string>{"none of the ", "no "}
                     : std::vector<std::string>{"all ", "all the ", "all of the ", ""}) +
              what.many + " are " + at.text,
          none ? "not exist " + at.program : "all " + what.set + " " + at.program};
}

/// A question whose answer is a number, of boxes or of things.
Said how_many(BoxWriter& w) {
  if (w.chance(0.5)) {
    const std::string boxes = "how many " + w.container(true);
    if (w.chance(0.2))
      return {boxes + w.any({" are there?", " are in the picture?"}), "count_boxes exist scene"};
    const Said held = box_condition(w);
    return {boxes + w.any({" have ", " contain ", " are there with "}) + held.text + "?",
            "count_boxes " + held.program};
  }
  const Noun what = w.noun(0.7, 0.7);
  if (!w.towers() && w.chance(0.4)) {
    const Said at = w.touching(what.set);
    return {"how many " + what.many + " are " + at.text + "?", "count " + at.program};
  }
  return {"how many " + what.many + w.any({" are there?", " are there in total?", " do you see?"}),
          "count " + what.set};
}

/// A statement's first letter in upper case and a full stop, or a question in its place; some
/// people leave them out.
void finish(BoxWriter& w, std::string& text) {
  const bool question = w.chance(0.15) && text.rfind("there ", 0) == 0;
  if (question) {
    const bool plural = text.rfind("there are ", 0) == 0;
    text = (plural ? "are there " : "is there ") + text.substr(plural ? 10 : 9) + "?";
  } else if (text.back() != '?' && w.chance(0.7)) {
    text += ".";
  }
  if (w.chance(0.8)) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
}

Said drawn(BoxWriter& w, std::size_t kind) {
  if (kind > 9) return how_many(w);
  if (kind < 4) return boxes_with(w);
  if (kind < 6) return w.towers() ? block_at(w) : things_touching(w);
  if (kind == 6) return things_there(w);
  if (kind == 7) return one_upon_another(w);
  if (kind == 8) return w.towers() ? named_tower(w) : all_or_none(w);
  return each_box(w);
}

}  // namespace

std::optional<Question> state_about_boxes(const program::World& world, Random& random) {
  BoxWriter w(world, random);
  if (world.things.empty()) return std::nullopt;
  const std::size_t kind = w.below(12);
  const Said said = drawn(w, kind);
  Question out;
  out.text = said.text;
  out.family = "boxes";
  out.program = program::program_from_text(said.program);
  const auto execution = program::execute(out.program, world);
  if (!execution.ok()) return std::nullopt;
  out.answer = program::answer_text(execution.values.back());
  if (kind <= 9) out.answer = out.answer == "yes" ? "true" : "false";
  finish(w, out.text);
  return out;
}

}  // namespace beholder::world
