#include "generation/beam_search.hpp"

#include <algorithm>
#include <utility>

#include "core/check.hpp"
#include "generation/candidates.hpp"
#include "generation/logits_processors.hpp"
#include "generation/token_rules.hpp"

namespace beholder::generation {
namespace {

bool better(const Hypothesis& a, const Hypothesis& b) { return a.score > b.score; }

}  // namespace

BeamSearch::BeamSearch(const GenerationOptions& options) : options_(options), alive_(1) {
  check(options.max_new_tokens >= 1, ErrorCode::kUsage, "max_new_tokens is ",
        options.max_new_tokens, "; it must be 1 or more");
  check(options.num_beams >= 1, ErrorCode::kUsage, "num_beams is ", options.num_beams,
        "; it must be 1 or more");
  check(options.num_return >= 1 && options.num_return <= options.num_beams, ErrorCode::kUsage,
        "num_return is ", options.num_return, "; it must lie between 1 and num_beams (",
        options.num_beams, ")");
  check_rules(options);
}

void BeamSearch::advance(float* scores, std::size_t vocabulary) {
  const auto beams = static_cast<std::size_t>(options_.num_beams);
  const std::vector<Candidate> candidates = likeliest(alive_, scores, vocabulary, options_);
  if (candidates.empty()) {  // nothing may follow: what is alive stays unfinished
    done_ = true;
    return;
  }
  std::vector<Hypothesis> next;
  rows_.clear();
  tokens_.clear();
  std::size_t considered = 0;
  for (const Candidate& candidate : candidates) {
    if (next.size() == beams || considered == 2 * beams) break;
    ++considered;
    Hypothesis grown = alive_[candidate.row];
    grown.log_probability = candidate.log_probability;
    grown.ranked = candidate.ranked;
    grown.score = penalised(grown.ranked, grown.tokens.size() + 1, options_.length_penalty);
    if (candidate.token == options_.end_token) {
      grown.finished = true;
      finished_.push_back(std::move(grown));
      continue;
    }
    grown.tokens.push_back(candidate.token);
    grown.token_log_probabilities.push_back(candidate.log_probability -
                                            alive_[candidate.row].log_probability);
    rows_.push_back(static_cast<std::int64_t>(candidate.row));
    tokens_.push_back(candidate.token);
    next.push_back(std::move(grown));
  }
  alive_ = std::move(next);
  std::sort(finished_.begin(), finished_.end(), better);
  if (finished_.size() > beams) finished_.resize(beams);
  if (finished_.size() == beams) give_up_hopeless();
  done_ = ++written_ == options_.max_new_tokens || alive_.empty() ||
          (beams == 1 && !finished_.empty());  // greedy takes the first end
}

void BeamSearch::give_up_hopeless() {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < alive_.size(); ++i) {
    // Even an end that cost nothing would not bring it among the best. (With a length penalty above
    // 0 a longer sequence might still come in, if its further tokens were all but certain.)
    const double bound =
        penalised(alive_[i].ranked, alive_[i].tokens.size() + 1, options_.length_penalty);
    if (bound <= finished_.back().score) continue;
    if (kept != i) alive_[kept] = std::move(alive_[i]);
    rows_[kept] = rows_[i];
    tokens_[kept++] = tokens_[i];
  }
  alive_.resize(kept);
  rows_.resize(kept);
  tokens_.resize(kept);
}

std::vector<std::int64_t> BeamSearch::certain() const {
  if (done_) return results().front().tokens;
  std::vector<std::int64_t> common = alive_.front().tokens;
  const auto shorten = [&](const Hypothesis& other) {
    const auto& tokens = other.tokens;
    std::size_t same = 0;
    while (same < common.size() && same < tokens.size() && common[same] == tokens[same]) ++same;
    common.resize(same);
  };
  for (const Hypothesis& hypothesis : alive_) shorten(hypothesis);
  if (!finished_.empty()) shorten(finished_.front());
  return common;
}

std::vector<Hypothesis> BeamSearch::results() const {
  const auto wanted = static_cast<std::size_t>(options_.num_return);
  std::vector<Hypothesis> out = finished_;
  std::vector<Hypothesis> unfinished = alive_;
  std::sort(unfinished.begin(), unfinished.end(), better);
  for (Hypothesis& hypothesis : unfinished)
    if (out.size() < wanted) out.push_back(std::move(hypothesis));
  if (out.size() > wanted) out.resize(wanted);
  return out;
}

}  // namespace beholder::generation
