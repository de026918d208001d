// What may not be written next, and how the length of a sequence counts.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "generation/generation.hpp"

namespace beholder::generation {

constexpr float kImpossible = -std::numeric_limits<float>::infinity();

/// log p / length^penalty (Wu et al. 2016); the end token counts.
double penalised(double log_probability, std::size_t length, double penalty);

/// Makes what `options.forbidden` and `options.allowed` rule out behind `written` impossible in one
/// row of scores.
void forbid(float* row, std::size_t vocabulary, const std::vector<std::int64_t>& written,
            const GenerationOptions& options);

}  // namespace beholder::generation
