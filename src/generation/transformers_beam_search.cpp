#include "generation/transformers_beam_search.hpp"

#include <algorithm>
#include <cmath>

#include "core/check.hpp"
#include "generation/candidates.hpp"
#include "generation/logits_processors.hpp"
#include "generation/token_rules.hpp"

namespace beholder::generation {
std::vector<Hypothesis> transformers_beam_search(const StepFunction& step,
                                                 const GenerationOptions& options) {
  if (options.num_beams == 1) return beam_search(step, options);
  check(options.max_new_tokens >= 1 && options.num_beams >= 1, ErrorCode::kUsage,
        "max_new_tokens is ", options.max_new_tokens, " and num_beams ", options.num_beams,
        "; both must be 1 or more");
  check_rules(options);
  const auto beams = static_cast<std::size_t>(options.num_beams);
  std::vector<Hypothesis> alive(1), ended;
  std::vector<std::int64_t> rows, tokens;
  for (std::int64_t written = 1; written <= options.max_new_tokens; ++written) {
    std::vector<float> scores = step(rows, tokens);
    check(!scores.empty() && scores.size() % alive.size() == 0, ErrorCode::kShape,
          "step: ", scores.size(), " scores for ", alive.size(), " hypotheses");
    const std::vector<Candidate> candidates =
        likeliest(alive, scores.data(), scores.size() / alive.size(), options);
    if (candidates.empty()) break;
    const bool last = written == options.max_new_tokens;
    std::vector<Hypothesis> next;
    rows.clear();
    tokens.clear();
    for (std::size_t rank = 0; rank < std::min(candidates.size(), 2 * beams); ++rank) {
      const Candidate& candidate = candidates[rank];
      Hypothesis grown = alive[candidate.row];
      const bool ends = candidate.token == options.end_token;
      if (!ends) grown.tokens.push_back(candidate.token);
      grown.log_probability = candidate.log_probability;
      grown.finished = ends;
      grown.ranked = candidate.ranked;
      grown.score =
          penalised(grown.ranked, static_cast<std::size_t>(written), options.length_penalty);
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
