// How many of a kind a photo shows, from how certain each of them is.
#pragma once

#include <optional>
#include <vector>

namespace beholder::scene {

/// Fainter things are not counted.
constexpr double kCountedThing = 0.1;

struct Counted {
  long number = 0;        ///< at least 1
  double confidence = 0;  ///< that a person would count this number, 0..1
};

/// Who asks "how many cats?" sees some, and detectors miss the small and the hidden: the number is
/// the expected one, a little raised. Its confidence comes from its probability when each thing is
/// there or not by itself (a Poisson binomial), and falls with the number.
/// @param certain that each is there, 0..1
/// @return nothing when none was found, which says little
std::optional<Counted> count_things(const std::vector<double>& certain);

}  // namespace beholder::scene
