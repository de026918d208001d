#include "generation/candidates.hpp"

#include <algorithm>
#include <utility>

#include "generation/logits_processors.hpp"
#include "generation/token_rules.hpp"

namespace beholder::generation {
namespace {

bool likelier(const Candidate& a, const Candidate& b) {
  if (a.ranked != b.ranked) return a.ranked > b.ranked;
  return a.row != b.row ? a.row < b.row : a.token < b.token;  // ties must not depend on the run
}

using ScoredToken = std::pair<float, std::int64_t>;

constexpr std::size_t kBlock = 32;

/// Whether one of kBlock values is above `bound`; without a branch, so that it vectorises.
bool any_above(const float* values, float bound) {
  int above = 0;
  for (std::size_t i = 0; i < kBlock; ++i) above |= static_cast<int>(values[i] > bound);
  return above != 0;
}

/// The `count` largest of a row, largest first, ties by token. Most blocks fall at the first
/// comparison, which is why no heap of all values is built.
void largest(const float* row, std::size_t vocabulary, std::size_t count,
             std::vector<ScoredToken>& out) {
  const auto before = [](const ScoredToken& a, const ScoredToken& b) { return a.first > b.first; };
  out.clear();
  for (std::size_t token = 0; token < vocabulary;) {
    const float bound = out.size() == count ? out.back().first : kImpossible;
    if (token + kBlock <= vocabulary && !any_above(row + token, bound)) {
      token += kBlock;
      continue;
    }
    const std::size_t end = std::min(vocabulary, token + kBlock);
    for (; token < end; ++token) {
      const float value = row[token];
      if (!(value > (out.size() == count ? out.back().first : kImpossible))) continue;
      const ScoredToken entry{value, static_cast<std::int64_t>(token)};
      if (out.size() == count) out.pop_back();
      out.insert(std::upper_bound(out.begin(), out.end(), entry, before), entry);
    }
  }
}

}  // namespace

std::vector<Candidate> likeliest(const std::vector<Hypothesis>& alive, float* scores,
                                 std::size_t vocabulary, const GenerationOptions& options) {
  std::vector<Candidate> out;
  std::vector<ScoredToken> best;
  std::vector<float> own;  // the network's, where the rules change more than what is possible
  const bool changes = options.repetition_penalty != 1 || options.logits;
  for (std::size_t row = 0; row < alive.size(); ++row) {
    float* const values = scores + row * vocabulary;
    if (changes) own.assign(values, values + vocabulary);
    process_scores(values, vocabulary, alive[row].tokens, options);
    if (options.logits) {
      normalise(own.data(), vocabulary);
      normalise(values, vocabulary);
    }
    largest(values, vocabulary, static_cast<std::size_t>(options.num_beams) + 1, best);
    for (const auto& [value, token] : best)
      out.push_back(
          {row, token,
           alive[row].log_probability + (changes ? own[static_cast<std::size_t>(token)] : value),
           alive[row].ranked + value});
  }
  std::sort(out.begin(), out.end(), likelier);
  return out;
}

}  // namespace beholder::generation
