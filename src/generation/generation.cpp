#include "generation/generation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "core/check.hpp"
#include "core/permutation.hpp"

namespace beholder::generation {
namespace {

constexpr float kImpossible = -std::numeric_limits<float>::infinity();

void check_options(const GenerationOptions& options) {
  check(options.max_new_tokens >= 1, ErrorCode::kUsage, "max_new_tokens is ",
        options.max_new_tokens, "; it must be 1 or more");
  check(options.num_beams >= 1, ErrorCode::kUsage, "num_beams is ", options.num_beams,
        "; it must be 1 or more");
  check(options.num_return >= 1 && options.num_return <= options.num_beams, ErrorCode::kUsage,
        "num_return is ", options.num_return, "; it must lie between 1 and num_beams (",
        options.num_beams, ")");
}

double penalised(double log_probability, std::size_t length, double penalty) {
  return log_probability / std::pow(static_cast<double>(std::max<std::size_t>(length, 1)), penalty);
}

/// Whether writing `token` would repeat an n-gram of `tokens`.
bool repeats(const std::vector<std::int64_t>& tokens, std::int64_t token, std::int64_t n) {
  const auto size = static_cast<std::int64_t>(tokens.size());
  if (n <= 0 || size + 1 < 2 * n - (n - 1)) return false;
  for (std::int64_t start = 0; start + n <= size; ++start) {
    bool same = tokens[start + n - 1] == token;
    for (std::int64_t i = 0; same && i < n - 1; ++i)
      same = tokens[start + i] == tokens[size - (n - 1) + i];
    if (same) return true;
  }
  return false;
}

/// One row of log-probabilities with what may not be written made impossible.
void forbid(float* row, std::size_t vocabulary, const std::vector<std::int64_t>& written,
            const GenerationOptions& options) {
  for (const std::int64_t token : options.forbidden)
    if (token >= 0 && token < static_cast<std::int64_t>(vocabulary)) row[token] = kImpossible;
  if (options.no_repeat_ngram <= 0) return;
  for (std::size_t token = 0; token < vocabulary; ++token)
    if (repeats(written, static_cast<std::int64_t>(token), options.no_repeat_ngram))
      row[token] = kImpossible;
}

struct Candidate {
  std::size_t row;
  std::int64_t token;
  double log_probability;
};

bool likelier(const Candidate& a, const Candidate& b) {
  if (a.log_probability != b.log_probability) return a.log_probability > b.log_probability;
  return a.row != b.row ? a.row < b.row : a.token < b.token;  // ties must not depend on the run
}

}  // namespace

std::vector<Hypothesis> beam_search(const StepFunction& step, const GenerationOptions& options) {
  check_options(options);
  const auto beams = static_cast<std::size_t>(options.num_beams);
  std::vector<Hypothesis> alive(1), finished;
  std::vector<std::int64_t> rows, tokens;
  const auto better = [](const Hypothesis& a, const Hypothesis& b) { return a.score > b.score; };
  for (std::int64_t t = 0; t < options.max_new_tokens && !alive.empty(); ++t) {
    std::vector<float> scores = step(rows, tokens);
    check(!scores.empty() && scores.size() % alive.size() == 0, ErrorCode::kShape,
          "step: ", scores.size(), " scores for ", alive.size(), " hypotheses");
    const std::size_t vocabulary = scores.size() / alive.size();
    std::vector<Candidate> candidates;
    for (std::size_t row = 0; row < alive.size(); ++row) {
      float* values = scores.data() + row * vocabulary;
      forbid(values, vocabulary, alive[row].tokens, options);
      // At most `beams` ends and as many other tokens of a row can matter.
      std::vector<std::int64_t> order(vocabulary);
      for (std::size_t i = 0; i < vocabulary; ++i) order[i] = static_cast<std::int64_t>(i);
      const std::size_t kept = std::min(vocabulary, beams + 1);
      std::partial_sort(order.begin(), order.begin() + kept, order.end(),
                        [&](std::int64_t a, std::int64_t b) {
                          return values[a] != values[b] ? values[a] > values[b] : a < b;
                        });
      for (std::size_t i = 0; i < kept; ++i)
        if (values[order[i]] > kImpossible)
          candidates.push_back({row, order[i], alive[row].log_probability + values[order[i]]});
    }
    if (candidates.empty()) break;  // nothing may follow: what is alive stays unfinished
    std::sort(candidates.begin(), candidates.end(), likelier);
    std::vector<Hypothesis> next;
    rows.clear();
    tokens.clear();
    std::size_t considered = 0;
    for (const Candidate& candidate : candidates) {
      if (next.size() == beams || considered == 2 * beams) break;
      ++considered;
      Hypothesis grown = alive[candidate.row];
      grown.log_probability = candidate.log_probability;
      const std::size_t length = grown.tokens.size() + 1;
      grown.score = penalised(grown.log_probability, length, options.length_penalty);
      if (candidate.token == options.end_token) {
        grown.finished = true;
        finished.push_back(std::move(grown));
        continue;
      }
      grown.tokens.push_back(candidate.token);
      rows.push_back(static_cast<std::int64_t>(candidate.row));
      tokens.push_back(candidate.token);
      next.push_back(std::move(grown));
    }
    alive = std::move(next);
    if (beams == 1 && !finished.empty()) break;  // greedy takes the first end
    std::sort(finished.begin(), finished.end(), better);
    if (finished.size() > beams) finished.resize(beams);
    // No living hypothesis can still beat the worst that is kept: probabilities only fall.
    if (finished.size() == beams && !alive.empty()) {
      const double bound =
          penalised(alive.front().log_probability, static_cast<std::size_t>(options.max_new_tokens),
                    std::max(0.0, options.length_penalty));
      if (bound <= finished.back().score) break;
    }
  }
  // Unfinished ones count only where too few came to their end.
  std::sort(alive.begin(), alive.end(), better);
  for (Hypothesis& hypothesis : alive)
    if (finished.size() < static_cast<std::size_t>(options.num_return))
      finished.push_back(std::move(hypothesis));
  if (finished.size() > static_cast<std::size_t>(options.num_return))
    finished.resize(static_cast<std::size_t>(options.num_return));
  return finished;
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
  std::mt19937_64 random(sampling.seed);
  Hypothesis out;
  std::vector<std::int64_t> rows, tokens;
  for (std::int64_t t = 0; t < options.max_new_tokens && !out.finished; ++t) {
    std::vector<float> scores = step(rows, tokens);
    check(!scores.empty(), ErrorCode::kShape, "step: no scores");
    forbid(scores.data(), scores.size(), out.tokens, options);
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
    out.log_probability += scores[order[chosen]];
    out.finished = token == options.end_token;
    if (!out.finished) out.tokens.push_back(token);
    rows = {0};
    tokens = {token};
  }
  out.score = penalised(out.log_probability, out.tokens.size() + (out.finished ? 1 : 0),
                        options.length_penalty);
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
