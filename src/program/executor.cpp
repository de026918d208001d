#include "program/executor.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <numeric>

#include "core/check.hpp"

namespace beholder::program {
namespace {

/// Why a step cannot be done; caught in `execute`.
struct Failure {
  std::string why;
};

const std::string& attribute_of(const Thing& thing, const std::string& name) {
  const auto found = thing.attributes.find(name);
  if (found == thing.attributes.end()) throw Failure{"an object has no " + name};
  return found->second;
}

/// How much a thing has of what a superlative asks for.
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

/// The member of the set that has most of something; a tie has no answer.
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

  Value run(const Step& step) const {
    switch (step.operation) {
      case Operation::kScene: {
        Set all(world_.things.size());
        std::iota(all.begin(), all.end(), 0);
        return all;
      }
      case Operation::kFilter:
        return those(set(step, 0), [&](std::size_t i) {
          return attribute_of(world_.things[i], step.attribute) == step.value;
        });
      case Operation::kUnique: {
        const Set& of = set(step, 0);
        if (of.size() != 1) throw Failure{"not one but " + std::to_string(of.size()) + " objects"};
        return Object{of.front()};
      }
      case Operation::kRelate: {
        if (!is_direction(step.value)) throw Failure{"'" + step.value + "' is no direction"};
        const Thing& from = thing(step, 0);
        return others(
            step, [&](const Thing& other) { return lies(other, step.value, from, world_.margin); });
      }
      case Operation::kSame: {
        const std::string& mine = attribute_of(thing(step, 0), step.attribute);
        return others(
            step, [&](const Thing& other) { return attribute_of(other, step.attribute) == mine; });
      }
      case Operation::kUnion: return joined(step, [](bool a, bool b) { return a || b; });
      case Operation::kIntersect: return joined(step, [](bool a, bool b) { return a && b; });
      case Operation::kDifference: return joined(step, [](bool a, bool b) { return a && !b; });
      case Operation::kSuperlative:
        return most(set(step, 0),
                    [&](std::size_t i) { return degree(world_.things[i], step.value); });
      case Operation::kNearest:
      case Operation::kFarthest: {
        const Object from = std::get<Object>(values_[step.inputs[0]]);
        const double sign = step.operation == Operation::kNearest ? -1 : 1;
        const Set rest = those(set(step, 1), [&](std::size_t i) { return i != from.place; });
        return most(rest, [&](std::size_t i) {
          return sign * distance(world_.things[i], world_.things[from.place]);
        });
      }
      case Operation::kCount: return static_cast<long>(set(step, 0).size());
      case Operation::kNumber: {
        char* end = nullptr;
        const long number = std::strtol(step.value.c_str(), &end, 10);
        if (*end != 0) throw Failure{"'" + step.value + "' is no number"};
        return number;
      }
      case Operation::kExist: return !set(step, 0).empty();
      case Operation::kAll: return share(step) == set(step, 0).size();
      case Operation::kMost: return 2 * share(step) > set(step, 0).size();
      case Operation::kFewerThanHalf: return 2 * share(step) < set(step, 0).size();
      case Operation::kQuery: return attribute_of(thing(step, 0), step.attribute);
      case Operation::kEqual:
        return std::get<std::string>(input(step, 0)) == std::get<std::string>(input(step, 1));
      case Operation::kEqualInteger: return number(step, 0) == number(step, 1);
      case Operation::kLessThan: return number(step, 0) < number(step, 1);
      case Operation::kGreaterThan: return number(step, 0) > number(step, 1);
      case Operation::kNot: return !std::get<bool>(input(step, 0));
      case Operation::kAnd: return std::get<bool>(input(step, 0)) && std::get<bool>(input(step, 1));
      case Operation::kOr: return std::get<bool>(input(step, 0)) || std::get<bool>(input(step, 1));
    }
    throw Failure{"no such operation"};
  }

 private:
  const Value& input(const Step& step, std::size_t k) const { return values_[step.inputs[k]]; }
  const Set& set(const Step& step, std::size_t k) const { return std::get<Set>(input(step, k)); }
  long number(const Step& step, std::size_t k) const { return std::get<long>(input(step, k)); }
  const Thing& thing(const Step& step, std::size_t k) const {
    return world_.things[std::get<Object>(input(step, k)).place];
  }

  template <typename Test>
  Set those(const Set& set, const Test& test) const {
    Set out;
    std::copy_if(set.begin(), set.end(), std::back_inserter(out), test);
    return out;
  }

  /// All but the input object that pass a test.
  template <typename Test>
  Set others(const Step& step, const Test& test) const {
    const std::size_t self = std::get<Object>(input(step, 0)).place;
    Set out;
    for (std::size_t i = 0; i < world_.things.size(); ++i)
      if (i != self && test(world_.things[i])) out.push_back(i);
    return out;
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

  const World& world_;
  const std::vector<Value>& values_;
};

}  // namespace

bool is_direction(const std::string& word) {
  return word == "left" || word == "right" || word == "front" || word == "behind" ||
         word == "above" || word == "below";
}

bool lies(const Thing& thing, const std::string& direction, const Thing& from, double margin) {
  if (direction == "left") return thing.across < from.across - margin;
  if (direction == "right") return thing.across > from.across + margin;
  if (direction == "front") return thing.depth < from.depth - margin;
  if (direction == "behind") return thing.depth > from.depth + margin;
  if (direction == "above") return thing.height > from.height + margin;
  if (direction == "below") return thing.height < from.height - margin;
  return false;
}

Execution execute(const Program& program, const World& world) {
  Execution out;
  const Runner runner(world, out.values);
  // The runner looks back into the values while they grow.
  out.values.reserve(program.size());
  for (std::size_t i = 0; i < program.size(); ++i) try {
      out.values.push_back(runner.run(program[i]));
    } catch (const Failure& failure) {
      out.failure = concat("step ", i, " (", operation_name(program[i]), "): ", failure.why);
      return out;
    }
  return out;
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
