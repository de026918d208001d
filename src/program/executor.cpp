#include "program/executor.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>
#include <optional>

#include "core/check.hpp"

namespace beholder::program {
namespace {

/// Thrown when a step fails; caught by `execute`.
struct Failure {
  std::string why;
};

const std::string& attribute_of(const Thing& thing, const std::string& name) {
  const auto found = thing.attributes.find(name);
  if (found == thing.attributes.end()) throw Failure{"an object has no " + name};
  return found->second;
}

/// The quantity that a superlative compares.
double degree(const Thing& thing, const std::string& superlative) {
  if (superlative == "leftmost") return -thing.across;
  if (superlative == "rightmost") return thing.across;
  if (superlative == "frontmost") return -thing.depth;
  if (superlative == "backmost") return thing.depth;
  if (superlative == "highest") return thing.height;
  if (superlative == "lowest") return -thing.height;
  if (superlative == "largest") return thing.extent;
  if (superlative == "smallest") return -thing.extent;
  throw Failure{"no superlative is called '" + superlative + "'"};
}

double distance(const Thing& a, const Thing& b) {
  return std::hypot(a.across - b.across, a.depth - b.depth, a.height - b.height);
}

/// The member of the set for which `of` is largest; fails on a tie.
Object most(const Set& set, const std::function<double(std::size_t)>& of) {
  if (set.empty()) throw Failure{"none to choose from"};
  const std::size_t best =
      *std::max_element(set.begin(), set.end(), [&](auto a, auto b) { return of(a) < of(b); });
  for (const std::size_t other : set)
    if (other != best && of(other) == of(best)) throw Failure{"two are alike"};
  return {best};
}

class Runner {
 public:
  Runner(const World& world, const std::vector<Value>& values) : world_(world), values_(values) {}

  /// Restricts the following steps to one box, or lifts the restriction.
  void look_into(std::optional<std::size_t> box) { box_ = box; }

  Value run(const Step& step) const {
    switch (signature_of(step.operation).result) {
      case Kind::kSet: return set_of(step);
      case Kind::kObject: return object_of(step);
      case Kind::kInteger: return integer_of(step);
      case Kind::kBool: return truth_of(step);
      case Kind::kWord: return attribute_of(thing(step, 0), step.attribute);  // kQuery
    }
    throw Failure{"no such operation"};
  }

 private:
  Set set_of(const Step& step) const {
    switch (step.operation) {
      case Operation::kScene: return all([](const Thing&) { return true; });
      case Operation::kFilter:
        return those(set(step, 0), [&](std::size_t i) {
          return attribute_of(world_.things[i], step.attribute) == step.value;
        });
      case Operation::kRelate:
        check_direction(step);
        return others(step, [&, &from = thing(step, 0)](const Thing& other) {
          return lies(other, step.value, from, world_.margin);
        });
      case Operation::kRelateAny:
        check_direction(step);
        return all([&](const Thing& one) {
          return std::any_of(set(step, 0).begin(), set(step, 0).end(), [&](std::size_t i) {
            const Thing& from = world_.things[i];
            return &from != &one && lies(one, step.value, from, world_.margin);
          });
        });
      case Operation::kSame:
        return others(
            step, [&, &mine = attribute_of(thing(step, 0), step.attribute)](const Thing& other) {
              return attribute_of(other, step.attribute) == mine;
            });
      case Operation::kUnion: return joined(step, [](bool a, bool b) { return a || b; });
      case Operation::kIntersect: return joined(step, [](bool a, bool b) { return a && b; });
      case Operation::kDifference: return joined(step, [](bool a, bool b) { return a && !b; });
      case Operation::kExtreme: {
        const Set& of = set(step, 0);
        const auto has = [&](std::size_t i) { return degree(world_.things[i], step.value); };
        double best = -std::numeric_limits<double>::infinity();
        for (const std::size_t i : of) best = std::max(best, has(i));
        return those(of, [&](std::size_t i) { return has(i) == best; });
      }
      case Operation::kTouching:
        return those(set(step, 0),
                     [&](std::size_t i) { return touches(world_.things[i], step.value); });
      default: throw Failure{"no such operation"};
    }
  }

  Object object_of(const Step& step) const {
    const Set& of = set(step, step.inputs.size() - 1);
    if (step.operation == Operation::kUnique) {
      if (of.size() != 1) throw Failure{"not one but " + std::to_string(of.size()) + " objects"};
      return {of.front()};
    }
    if (step.operation == Operation::kSuperlative)
      return most(of, [&](std::size_t i) { return degree(world_.things[i], step.value); });
    const Thing& from = thing(step, 0);
    const double sign = step.operation == Operation::kNearest ? -1 : 1;
    const Set rest = those(of, [&](std::size_t i) { return &world_.things[i] != &from; });
    return most(rest, [&](std::size_t i) { return sign * distance(world_.things[i], from); });
  }

