// Beam search as the reference implementation of published models does it.
#pragma once

#include "generation/generation.hpp"

namespace beholder::generation {

/// The beam search of Hugging Face's `GenerationMixin._beam_search` (transformers 5, generation/
/// utils.py, early_stopping off), which differs from `beam_search` in when it stops and in which
/// ends it takes: of the 2 · num_beams likeliest continuations an end counts only among the first
/// num_beams; what has run to `max_new_tokens` counts as ended; and it stops once the likeliest
/// living hypothesis, at its present length, is worse than every ended one. With num_beams 1 it is
/// greedy. Best first. @throws Error kUsage on bad options
std::vector<Hypothesis> transformers_beam_search(const StepFunction& step,
                                                 const GenerationOptions& options);

}  // namespace beholder::generation
