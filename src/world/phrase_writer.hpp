// Phrases about the things of a scene, each with its program, of which questions are made.
#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "world/questions.hpp"
#include "world/words.hpp"

namespace beholder::world {

/// Attribute values that a thing must have; empty: anything.
using Filters = std::map<std::string, std::string>;

/// A program that ends in a set or an object, with the words for it.
struct Phrase {
  program::Program program;
  std::string noun;  ///< "small red balls" or "ball", after "the", "a" or nothing
  program::Set objects;
  Filters filters;  ///< the last ones
};

/// Adds a step whose inputs are given as places. @return its place
inline std::size_t push(program::Program& program, program::Operation operation,
                        std::vector<std::size_t> inputs = {}, const std::string& attribute = "",
                        const std::string& value = "") {
  program.push_back({operation, attribute, value, std::move(inputs)});
  return program.size() - 1;
}

/// Adds a step that takes the last one.
inline std::size_t extend(program::Program& program, program::Operation operation,
                          const std::string& attribute = "", const std::string& value = "") {
  return push(program, operation, {program.size() - 1}, attribute, value);
}

/// Puts one program behind another. @return the place of the appended one's last step
inline std::size_t append(program::Program& program, const program::Program& more) {
  const std::size_t shift = program.size();
  for (program::Step step : more) {
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
  std::size_t any_thing() { return random_.below(things()); }
  bool chance(double probability) { return random_.chance(probability); }

  /// What the last step gives; nothing when the program fails.
  std::optional<program::Value> run(const program::Program& program) const {
    const program::Execution execution = execute(program, world_);
    if (!execution.ok()) return std::nullopt;
    return execution.values.back();
  }

  program::Set set_of(const program::Program& program) const {
    const auto value = run(program);
    return value && std::holds_alternative<program::Set>(*value) ? std::get<program::Set>(*value)
                                                                 : program::Set{};
  }

  const std::string& value(std::size_t thing, const std::string& attribute) const {
    return world_.things[thing].attributes.at(attribute);
  }

  /// Some attributes of a thing, each with that chance, but not `without`.
  Filters some_of(std::size_t thing, double chance, const std::string& without = "") {
    Filters out;
    for (const std::string& attribute : language_.attributes)
      if (attribute != without && random_.chance(chance)) out[attribute] = value(thing, attribute);
    return out;
  }

  /// A phrase narrowed by filters.
  Phrase narrowed(Phrase phrase, const Filters& filters, bool plural) {
    for (const auto& [attribute, wanted] : filters)
      extend(phrase.program, program::Operation::kFilter, attribute, wanted);
    phrase.filters = filters;
    phrase.noun = noun_phrase(filters, plural, random_) + phrase.noun;
    phrase.objects = set_of(phrase.program);
    return phrase;
  }

  /// All things with some values.
  Phrase plain(const Filters& filters, bool plural) {
    Phrase out;
    push(out.program, program::Operation::kScene);
    return narrowed(std::move(out), filters, plural);
  }

  /// The things in a direction of one.
  Phrase beside(const Phrase& of, const std::string& direction, const Filters& filters,
                bool plural) {
    Phrase out;
    out.program = of.program;
    extend(out.program, program::Operation::kRelate, "", direction);
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
    extend(out.program, program::Operation::kSame, attribute);
    out.noun = (plural ? random_.chance(0.5) ? " with the same " : " that have the same "
                : random_.chance(0.5) ? " with the same "
                                      : " that has the same ") +
               attribute_word(attribute, random_) +
               (random_.chance(0.5) ? " as the " : " as that of the ") + of.noun;
    return narrowed(std::move(out), filters, plural);
  }

  /// A phrase for one thing through `hops` relations, in which no relation is idle; nothing if none
  /// is found.
  std::optional<Phrase> one(std::size_t thing, int hops, const std::string& hidden = "") {
    for (int tries = 0; tries < 12; ++tries) {
      const Filters filters = some_of(thing, hops == 0 ? 0.5 : 0.35, hidden);
      Phrase out;
      if (hops == 0) {
        out = plain(filters, false);
      } else {
        const std::size_t other = any_thing();
        if (other == thing) continue;
        const auto from = one(other, hops - 1);
        if (!from) continue;
        out = beside(*from, direction(), filters, false);
        // The relation must do something.
        if (plain(filters, false).objects.size() == out.objects.size()) continue;
      }
      if (out.objects != program::Set{thing}) continue;
      extend(out.program, program::Operation::kUnique);
      return out;
    }
    return std::nullopt;
  }

  /// Things through `hops` relations; perhaps none.
  std::optional<Phrase> some(int hops, bool plural) {
    const std::size_t thing = any_thing();
    Filters filters = some_of(thing, 0.4);
    // Now and then a mixture of two things, which may not exist.
    if (random_.chance(0.5)) {
      const std::size_t other = any_thing();
      for (const std::string& attribute : language_.attributes)
        if (filters.count(attribute) > 0 && random_.chance(0.5))
          filters[attribute] = value(other, attribute);
    }
    if (hops == 0) return filters.empty() ? std::nullopt : std::optional(plain(filters, plural));
    const auto from = one(any_thing(), hops - 1);
    if (!from) return std::nullopt;
    return beside(*from, direction(), filters, plural);
  }

  Random& random() { return random_; }
  /// One of some forms for `filled`.
  const char* any(std::initializer_list<const char*> forms) {
    return forms.begin()[random_.below(forms.size())];
  }

 private:
  const program::World& world_;
  const Language& language_;
  Random& random_;
};

using Maybe = std::optional<Question>;

/// The question with its answer; nothing when the program fails on the scene.
inline Maybe finished(const Writer& writer, const std::string& family, const std::string& text,
                      const program::Program& program) {
  const auto value = writer.run(program);
  if (!value) return std::nullopt;
  const std::string answer = program::answer_text(*value);
  const bool statement = family == "statement";
  return Question{text, !statement ? answer : answer == "yes" ? "true" : "false", family, program};
}

inline int hops(Random& random) {
  const double roll = random.unit();
  return roll < 0.3 ? 0 : roll < 0.6 ? 1 : roll < 0.85 ? 2 : 3;
}

}  // namespace beholder::world
