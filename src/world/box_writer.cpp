#include "world/box_writer.hpp"

#include <set>

#include "world/words.hpp"

namespace beholder::world {
namespace {

/// A number of things or boxes compared. @param count program of the number there is
std::string compared(const Amount& amount, const std::string& count) {
  const auto with = [&](const std::string& comparison) {
    return comparison + " " + count + " number[" + std::to_string(amount.number) + "]";
  };
  switch (amount.kind) {
    case Amount::kExactly: return with("equal_integer");
    case Amount::kAtLeast: return with("not less_than");
    case Amount::kMoreThan: return with("greater_than");
    case Amount::kAtMost: return with("not greater_than");
    case Amount::kSome:
    case Amount::kNone: break;  // said by `exist` and `some_box`
  }
  return "";
}

}  // namespace

std::string Amount::of_things(const std::string& set) const {
  if (kind == kSome) return "exist " + set;
  return kind == kNone ? "not exist " + set : compared(*this, "count " + set);
}

std::string Amount::of_boxes(const std::string& truth) const {
  if (kind == kSome) return "some_box " + truth;
  return kind == kNone ? "not some_box " + truth : compared(*this, "count_boxes " + truth);
}

std::string both(const std::string& a, const std::string& b) { return "and " + a + " " + b; }

std::string colored(const std::string& color) { return "filter_color[" + color + "] scene"; }

std::string count_is(const std::string& set, long number) {
  return "equal_integer count " + set + " number[" + std::to_string(number) + "]";
}

std::string end_is(const std::string& color, bool top) {
  return "exist filter_color[" + color + "] extreme[" + (top ? "highest" : "lowest") + "] scene";
}

std::string stacked(const std::string& upper, const std::string& relation,
                    const std::string& lower) {
  return "intersect " + upper + " relate_any[" + relation + "] " + lower;
}

BoxWriter::BoxWriter(const program::World& world, Random& random) : random_(random) {
  std::set<std::string> colors;
  for (const program::Thing& thing : world.things) {
    colors.insert(thing.attributes.at("color"));
    towers_ = towers_ && thing.attributes.at("shape") == "square" &&
              thing.attributes.at("size") == "medium";
  }
  colors_.assign(colors.begin(), colors.end());
  // What is not there can be spoken of too.
  if (chance(0.3)) colors_.push_back(any({"black", "blue", "yellow"}));
}

std::string BoxWriter::number(long n) { return chance(0.5) ? std::to_string(n) : number_word(n); }

Noun BoxWriter::noun(double with_color, double with_shape) {
  Noun out;
  out.set = "scene";
  std::string words, kind;
  if (towers_) {
    kind = any({"block", "block", "block", "block", "square", "item"});
  } else if (chance(with_shape)) {
    kind = any({"circle", "square", "triangle"});
    out.set = "filter_shape[" + kind + "] scene";
  } else {
    kind = any({"item", "object", "item", "object", "thing", "shape"});
  }
  if (chance(with_color)) {
    const std::string own = color(), shaped = out.set;
    words = own + " ";
    out.set = "filter_color[" + own + "] " + shaped;
    if (!towers_ && chance(0.06)) {
      const std::string other = color();
      words = own + " or " + other + " ";
      out.set = "union " + out.set + " filter_color[" + other + "] " + shaped;
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

Amount BoxWriter::amount(long most, bool may_be_none) {
  Amount out;
  const double roll = random_.unit();
  const long n = number_from(1, static_cast<std::size_t>(most));
  out.number = n;
  out.plural = n > 1;
  if (roll < 0.3) {
    out.number = 1;
    out.plural = false;
    out.text = any({"a", "a", "a", "at least a", "a"});
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

Said BoxWriter::touching(const std::string& set) {
  struct Wall {
    std::size_t weight;  ///< of 20
    std::string name;
    std::vector<std::string> words;
  };
  static const std::vector<Wall> walls = {
      {9,
       "wall",
       {"the wall", "the edge", "an edge", "any edge", "a wall", "the side", "any side", "a edge",
        "the edge of a box", "the walls"}},
      {4,
       "bottom",
       {"the base", "the bottom", "the bottom of a box", "the floor", "the bottom edge"}},
      {3, "corner", {"a corner", "the corner", "a corner of a box", "a box corner", "any corner"}},
      {2, "right", {"right wall of a box", "the right wall", "the right side", "the right edge"}},
      {1, "left", {"left wall of a box", "the left wall", "the left side", "the left edge"}},
      {1, "top", {"the top of a box", "the top edge", "the top wall", "the ceiling"}}};
  std::size_t roll = below(20);
  auto wall = walls.begin();
  for (; roll >= wall->weight; ++wall) roll -= wall->weight;
  const std::string words = any(wall->words);
  const bool denied = chance(0.25);
  const std::string close = any({"", "", "closely ", "nearly ", "directly "});
  const std::string inside = "touching[" + wall->name + "] " + set;
  return {(denied ? "not " : "") + close + "touching " + words,
          denied ? "difference " + set + " " + inside : inside};
}

std::string BoxWriter::container(bool plural) {
  const std::string name = towers_
                               ? any({"tower", "tower", "tower", "box"})
                               : any({"box", "box", "box", "grey box", "gray box", "grey square"});
  return !plural ? name : name + (name.back() == 'x' ? "es" : "s");
}

}  // namespace beholder::world
