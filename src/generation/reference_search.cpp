#include "generation/reference_search.hpp"

#include <algorithm>
#include <cmath>

#include "core/check.hpp"
#include "generation/token_rules.hpp"

namespace beholder::generation {
namespace {

struct Candidate {
  std::size_t row;
  std::int64_t token;
  double log_probability;
};

/// The `count` likeliest continuations of all hypotheses, likeliest first.
std::vector<Candidate> likeliest(const std::vector<Hypothesis>& alive, std::vector<float>& scores,
                                 std::size_t count, const GenerationOptions& options) {
  const std::size_t vocabulary = scores.size() / alive.size();
  const auto before = [](const Candidate& a, const Candidate& b) {
    if (a.log_probability != b.log_probability) return a.log_probability > b.log_probability;
    return a.row != b.row ? a.row < b.row : a.token < b.token;
  };
  std::vector<Candidate> out;
  for (std::size_t row = 0; row < alive.size(); ++row) {
    float* const values = scores.data() + row * vocabulary;
    forbid(values, vocabulary, alive[row].tokens, options);
    for (std::size_t token = 0; token < vocabulary; ++token) {
      if (!(values[token] > kImpossible)) continue;
      const Candidate entry{row, static_cast<std::int64_t>(token),
                            alive[row].log_probability + static_cast<double>(values[token])};
      if (out.size() == count) {
        if (!before(entry, out.back())) continue;
        out.pop_back();
      }
      out.insert(std::upper_bound(out.begin(), out.end(), entry, before), entry);
    }
  }
  return out;
}

}  // namespace

std::vector<Hypothesis> reference_beam_search(const StepFunction& step,
                                              const GenerationOptions& options) {
  if (options.num_beams == 1) return beam_search(step, options);
  check(options.max_new_tokens >= 1 && options.num_beams >= 1, ErrorCode::kUsage,
        "max_new_tokens is ", options.max_new_tokens, " and num_beams ", options.num_beams,
        "; both must be 1 or more");
  const auto beams = static_cast<std::size_t>(options.num_beams);
  std::vector<Hypothesis> alive(1), ended;
  std::vector<std::int64_t> rows, tokens;
  for (std::int64_t written = 1; written <= options.max_new_tokens; ++written) {
    std::vector<float> scores = step(rows, tokens);
    check(!scores.empty() && scores.size() % alive.size() == 0, ErrorCode::kShape,
          "step: ", scores.size(), " scores for ", alive.size(), " hypotheses");
    const std::vector<Candidate> candidates = likeliest(alive, scores, 2 * beams, options);
    if (candidates.empty()) break;
    const bool last = written == options.max_new_tokens;
    std::vector<Hypothesis> next;
    rows.clear();
    tokens.clear();
    for (std::size_t rank = 0; rank < candidates.size(); ++rank) {
      const Candidate& candidate = candidates[rank];
      Hypothesis grown = alive[candidate.row];
      const bool ends = candidate.token == options.end_token;
      if (!ends) grown.tokens.push_back(candidate.token);
      grown.log_probability = candidate.log_probability;
      grown.finished = ends;
      grown.score = penalised(grown.log_probability, static_cast<std::size_t>(written),
                              options.length_penalty);
      if (ends || last) {
        if (rank < beams) ended.push_back(std::move(grown));
      } else if (next.size() < beams) {
        rows.push_back(static_cast<std::int64_t>(candidate.row));
        tokens.push_back(candidate.token);
        next.push_back(std::move(grown));
      }
    }
    std::stable_sort(ended.begin(), ended.end(),
                     [](const Hypothesis& a, const Hypothesis& b) { return a.score > b.score; });
    if (ended.size() > beams) ended.resize(beams);
    if (last || next.empty()) break;
    alive = std::move(next);
    if (ended.size() == beams && !(alive.front().score > ended.back().score)) break;
  }
  std::vector<Hypothesis> out = ended.empty() ? alive : ended;
  if (out.size() > static_cast<std::size_t>(options.num_return))
    out.resize(static_cast<std::size_t>(options.num_return));
  return out;
}

}  // namespace beholder::generation