  long integer_of(const Step& step) const {
    if (step.operation == Operation::kNumber) {
      char* end = nullptr;
      const long number = std::strtol(step.value.c_str(), &end, 10);
      if (*end != 0) throw Failure{"'" + step.value + "' is no number"};
      return number;
    }
    const Set& of = set(step, 0);
    if (step.operation == Operation::kCount) return static_cast<long>(of.size());
    std::set<std::string> kinds;  // kKinds
    for (const std::size_t i : of) kinds.insert(attribute_of(world_.things[i], step.attribute));
    return static_cast<long>(kinds.size());
  }

  bool truth_of(const Step& step) const {
    const auto truth = [&](std::size_t k) { return std::get<bool>(input(step, k)); };
    switch (step.operation) {
      case Operation::kExist: return !set(step, 0).empty();
      case Operation::kAll: return share(step) == set(step, 0).size();
      case Operation::kMost: return 2 * share(step) > set(step, 0).size();
      case Operation::kFewerThanHalf: return 2 * share(step) < set(step, 0).size();
      case Operation::kEqual: return input(step, 0) == input(step, 1);
      case Operation::kEqualInteger: return number(step, 0) == number(step, 1);
      case Operation::kLessThan: return number(step, 0) < number(step, 1);
      case Operation::kGreaterThan: return number(step, 0) > number(step, 1);
      case Operation::kNot: return !truth(0);
      case Operation::kAnd: return truth(0) && truth(1);
      case Operation::kOr: return truth(0) || truth(1);
      default: throw Failure{"no such operation"};  // boxes are looked into by `Execute`
    }
  }

  static void check_direction(const Step& step) {
    if (!is_direction(step.value)) throw Failure{"'" + step.value + "' is no direction"};
  }

  const Value& input(const Step& step, std::size_t k) const { return values_[step.inputs[k]]; }
  const Set& set(const Step& step, std::size_t k) const { return std::get<Set>(input(step, k)); }
  long number(const Step& step, std::size_t k) const { return std::get<long>(input(step, k)); }
  const Thing& thing(const Step& step, std::size_t k) const {
    return world_.things[std::get<Object>(input(step, k)).place];
  }

  /// All things of the picture, or of the box, that pass a test.
  template <typename Test>
  Set all(const Test& test) const {
    Set out;
    for (std::size_t i = 0; i < world_.things.size(); ++i)
      if (seen(i) && test(world_.things[i])) out.push_back(i);
    return out;
  }

  template <typename Test>
  Set those(const Set& set, const Test& test) const {
    Set out;
    std::copy_if(set.begin(), set.end(), std::back_inserter(out), test);
    return out;
  }

  /// The same without the input object.
  template <typename Test>
  Set others(const Step& step, const Test& test) const {
    const Thing& self = thing(step, 0);
    return all([&](const Thing& one) { return &one != &self && test(one); });
  }

  template <typename Keep>
  Set joined(const Step& step, const Keep& keep) const {
    Set out;
    for (std::size_t i = 0; i < world_.things.size(); ++i)
      if (keep(contains(set(step, 0), i), contains(set(step, 1), i))) out.push_back(i);
    return out;
  }

  static bool contains(const Set& set, std::size_t i) {
    return std::binary_search(set.begin(), set.end(), i);
  }

  /// How many of the first set are in the second.
  std::size_t share(const Step& step) const {
    if (set(step, 0).empty()) throw Failure{"there are none to speak of"};
    return those(set(step, 0), [&](std::size_t i) { return contains(set(step, 1), i); }).size();
  }

  bool seen(std::size_t i) const { return !box_ || world_.things[i].box == *box_; }

  const World& world_;
  const std::vector<Value>& values_;
  std::optional<std::size_t> box_;
};

/// All steps that a step depends on, in order.
Set made_of(const Program& program, std::size_t step) {
  std::vector<bool> used(program.size(), false);
  used[step] = true;
  for (std::size_t i = step + 1; i-- > 0;)
    if (used[i])
      for (const std::size_t input : program[i].inputs) used[input] = true;
  Set out;
  for (std::size_t i = 0; i < step; ++i)
    if (used[i]) out.push_back(i);
  return out;
}

class Execute {
 public:
  Execute(const Program& program, const World& world)
      : program_(program), world_(world), runner_(world, out_.values) {}

