#include "world/statements.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <vector>

#include "world/words.hpp"

namespace beholder::world {
namespace {

using Words = std::vector<std::string>;

constexpr const char* kFilledBoxes = "count_boxes exist scene";

/// Words and the program text that they stand for.
struct Phrase {
  std::string text, program;
};

/// A noun for some things of the whole picture or, within a box, of that box.
struct Noun {
  std::string one, many;
  std::string set;  ///< program of the set
};

/// How many: "a", "exactly two", "no" …
struct Amount {
  enum Kind { kSome, kExactly, kAtLeast, kNone, kMoreThan, kAtMost };
  Kind kind = kSome;
  long number = 1;
  std::string text;
  bool plural = false;

  /// Of things: @param count program of how many there are. Of boxes: the same.
  std::string over(const std::string& count) const {
    const std::string compared = " " + count + " number[" + std::to_string(number) + "]";
    switch (kind) {
      case kSome: return "greater_than " + count + " number[0]";
      case kNone: return "equal_integer " + count + " number[0]";
      case kExactly: return "equal_integer" + compared;
      case kAtLeast: return "not less_than" + compared;
      case kMoreThan: return "greater_than" + compared;
      case kAtMost: return "not greater_than" + compared;
    }
    return "";
  }
  std::string of_things(const std::string& set) const {
    if (kind == kSome) return "exist " + set;
    if (kind == kNone) return "not exist " + set;
    return over("count " + set);
  }
  std::string of_boxes(const std::string& truth) const {
    if (kind == kSome) return "some_box " + truth;
    if (kind == kNone) return "not some_box " + truth;
    return over("count_boxes " + truth);
  }
};

std::string both(const std::string& a, const std::string& b) { return "and " + a + " " + b; }
std::string blocks_are(const std::string& color) {
  return "all scene filter_color[" + color + "] scene";
}

class Speaker {
 public:
  Speaker(const program::World& world, Random& random) : world_(world), random_(random) {
    std::set<std::string> colors;
    towers_ = true;
    for (const program::Thing& thing : world.things) {
      colors.insert(thing.attributes.at("color"));
      towers_ = towers_ && thing.attributes.at("shape") == "square" &&
                thing.attributes.at("size") == "medium";
    }
    colors_.assign(colors.begin(), colors.end());
    // What is not there can be spoken of too.
    if (random_.chance(0.3)) colors_.push_back(random_.among(Words{"black", "blue", "yellow"}));
  }

  std::optional<Question> speak() {
    if (world_.things.empty()) return std::nullopt;
    Phrase said;
    const std::size_t kind = random_.below(12);
    if (kind > 9)
      said = how_many();
    else if (kind < 4)
      said = boxes_with();
    else if (kind < 6)
      said = towers_ ? block_at() : things_touching();
    else if (kind == 6)
      said = things_there();
    else if (kind == 7)
      said = one_upon_another();
    else if (kind == 8)
      said = towers_ ? named_tower() : all_or_none();
    else
      said = each_box();
    Question out;
    out.text = said.text;
    out.family = "boxes";
    out.program = program::program_from_text(said.program);
    const auto execution = program::execute(out.program, world_);
    if (!execution.ok()) return std::nullopt;
    out.answer = program::answer_text(execution.values.back());
    if (kind <= 9) out.answer = out.answer == "yes" ? "true" : "false";
    finish(out.text);
    return out;
  }

 private:
  std::string any(const Words& words) { return random_.among(words); }
  bool chance(double p) { return random_.chance(p); }
  std::string color() { return random_.among(colors_); }
  std::string number(long n) { return chance(0.5) ? std::to_string(n) : number_word(n); }

  Noun noun(double with_color, double with_shape) {
    Noun out;
    out.set = "scene";
    std::string words, kind;
    if (towers_) {
      kind = any({"block", "block", "block", "block", "square", "item"});
    } else if (chance(with_shape)) {
      const std::string shape = any({"circle", "square", "triangle"});
      out.set = "filter_shape[" + shape + "] " + out.set;
      kind = shape;
    } else {
      kind = any({"item", "object", "item", "object", "thing", "shape"});
    }
    if (chance(with_color)) {
      const std::string own = color();
      words = own + " ";
      out.set = "filter_color[" + own + "] " + out.set;
      if (!towers_ && chance(0.06)) {
        const std::string other = color();
        words = own + " or " + other + " ";
        out.set = "union " + out.set + " filter_color[" + other + "] " +
                  out.set.substr(out.set.find(' ') + 1);
      }
    }
    if (!towers_ && chance(0.08)) {
      const std::string size = any({"small", "medium", "large"});
      words = (size == "large" && chance(0.5)   ? "big"
               : size == "small" && chance(0.3) ? "tiny"
                                                : size) +
              " " + words;
      out.set = "filter_size[" + size + "] " + out.set;
    }
    out.one = words + kind;
    out.many = words + kind + "s";
    return out;
  }

