#include "world/captions.hpp"

#include <set>

#include "text/words.hpp"
#include "world/phrase_writer.hpp"

namespace beholder::world {

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
    std::string said;
    const double roll = random.unit();
    if (roll < 0.4 && a != b) {
      const std::string direction = writer.direction();
      if (!program::lies(world.things[a], direction, world.things[b], world.margin)) continue;
      said = text::with_article(named(a)) + " " + direction_phrase(direction, random) + " " +
             text::with_article(named(b));
    } else if (roll < 0.7 && a != b) {
      said = text::with_article(named(a)) + " and " + text::with_article(named(b));
    } else {
      const std::string attribute = writer.attribute();
      const Filters filters = {{attribute, writer.value(a, attribute)}};
      const Phrase set = writer.plain(filters, true);
      const auto number = static_cast<long>(set.objects.size());
      said = number == 1 ? "one " + noun_phrase(filters, false, random) + " among " +
                               number_word(static_cast<long>(things)) + " objects"
                         : number_word(number) + " " + set.noun + " among " +
                               number_word(static_cast<long>(things)) + " objects";
    }
    if (seen.insert(said).second) out.push_back(said);
  }
  return out;
}

}  // namespace beholder::world