  Execution run() {
    out_.values.resize(program_.size());
    std::vector<bool> within(program_.size(), false);
    for (std::size_t i = 0; i < program_.size(); ++i)
      if (looks_into_boxes(program_[i].operation))
        for (const std::size_t part : made_of(program_, i)) within[part] = true;
    std::size_t i = 0;
    try {
      for (; i < program_.size(); ++i) {
        if (within[i]) continue;
        for (const std::size_t input : program_[i].inputs)
          if (within[input] && !looks_into_boxes(program_[i].operation))
            throw Failure{"takes what was found in one box alone"};
        out_.values[i] =
            looks_into_boxes(program_[i].operation) ? over_boxes(i) : runner_.run(program_[i]);
      }
    } catch (const Failure& failure) {
      out_.failure = concat("step ", i, " (", operation_name(program_[i]), "): ", failure.why);
      out_.values.resize(i);
    }
    return std::move(out_);
  }

 private:
  /// The values of some steps in a box; nothing if one of them fails.
  std::optional<std::vector<Value>> in_box(const Set& parts, std::size_t box) {
    std::vector<Value> found;
    runner_.look_into(box);
    try {
      for (const std::size_t part : parts) {
        if (looks_into_boxes(program_[part].operation)) throw Failure{"boxes hold no boxes"};
        found.push_back(out_.values[part] = runner_.run(program_[part]));
      }
    } catch (const Failure&) {
      found.clear();
    }
    runner_.look_into({});
    if (found.empty()) return std::nullopt;
    return found;
  }

  Value over_boxes(std::size_t step) {
    const Operation operation = program_[step].operation;
    const Set parts = made_of(program_, step);
    std::optional<std::vector<Value>> shown;
    std::size_t holds = 0;
    bool decided = false;
    for (std::size_t box = 0; box < world_.boxes; ++box) {
      auto found = in_box(parts, box);
      // What fails in a box ("the top one" of an empty box) does not hold there.
      const bool held = found && std::get<bool>(found->back());
      holds += held ? 1 : 0;
      const bool decides = !decided && held != (operation == Operation::kEveryBox);
      if (found && (decides || !shown)) {
        shown = std::move(found);
        out_.shown_boxes[step] = box;
        decided = decides;
      }
    }
    if (!shown) throw Failure{"it can be said of no box"};
    for (std::size_t k = 0; k < parts.size(); ++k) out_.values[parts[k]] = (*shown)[k];
    if (operation == Operation::kCountBoxes) return static_cast<long>(holds);
    return operation == Operation::kSomeBox ? holds > 0 : holds == world_.boxes;
  }

  const Program& program_;
  const World& world_;
  Execution out_;
  Runner runner_;
};

}  // namespace

bool is_direction(const std::string& word) {
  return word == "left" || word == "right" || word == "front" || word == "behind" ||
         word == "above" || word == "below" || word == "on" || word == "under";
}

bool touches(const Thing& thing, const std::string& what) {
  const auto at = [&](const std::string& wall) { return thing.walls.count(wall) > 0; };
  if (what == "wall") return !thing.walls.empty();
  if (what == "corner") return (at("left") || at("right")) && (at("top") || at("bottom"));
  return at(what);
}

bool lies(const Thing& thing, const std::string& direction, const Thing& from, double margin) {
  if (direction == "left") return thing.across < from.across - margin;
  if (direction == "right") return thing.across > from.across + margin;
  if (direction == "front") return thing.depth < from.depth - margin;
  if (direction == "behind") return thing.depth > from.depth + margin;
  if (direction == "above") return thing.height > from.height + margin;
  if (direction == "below") return thing.height < from.height - margin;
  if (direction == "under") return lies(from, "on", thing, margin);
  if (direction == "on") {
    const double gap = (thing.height - thing.extent) - (from.height + from.extent);
    return thing.box == from.box && thing.height > from.height &&
           std::abs(thing.across - from.across) < 0.9 * (thing.extent + from.extent) &&
           std::abs(gap) < 0.35 * std::min(thing.extent, from.extent);
  }
  return false;
}

Execution execute(const Program& program, const World& world) {
  return Execute(program, world).run();
}

std::string answer_text(const Value& value) {
  if (const auto* set = std::get_if<Set>(&value))
    return concat(set->size(), set->size() == 1 ? " object" : " objects");
  if (std::holds_alternative<Object>(value)) return "1 object";
  if (const auto* number = std::get_if<long>(&value)) return std::to_string(*number);
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "yes" : "no";
  return std::get<std::string>(value);
}

}  // namespace beholder::program
