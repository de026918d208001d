#include "generation/token_rules.hpp"

#include <algorithm>
#include <cmath>

namespace beholder::generation {

double penalised(double log_probability, std::size_t length, double penalty) {
  return log_probability / std::pow(static_cast<double>(std::max<std::size_t>(length, 1)), penalty);
}

void forbid(float* row, std::size_t vocabulary, const std::vector<std::int64_t>& written,
            const GenerationOptions& options) {
  const auto rule_out = [&](std::int64_t token) {
    if (token >= 0 && token < static_cast<std::int64_t>(vocabulary)) row[token] = kImpossible;
  };
  for (const std::int64_t token : options.forbidden) rule_out(token);
  if (options.allowed)
    for (std::size_t token = 0; token < vocabulary; ++token)
      if (!options.allowed(written, static_cast<std::int64_t>(token))) row[token] = kImpossible;
}

}  // namespace beholder::generation
