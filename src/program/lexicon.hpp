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

/// The attributes by which things are told apart; "shape" holds what a thing is called.
using Lexicon = std::vector<Attribute>;

/// CLEVR's attributes and those of the world beyond it, and what `names` adds to the shapes.
Lexicon world_lexicon(const std::vector<std::string>& names = {});

/// Whether a shape is a solid, or flat; the names of photos' objects are neither.
bool is_solid(const std::string& shape);
bool is_flat(const std::string& shape);

/// Whether things of a shape have an attribute: solids have all, flat shapes no material, photos'
/// objects only a name.
bool has_attribute(const std::string& shape, const std::string& attribute);

/// The length of a thing's features (see `features_of`), with and without the ranks, which older
/// reasoners do not read.
std::size_t feature_count(const Lexicon& lexicon);
std::size_t feature_count_without_ranks(const Lexicon& lexicon);

/// Things as numbers: a 1 for each value that a thing has; across, depth, height and extent, twice
/// over the largest distance in the world, so that no unit matters; then the ranks of across, depth
/// and height as thermometers (the k-th is 1 when more than k others have less), which a dot
/// product can compare.
/// @return things × feature_count values, row by row
std::vector<float> features_of(const World& world, const Lexicon& lexicon);

}  // namespace beholder::program
