// The attributes that things can have, each with the words for its values.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "program/executor.hpp"

namespace beholder::program {

struct Attribute {
  std::string name;                 ///< "shape", "color", …
  std::vector<std::string> values;  ///< all different
};

/// What a reader of pictures tells things by. "shape" holds what a thing is called.
using Lexicon = std::vector<Attribute>;

/// CLEVR's attributes and those of the world beyond it, and what `names` adds to the shapes.
Lexicon world_lexicon(const std::vector<std::string>& names = {});

/// Whether a shape is one that stands on a floor, or one drawn on paper; names of photos' objects
/// are neither.
bool is_solid(const std::string& shape);
bool is_flat(const std::string& shape);

/// Whether things of that shape have such an attribute: solids have all, flat shapes no material,
/// what photos show only a name.
bool has_attribute(const std::string& shape, const std::string& attribute);

/// Numbers a thing has in `features_of`, and how many of them come before the ranks: all that
/// reasoners older than these read.
std::size_t feature_count(const Lexicon& lexicon);
std::size_t feature_count_without_ranks(const Lexicon& lexicon);

/// Things as numbers: a 1 for each value that a thing has; across, depth, height and extent, twice
/// over the largest distance in the world, so that no unit matters; then the ranks of across, depth
/// and height as thermometers (the k-th is 1 when more than k others have less), which a dot
/// product can compare.
/// @return things × feature_count values, row by row
std::vector<float> features_of(const World& world, const Lexicon& lexicon);

}  // namespace beholder::program
