// Sentences that are true of a scene, and phrases that name its objects.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "program/executor.hpp"
#include "world/questions.hpp"

namespace beholder::world {

/// A phrase that names one object and no other, with its program (which ends in `unique`).
struct Reference {
  std::size_t object = 0;
  std::string text;
  program::Program program;
};

/// One for each object that can be named so.
std::vector<Reference> references(const program::World& world, const Language& language,
                                  std::uint64_t seed);

/// Up to `count` different sentences that are true of the scene.
std::vector<std::string> captions(const program::World& world, const Language& language,
                                  std::uint64_t seed, std::size_t count);

}  // namespace beholder::world