  Amount amount(long most, bool may_be_none = true) {
    Amount out;
    const double roll = random_.unit();
    const long n = 1 + static_cast<long>(random_.below(static_cast<std::size_t>(most)));
    out.number = n;
    out.plural = n > 1;
    if (roll < 0.3) {
      out.number = 1;
      out.plural = false;
      out.text = any({"a", "a", "a", "at least a", "some kind of"});
      if (out.text == "some kind of") out.text = "a";
    } else if (roll < 0.55) {
      out.kind = Amount::kExactly;
      out.text = number(n);
    } else if (roll < 0.75) {
      out.kind = Amount::kExactly;
      out.text = any({"exactly ", "exactly ", "only ", "just "}) + number(n);
    } else if (roll < 0.9) {
      out.kind = Amount::kAtLeast;
      out.text = any({"at least ", "atleast ", "at least ", "no less than "}) + number(n);
    } else if (roll < 0.95 && may_be_none) {
      out.kind = Amount::kNone;
      out.plural = chance(0.3);
      out.text = any({"no", "not a"});
      if (out.text == "not a") out.plural = false;
    } else if (chance(0.5)) {
      out.kind = Amount::kMoreThan;
      out.text = "more than " + number(n);
    } else {
      out.kind = Amount::kAtMost;
      out.text = any({"at most ", "not more than ", "no more than "}) + number(n);
    }
    return out;
  }

  static std::string counted(const Amount& amount, const std::string& one,
                             const std::string& many) {
    return amount.text + " " + (amount.plural ? many : one);
  }

  /// "touching the wall"; the set narrowed to what does, or does not.
  Phrase touching(const std::string& set) {
    const std::size_t roll = random_.below(20);
    std::string where, words;
    if (roll < 9) {
      where = "wall";
      words = any({"the wall", "the edge", "an edge", "any edge", "a wall", "the side", "any side",
                   "a edge", "the edge of a box", "the walls"});
    } else if (roll < 13) {
      where = "bottom";
      words =
          any({"the base", "the bottom", "the bottom of a box", "the floor", "the bottom edge"});
    } else if (roll < 16) {
      where = "corner";
      words = any({"a corner", "the corner", "a corner of a box", "a box corner", "any corner"});
    } else if (roll < 18) {
      where = "right";
      words = any({"right wall of a box", "the right wall", "the right side", "the right edge"});
    } else if (roll < 19) {
      where = "left";
      words = any({"left wall of a box", "the left wall", "the left side", "the left edge"});
    } else {
      where = "top";
      words = any({"the top of a box", "the top edge", "the top wall", "the ceiling"});
    }
    const bool denied = chance(0.25);
    const std::string close = any({"", "", "closely ", "nearly ", "directly "});
    const std::string inside = "touching[" + where + "] " + set;
    return {(denied ? "not " : "") + close + "touching " + words,
            denied ? "difference " + set + " " + inside : inside};
  }

