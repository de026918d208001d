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
  const std::int64_t n = options.no_repeat_ngram;
  const auto size = static_cast<std::int64_t>(written.size());
  if (n <= 0 || size < n) return;
  // Wherever the last n - 1 tokens stood before, what followed them then may not follow now.
  for (std::int64_t start = 0; start + n <= size; ++start)
    if (std::equal(written.begin() + start, written.begin() + start + n - 1,
                   written.end() - (n - 1)))
      rule_out(written[start + n - 1]);
}

}  // namespace beholder::generation
