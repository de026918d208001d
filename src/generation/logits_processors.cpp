#include "generation/logits_processors.hpp"

#include <algorithm>
#include <cmath>

#include "core/check.hpp"
#include "generation/token_rules.hpp"

namespace beholder::generation {
namespace {

bool inside(std::int64_t token, std::size_t vocabulary) {
  return token >= 0 && token < static_cast<std::int64_t>(vocabulary);
}

/// Prompt and what is written behind it, as one sequence.
std::vector<std::int64_t> whole(const std::vector<std::int64_t>& written,
                                const GenerationOptions& options) {
  std::vector<std::int64_t> out = options.prompt;
  out.insert(out.end(), written.begin(), written.end());
  return out;
}

}  // namespace

void penalise_repetition(float* row, std::size_t vocabulary,
                         const std::vector<std::int64_t>& written,
                         const GenerationOptions& options) {
  if (options.repetition_penalty == 1) return;
  std::vector<std::int64_t> tokens = whole(written, options);
  std::sort(tokens.begin(), tokens.end());
  tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
  const auto penalty = static_cast<float>(options.repetition_penalty);
  for (const std::int64_t token : tokens)
    if (inside(token, vocabulary))
      row[token] = row[token] < 0 ? row[token] * penalty : row[token] / penalty;
}

void forbid_repeated_ngrams(float* row, std::size_t vocabulary,
                            const std::vector<std::int64_t>& written,
                            const GenerationOptions& options) {
  const std::int64_t n = options.no_repeat_ngram;
  if (n <= 0) return;
  const std::vector<std::int64_t> tokens = whole(written, options);
  const auto size = static_cast<std::int64_t>(tokens.size());
  // Wherever the last n - 1 tokens stood before, what followed them then may not follow now.
  for (std::int64_t start = 0; start + n <= size; ++start)
    if (std::equal(tokens.begin() + start, tokens.begin() + start + n - 1,
                   tokens.end() - (n - 1)) &&
        inside(tokens[start + n - 1], vocabulary))
      row[tokens[start + n - 1]] = kImpossible;
}

void process_scores(float* row, std::size_t vocabulary, const std::vector<std::int64_t>& written,
                    const GenerationOptions& options) {
  penalise_repetition(row, vocabulary, written, options);
  forbid_repeated_ngrams(row, vocabulary, written, options);
  if (static_cast<std::int64_t>(written.size()) < options.min_new_tokens &&
      inside(options.end_token, vocabulary))
    row[options.end_token] = kImpossible;
  forbid(row, vocabulary, written, options);
  if (options.restrict) options.restrict(written, row, vocabulary);
}

void normalise(float* row, std::size_t vocabulary) {
  const float most = *std::max_element(row, row + vocabulary);
  if (most == kImpossible) return;
  double total = 0;
  for (std::size_t i = 0; i < vocabulary; ++i)
    total += std::exp(static_cast<double>(row[i] - most));
  const auto shift = most + static_cast<float>(std::log(total));
  for (std::size_t i = 0; i < vocabulary; ++i) row[i] -= shift;
}

void check_rules(const GenerationOptions& options) {
  check(std::isfinite(options.repetition_penalty) && options.repetition_penalty > 0,
        ErrorCode::kUsage, "repetition_penalty is ", options.repetition_penalty,
        "; it must be a finite number above 0 (1: no penalty)");
  check(options.no_repeat_ngram >= 0, ErrorCode::kUsage, "no_repeat_ngram is ",
        options.no_repeat_ngram, "; it must be 0 (no rule) or more");
  check(options.min_new_tokens >= 0, ErrorCode::kUsage, "min_new_tokens is ",
        options.min_new_tokens, "; it must be 0 or more");
  check(options.min_new_tokens < options.max_new_tokens || options.min_new_tokens == 0,
        ErrorCode::kUsage, "min_new_tokens is ", options.min_new_tokens,
        "; it must be below max_new_tokens (", options.max_new_tokens,
        "), in which the end counts too");
}

}  // namespace beholder::generation