  /// What a box or tower has: stands after "with" or "has".
  Phrase condition() {
    const std::size_t roll = random_.below(towers_ ? 10 : 12);
    if (towers_) {
      const std::string own = color(), other = color();
      switch (roll) {
        case 0:
        case 1: {
          const Amount n = amount(4, false);
          return {counted(n, any({"block", "block", "item"}), "blocks"), n.of_things("scene")};
        }
        case 2:
        case 3: return block_end();
        case 4: {
          const bool up = chance(0.75);
          return {"a " + own + " block " +
                      (up ? any({"over", "above", "on", "on top of", "right above"})
                          : any({"under", "below", "beneath"})) +
                      " a " + other + " block",
                  "exist intersect filter_color[" + own + "] scene relate_any[" +
                      (up ? "on" : "under") + "] filter_color[" + other + "] scene"};
        }
        case 5: {
          const long n = 1 + static_cast<long>(random_.below(3));
          return {number(n) + " " + own + " block" + (n > 1 ? "s" : "") + " and " + "a " + other +
                      " block",
                  both("equal_integer count filter_color[" + own + "] scene number[" +
                           std::to_string(n) + "]",
                       "exist filter_color[" + other + "] scene")};
        }
        case 6: return kinds();
        case 7:
          return {any({"two ", "2 "}) + own + " blocks " +
                      any({"stacked together", "one on the other", "next to each other",
                           "stacked on each other"}),
                  "exist intersect filter_color[" + own + "] scene relate_any[on] filter_color[" +
                      own + "] scene"};
        case 8: return only_colors();
        default: return things_in_box();
      }
    }
    switch (roll) {
      case 0:
      case 1: {
        const Amount n = amount(7, false);
        return {counted(n, any({"item", "object", "thing"}), any({"items", "objects"})),
                n.of_things("scene")};
      }
      case 2: {
        const std::string own = color();
        return {any({"a " + own + " item on top", "the " + own + " item on top",
                     "a " + own + " one on top", "a " + own + " item at the top"}),
                "exist filter_color[" + own + "] extreme[highest] scene"};
      }
      case 3: {
        const long n = 2 + static_cast<long>(random_.below(5));
        const std::string own = color();
        return {number(n) + " items and " +
                    any({"a " + own + " one on top", "the " + own + " one is on top",
                         "a " + own + " item on top", own + " one on top"}),
                both("equal_integer count scene number[" + std::to_string(n) + "]",
                     "exist filter_color[" + own + "] extreme[highest] scene")};
      }
      case 4: {
        const Amount n = amount(2);
        const Noun what = noun(0.7, 0.6);
        const Phrase at = touching(what.set);
        return {counted(n, what.one, what.many) + " " + at.text, n.of_things(at.program)};
      }
      case 5: return kinds();
      case 6: return only_colors();
      case 7: {
        const Noun a = noun(0.9, 0.6), b = noun(0.9, 0.6), c = noun(0.9, 0.7);
        const bool three = chance(0.25);
        std::string held = both("exist " + a.set, "exist " + b.set);
        if (three) held = both("exist " + c.set, held);
        return {"a " + a.one + (three ? ", a " + c.one : "") + " and a " + b.one, held};
      }
      case 8: {
        const Amount n = amount(3), m = amount(3);
        const Noun a = noun(0.9, 0.5), b = noun(0.9, 0.5);
        return {counted(n, a.one, a.many) + " and " + counted(m, b.one, b.many),
                both(n.of_things(a.set), m.of_things(b.set))};
      }
      case 9: {
        const long n = 2 + static_cast<long>(random_.below(5));
        const Amount m = amount(3, false);
        const std::string own = color();
        return {number(n) + " items " + any({"of which ", "and ", "where "}) + m.text +
                    any({" is ", " are "}) + own,
                both("equal_integer count scene number[" + std::to_string(n) + "]",
                     m.of_things("filter_color[" + own + "] scene"))};
      }
      default: return things_in_box();
    }
  }

  Phrase things_in_box() {
    const Amount n = amount(3);
    const Noun what = noun(0.95, 0.6);
    return {counted(n, what.one, what.many), n.of_things(what.set)};
  }

  Phrase kinds() {
    const long n = 1 + static_cast<long>(random_.below(3));
    const std::string things = towers_ ? any({"blocks", "items"}) : any({"items", "objects"});
    const std::string program = "equal_integer kinds_color scene number[" + std::to_string(n) + "]";
    const std::string hue = any({"color", "colour"});
    if (n == 1)
      return {any({things + " of only one " + hue, "only one " + hue,
                   things + " of the same " + hue, "all " + things + " of the same " + hue,
                   "the same " + hue + " " + things, things + " of just one " + hue}),
              program};
    const std::string count = number(n);
    return {
        any({things + " of " + count + " different " + hue + "s", count + " different " + hue + "s",
             n == 3 ? things + " of all " + count + " " + hue + "s" : count + " " + hue + "s",
             n == 3 ? "all " + count + " " + hue + "s" : things + " of " + count + " " + hue + "s",
             n == 3 ? "blocks of all 3 different " + hue + "s" : count + " " + hue + "s only"}),
        program};
  }

  Phrase only_colors() {
    const std::string own = color(), other = color();
    const std::string things = towers_ ? "blocks" : any({"items", "objects"});
    if (own == other)
      return {any({"only " + own + " " + things, things + " of only " + own + " color",
                   "just " + own + " " + things}),
              blocks_are(own)};
    const std::string pair = own + " and " + other;
    const std::string held = both(
        "all scene union filter_color[" + own + "] scene filter_color[" + other + "] scene",
        both("exist filter_color[" + own + "] scene", "exist filter_color[" + other + "] scene"));
    const long n = 2 + static_cast<long>(random_.below(4));
    if (chance(0.35))
      return {any({"only ", ""}) + number(n) + " " + things + " of " + any({"only ", ""}) + pair +
                  any({" color", " colour"}),
              both("equal_integer count scene number[" + std::to_string(n) + "]", held)};
    return {any({"only " + pair + " " + things, things + " of only " + pair + " color",
                 things + " of " + pair + " color only"}),
            held};
  }

