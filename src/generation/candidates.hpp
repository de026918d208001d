// What the hypotheses of a beam could go on with.
#pragma once

#include <cstdint>
#include <vector>

#include "generation/generation.hpp"

namespace beholder::generation {

/// One token behind one hypothesis.
struct Candidate {
  std::size_t row;  ///< of the hypothesis
  std::int64_t token;
  double log_probability;  ///< of the whole, as the network has it
  double ranked;           ///< of the whole, after the repetition penalty
};

/// The likeliest continuations of all hypotheses, likeliest first, ties by row and token; of each
/// hypothesis num_beams + 1 at most, since one may be its end and no more can matter.
/// @param scores (alive, vocabulary) log-probabilities, or logits where the options say so; changed
///   as the options ask
std::vector<Candidate> likeliest(const std::vector<Hypothesis>& alive, float* scores,
                                 std::size_t vocabulary, const GenerationOptions& options);

}  // namespace beholder::generation
