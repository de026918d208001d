#include "generation/generation.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include "core/check.hpp"
#include "core/permutation.hpp"
#include "generation/beam_search.hpp"
#include "generation/logits_processors.hpp"
#include "generation/token_rules.hpp"

namespace beholder::generation {

std::vector<Hypothesis> beam_search(const StepFunction& step, const GenerationOptions& options) {
  BeamSearch search(options);
  while (!search.done()) {
    std::vector<float> scores = step(search.rows(), search.tokens());
    check(!scores.empty() && scores.size() % search.size() == 0, ErrorCode::kShape,
          "step: ", scores.size(), " scores for ", search.size(), " hypotheses");
    search.advance(scores.data(), scores.size() / search.size());
  }
  return search.results();
}

Hypothesis sample(const StepFunction& step, const GenerationOptions& options,
                  const SamplingOptions& sampling) {
  check(sampling.temperature > 0, ErrorCode::kUsage, "temperature is ", sampling.temperature,
        "; it must be above 0");
  check(sampling.top_p > 0 && sampling.top_p <= 1, ErrorCode::kUsage, "top_p is ", sampling.top_p,
        "; it must lie in (0, 1]");
  check(sampling.top_k >= 0, ErrorCode::kUsage, "top_k is ", sampling.top_k,
        "; it must be 0 (all) or more");
  check(options.max_new_tokens >= 1, ErrorCode::kUsage, "max_new_tokens must be 1 or more");
  check_rules(options);
  std::mt19937_64 random(sampling.seed);
  Hypothesis out;
  std::vector<std::int64_t> rows, tokens;
  for (std::int64_t t = 0; t < options.max_new_tokens && !out.finished; ++t) {
    std::vector<float> scores = step(rows, tokens);
    check(!scores.empty(), ErrorCode::kShape, "step: no scores");
    std::vector<float> own = scores;
    if (options.logits) normalise(own.data(), own.size());
    process_scores(scores.data(), scores.size(), out.tokens, options);
    if (options.logits) normalise(scores.data(), scores.size());
    std::vector<std::size_t> order(scores.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
    });
    if (scores[order[0]] == kImpossible) break;  // nothing may follow
    if (sampling.top_k > 0 && order.size() > static_cast<std::size_t>(sampling.top_k))
      order.resize(static_cast<std::size_t>(sampling.top_k));
    std::vector<double> weights;
    double total = 0;
    for (const std::size_t token : order) {
      weights.push_back(std::exp((scores[token] - scores[order[0]]) / sampling.temperature));
      total += weights.back();
    }
    double kept = 0;
    std::size_t count = 0;
    while (count < weights.size() && (count == 0 || kept < sampling.top_p * total))
      kept += weights[count++];
    // 53 random bits in [0, 1): the same on every standard library.
    double left = uniform(random) * kept;
    std::size_t chosen = 0;
    while (chosen + 1 < count && (left -= weights[chosen]) >= 0) ++chosen;
    const auto token = static_cast<std::int64_t>(order[chosen]);
    out.log_probability += own[order[chosen]];
    out.ranked += scores[order[chosen]];
    out.finished = token == options.end_token;
    if (!out.finished) {
      out.tokens.push_back(token);
      out.token_log_probabilities.push_back(own[order[chosen]]);
    }
    rows = {0};
    tokens = {token};
  }
  out.score =
      penalised(out.ranked, out.tokens.size() + (out.finished ? 1 : 0), options.length_penalty);
  return out;
}

double score(const StepFunction& step, const std::vector<std::int64_t>& tokens,
             std::int64_t end_token) {
  double total = 0;
  std::vector<std::int64_t> rows, last;
  for (std::size_t t = 0; t <= tokens.size(); ++t) {
    const std::vector<float> scores = step(rows, last);
    const std::int64_t token = t < tokens.size() ? tokens[t] : end_token;
    check(token >= 0 && token < static_cast<std::int64_t>(scores.size()), ErrorCode::kUsage,
          "score: token ", token, " is outside the vocabulary");
    total += scores[token];
    rows = {0};
    last = {token};
  }
  return total;
}

}  // namespace beholder::generation