  /// "a blue block at the top"; as a condition of one tower.
  Phrase block_end() {
    const std::string own = color();
    if (chance(0.1))
      return {
          "a second block that is " + own,
          "exist filter_color[" + own + "] extreme[lowest] difference scene extreme[lowest] scene"};
    const bool top = chance(0.5);
    const std::string held =
        "exist filter_color[" + own + "] extreme[" + (top ? "highest" : "lowest") + "] scene";
    if (chance(0.2)) return {"a " + own + (top ? " top" : " base"), held};
    return {any({"a ", "a ", "1 "}) + own + " block " + any({"at ", "as ", "on "}) +
                (top ? any({"the top", "top"}) : any({"the base", "the bottom", "base"})),
            held};
  }

  std::string container(bool plural) {
    std::string name = towers_ ? any({"tower", "tower", "tower", "box"})
                               : any({"box", "box", "box", "grey box", "gray box", "grey square"});
    if (!plural) return name;
    return name.substr(name.size() - 1) == "x" ? name + "es" : name + "s";
  }

  Phrase boxes_with() {
    const Amount n = amount(3);
    Phrase held = condition();
    if (chance(0.12)) {
      const Phrase more = condition();
      held = {held.text + " and " + more.text, both(held.program, more.program)};
    }
    const std::string joint =
        n.plural ? any({" with ", " with ", " that have ", " which have ", " having ",
                        " that contain ", " which has ", " that has "})
                 : any({" with ", " with ", " with ", " that has ", " which has ", " having ",
                        " containing ", ", which has ", ", and it has ", " that contains "});
    return {there(n) + n.text + " " + container(n.plural) + joint + held.text,
            n.of_boxes(held.program)};
  }

  Phrase each_box() {
    const Phrase held = condition();
    const std::size_t roll = random_.below(6);
    if (roll < 2)
      return {
          any({"each ", "every "}) + container(false) + any({" has ", " contains "}) + held.text,
          "every_box " + held.program};
    if (roll < 3)
      return {any({"all ", "all the ", "all 3 ", "all three "}) + container(true) + " have " +
                  held.text,
              "every_box " + held.program};
    if (roll < 4)
      return {"one of the " + container(chance(0.5)) + any({" has ", " contains "}) + held.text,
              "some_box " + held.program};
    if (roll < 5)
      return {"none of the " + container(true) + any({" has ", " have "}) + held.text,
              "not some_box " + held.program};
    const long n = 1 + static_cast<long>(random_.below(2));
    return {any({"", "exactly ", "only "}) + number_word(n) +
                (chance(0.5) ? " of the " + any({"", "three "}) + container(true)
                             : " " + container(n > 1)) +
                any({" has ", n > 1 ? " have " : " has "}) + held.text,
            "equal_integer count_boxes " + held.program + " number[" + std::to_string(n) + "]"};
  }

  Phrase things_there() {
    const Amount n = amount(towers_ ? 5 : 4);
    const Noun what = noun(0.9, 0.8);
    return {there(n) + counted(n, what.one, what.many) + any({"", "", "", " in total"}),
            n.of_things(what.set)};
  }

  Phrase things_touching() {
    const Amount n = amount(3);
    const Noun what = noun(0.85, 0.75);
    const Phrase at = touching(what.set);
    if (chance(0.1)) {
      const std::string kinds = "kinds_color touching[wall] scene";
      const long count = 1 + static_cast<long>(random_.below(3));
      return {"there " + std::string(count > 1 ? "are " : "is only ") + number(count) + " color" +
                  (count > 1 ? "s" : "") + " touching the wall",
              "equal_integer " + kinds + " number[" + std::to_string(count) + "]"};
    }
    return {there(n) + counted(n, what.one, what.many) + any({" ", " ", " that is "}) + at.text,
            n.of_things(at.program)};
  }

  Phrase one_upon_another() {
    const Noun a = noun(0.95, 0.6), b = noun(0.9, 0.6);
    const Amount n = amount(2);
    const bool up = chance(0.8);
    const std::string words =
        up ? any({"over", "above", "on", "on top of"}) : any({"under", "below", "beneath"});
    const std::string relation = towers_ ? (up ? "on" : "under") : (up ? "above" : "below");
    const std::string held = "intersect " + a.set + " relate_any[" + relation + "] " + b.set;
    const std::string text = there(n) + counted(n, a.one, a.many) + " " + words + " a " + b.one;
    // Things of different boxes are not above one another.
    if (towers_) return {text, n.of_things(held)};
    return {text, n.of_boxes("exist " + held)};
  }

