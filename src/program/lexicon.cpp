#include "program/lexicon.hpp"

#include <algorithm>
#include <cmath>

#include "text/value_words.hpp"

namespace beholder::program {
namespace {

constexpr std::size_t kPlaces = 4;  // across, depth, height, extent
constexpr std::size_t kRanked = 3, kRanks = 12;

}  // namespace

Lexicon world_lexicon(const std::vector<std::string>& names) {
  Lexicon lexicon;
  for (const text::ValueWords& one : text::value_words()) {
    if (lexicon.empty() || lexicon.back().name != one.attribute)
      lexicon.push_back({one.attribute, {}});
    lexicon.back().values.push_back(one.value());
  }
  lexicon[0].values.insert(lexicon[0].values.end(), names.begin(), names.end());
  return lexicon;
}

bool is_solid(const std::string& shape) {
  return shape == "cube" || shape == "sphere" || shape == "cylinder" || shape == "cone";
}

bool is_flat(const std::string& shape) {
  return shape == "circle" || shape == "square" || shape == "rectangle" || shape == "triangle";
}

bool has_attribute(const std::string& shape, const std::string& attribute) {
  if (attribute == "shape" || is_solid(shape)) return true;
  return is_flat(shape) && attribute != "material";
}

std::size_t feature_count(const Lexicon& lexicon) {
  return feature_count_without_ranks(lexicon) + kRanked * kRanks;
}

std::size_t feature_count_without_ranks(const Lexicon& lexicon) {
  std::size_t count = kPlaces;
  for (const Attribute& attribute : lexicon) count += attribute.values.size();
  return count;
}

std::vector<float> features_of(const World& world, const Lexicon& lexicon) {
  double largest = 1e-6;
  for (const Thing& thing : world.things)
    largest =
        std::max({largest, std::abs(thing.across), std::abs(thing.depth), std::abs(thing.height)});
  std::vector<float> out;
  for (const Thing& thing : world.things) {
    for (const Attribute& attribute : lexicon) {
      const auto has = thing.attributes.find(attribute.name);
      for (const std::string& value : attribute.values)
        out.push_back(has != thing.attributes.end() && has->second == value ? 1.0f : 0.0f);
    }
    for (const double place : {thing.across, thing.depth, thing.height, thing.extent})
      out.push_back(static_cast<float>(2 * place / largest));
    for (const auto coordinate : {&Thing::across, &Thing::depth, &Thing::height}) {
      const auto rank = static_cast<std::size_t>(
          std::count_if(world.things.begin(), world.things.end(),
                        [&](const Thing& other) { return other.*coordinate < thing.*coordinate; }));
      for (std::size_t k = 0; k < kRanks; ++k) out.push_back(rank > k ? 1.0f : 0.0f);
    }
  }
  return out;
}

}  // namespace beholder::program
