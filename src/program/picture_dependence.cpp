#include "program/picture_dependence.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/random.hpp"
#include "program/executor.hpp"
#include "program/places.hpp"

namespace beholder::program {
namespace {

/// The attributes that a chain of filters asks for.
using Description = std::map<std::string, std::string>;

/// The descriptions in a program ("small red cube", "cube"), each once.
std::vector<Description> described(const Program& program) {
  std::set<std::size_t> inner;
  for (const Step& step : program)
    if (step.operation == Operation::kFilter) inner.insert(step.inputs[0]);
  std::set<Description> out;
  for (std::size_t i = 0; i < program.size(); ++i) {
    if (program[i].operation != Operation::kFilter || inner.count(i) > 0) continue;
    Description one;
    for (std::size_t at = i; program[at].operation == Operation::kFilter;
         at = program[at].inputs[0])
      one[program[at].attribute] = program[at].value;
    out.insert(one);
  }
  return {out.begin(), out.end()};
}

/// A world that mostly holds each of the described things once and little else: a world drawn
/// regardless of the program would rarely have "the small cube behind the red ball".
World random_world(const std::vector<Description>& wanted, bool boxes, Random& random) {
  static const std::map<std::string, std::vector<std::string>> kCommon = {
      {"color", {"red", "blue", "green"}},
      {"shape", {"cube", "sphere", "cylinder"}},
      {"size", {"small", "large"}},
      {"material", {"rubber", "metal"}}};
  World world;
  world.boxes = boxes ? 3 : 1;
  // In a tower each thing stands upon the one before.
  const bool towers = boxes && random.chance(0.5);
  std::vector<double> top(world.boxes, 0);
  const auto add = [&](const Description* like) {
    Thing thing;
    for (const auto& [attribute, common] : kCommon)
      thing.attributes[attribute] = random.among(common);
    if (!wanted.empty() && random.chance(0.5))
      for (const auto& [attribute, value] : random.among(wanted))
        thing.attributes[attribute] = value;
    const double x = random.unit(), y = random.unit();
    set_place(thing, x, y);
    if (like != nullptr)
      for (const auto& [attribute, value] : *like) thing.attributes[attribute] = value;
    thing.box = random.below(world.boxes);
    thing.extent = 0.5 + random.unit();
    thing.across = 10 * x;
    thing.depth = thing.height = 10 * (1 - y);
    for (const char* wall : {"left", "right", "top", "bottom"})
      if (random.chance(0.2)) thing.walls.insert(wall);
    if (towers) {
      thing.extent = 0.5;
      thing.across = 0;
      thing.height = top[thing.box]++;
      if (thing.height == 0) thing.walls.insert("bottom");
    }
    world.things.push_back(std::move(thing));
  };
  for (const Description& one : wanted)
    for (int times = random.chance(0.8) ? (random.chance(0.15) ? 2 : 1) : 0; times > 0; --times)
      add(&one);
  for (std::size_t more = random.below(boxes ? 9 : 3); more > 0; --more) add(nullptr);
  return world;
}

}  // namespace

bool depends_on_picture(const Program& program) {
  static const std::set<Operation> kMeasures = {
      Operation::kCount, Operation::kExist,         Operation::kAll,   Operation::kMost,
      Operation::kKinds, Operation::kFewerThanHalf, Operation::kQuery, Operation::kCountBoxes};
  constexpr int kWorlds = 500;
  const std::vector<Description> wanted = described(program);
  const bool boxes = std::any_of(program.begin(), program.end(), [](const Step& step) {
    return looks_into_boxes(step.operation) || step.operation == Operation::kRelateAny ||
           step.operation == Operation::kTouching || step.operation == Operation::kExtreme;
  });
  Random random(11);
  std::map<std::size_t, std::string> measured;
  int ended = 0, failed = 0;
  for (int i = 0; i < kWorlds; ++i) {
    const Execution execution = execute(program, random_world(wanted, boxes, random));
    ++(execution.ok() ? ended : failed);
    if (ended > 0 && failed > 0) return true;
    if (!execution.ok()) continue;
    for (std::size_t k = 0; k < program.size(); ++k) {
      if (kMeasures.count(program[k].operation) == 0) continue;
      const std::string value = answer_text(execution.values[k]);
      if (measured.emplace(k, value).first->second != value) return true;
    }
  }
  return ended == 0;
}

}  // namespace beholder::program