  Phrase block_at() {
    const std::string own = color();
    const Amount n = amount(3);
    const bool top = chance(0.5);
    std::string held =
        "exist filter_color[" + own + "] extreme[" + (top ? "highest" : "lowest") + "] scene";
    std::string text = there(n) + n.text + " " + own + " block" + (n.plural ? "s" : "") +
                       any({" as the ", " at the ", " as ", " on the "}) +
                       (top ? "top" : any({"base", "base", "bottom"})) +
                       any({" of a tower", " of a tower", " of the tower", ""});
    if (chance(0.4)) {
      const Amount tall = amount(4, false);
      text += " with " + counted(tall, "block", "blocks");
      held = both(held, tall.of_things("scene"));
    }
    return {text, n.of_boxes(held)};
  }

  /// A tower named by its height or colour.
  Phrase named_tower() {
    const std::string own = color();
    const long n = 1 + static_cast<long>(random_.below(4));
    const std::string tall = "equal_integer count scene number[" + std::to_string(n) + "]";
    const std::string count = number_word(n), block = n > 1 ? " blocks" : " block";
    switch (random_.below(4)) {
      case 0: {
        const Phrase held = block_end();
        return {"the tower with " + count + block + " has " + held.text,
                "some_box " + both(tall, held.program)};
      }
      case 1: {
        const bool top = chance(0.5);
        return {"the " + std::string(top ? "top" : "base") + any({" of the ", " of a "}) + count +
                    any({" block", " blocks"}) + " tower is " + own,
                "some_box " + both(tall, "exist filter_color[" + own + "] extreme[" +
                                             (top ? "highest" : "lowest") + "] scene")};
      }
      case 2: {
        const bool sized = chance(0.5);
        return {"there is a " + own + " tower" +
                    (sized ? any({" with only ", " with ", " with exactly "}) + count + block : ""),
                "some_box " + (sized ? both(blocks_are(own), tall) : blocks_are(own))};
      }
      default: {
        const Phrase held = condition();
        return {"there is a " + count + any({" block", " blocks"}) + " tower " +
                    any({"with ", "that has ", "which has "}) + held.text,
                "some_box " + both(tall, held.program)};
      }
    }
  }

  Phrase all_or_none() {
    const Noun what = noun(0.9, 0.7);
    if (chance(0.25))
      return {"all " + what.many + " are in the same box",
              "equal_integer count_boxes exist " + what.set + " number[1]"};
    const Phrase at = touching(what.set);
    const bool none = chance(0.4);
    return {
        any(none ? Words{"none of the ", "no "} : Words{"all ", "all the ", "all of the ", ""}) +
            what.many + " are " + at.text,
        none ? "not exist " + at.program : "all " + what.set + " " + at.program};
  }

  /// A question whose answer is a number, of boxes or of things.
  Phrase how_many() {
    if (chance(0.5)) {
      const std::string boxes = "how many " + container(true);
      if (chance(0.2)) return {boxes + any({" are there?", " are in the picture?"}), kFilledBoxes};
      const Phrase held = condition();
      return {boxes + any({" have ", " contain ", " are there with "}) + held.text + "?",
              "count_boxes " + held.program};
    }
    const Noun what = noun(0.7, 0.7);
    if (!towers_ && chance(0.4)) {
      const Phrase at = touching(what.set);
      return {"how many " + what.many + " are " + at.text + "?", "count " + at.program};
    }
    return {"how many " + what.many + any({" are there?", " are there in total?", " do you see?"}),
            "count " + what.set};
  }

  std::string there(const Amount& amount) const {
    return amount.plural ? "there are " : "there is ";
  }

  /// A capital, a full stop, or a question in its place; some people leave them out.
  void finish(std::string& text) {
    const bool question = chance(0.15) && text.rfind("there ", 0) == 0;
    if (question) {
      const bool plural = text.rfind("there are ", 0) == 0;
      text = (plural ? "are there " : "is there ") + text.substr(plural ? 10 : 9) + "?";
    } else if (text.back() != '?' && chance(0.7)) {
      text += ".";
    }
    if (chance(0.8)) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  }

  const program::World& world_;
  Random& random_;
  Words colors_;
  bool towers_ = false;
};

}  // namespace

std::optional<Question> state_about_boxes(const program::World& world, Random& random) {
  return Speaker(world, random).speak();
}

}  // namespace beholder::world
