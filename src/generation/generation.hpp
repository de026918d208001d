// Writing a sequence token by token: greedy, beam, sampling, and the score of a given one.
// It sees a step function and knows nothing of the network behind it.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace beholder::generation {

/// Log-probabilities of the next token for every hypothesis that is alive.
/// @param rows which row of the last call each hypothesis goes on from (empty on the first call,
///        which has one hypothesis)
/// @param tokens the token that each has just been given (empty on the first call)
/// @return rows × V values, row by row; normalised (log-softmax) unless `GenerationOptions::logits`
using StepFunction = std::function<std::vector<float>(const std::vector<std::int64_t>& rows,
                                                      const std::vector<std::int64_t>& tokens)>;

struct GenerationOptions {
  std::int64_t max_new_tokens = 24;     ///< the end token included
  std::int64_t num_beams = 1;           ///< 1: greedy (or sampling)
  std::int64_t num_return = 1;          ///< best hypotheses kept; at most num_beams for a beam
  double length_penalty = 1.0;          ///< score = ranked / length^penalty (Wu et al. 2016)
  std::vector<std::int64_t> forbidden;  ///< tokens that are never written
  std::int64_t end_token = 2;
  std::int64_t no_repeat_ngram = 0;  ///< n-grams that may not come twice; 0: no rule
  double repetition_penalty = 1;     ///< above 0; above 1 what was written is less likely again
  std::int64_t min_new_tokens = 0;   ///< no end before so many, the end not counted
  /// What the sequence goes on from: its tokens count as written for the penalty and the n-grams.
  std::vector<std::int64_t> prompt;
  /// Whether a token may follow what is written, asked for every token; empty: all may. It is how a
  /// sequence is held to a grammar.
  std::function<bool(const std::vector<std::int64_t>& written, std::int64_t token)> allowed;
  /// Makes tokens impossible (minus infinity) in the scores of what may follow `written`; empty:
  /// none. For rules that look at a whole row at once.
  std::function<void(const std::vector<std::int64_t>& written, float* row,
                     std::size_t vocabulary)> restrict;
  /// The step gives logits, not log-probabilities: the rules change them before they are
  /// normalised, as the reference implementation does when it is greedy or samples. For one
  /// hypothesis (num_beams 1, or `sample`).
  bool logits = false;
};

struct SamplingOptions {
  double temperature = 1.0;  ///< above 0
  std::int64_t top_k = 0;    ///< keep the k likeliest; 0: all
  double top_p = 1.0;        ///< keep the smallest set with this much probability (nucleus)
  std::uint64_t seed = 0;
};

/// One written sequence.
struct Hypothesis {
  std::vector<std::int64_t> tokens;  ///< without the end token
  /// Of each token, as the network has it; empty from `transformers_beam_search`.
  std::vector<double> token_log_probabilities;
  double log_probability = 0;  ///< of all tokens and the end token, as the network has it
  double ranked = 0;           ///< the same after the repetition penalty
  double score = 0;            ///< `ranked` after the length penalty
  bool finished = false;       ///< the end token was written before the limit
};

/// Beam search; with num_beams 1 it is greedy. Best first. @throws Error kUsage on bad options
std::vector<Hypothesis> beam_search(const StepFunction& step, const GenerationOptions& options);

/// One sampled sequence; the same seed gives the same one.
Hypothesis sample(const StepFunction& step, const GenerationOptions& options,
                  const SamplingOptions& sampling);

/// The log-probability of a given sequence followed by the end token.
double score(const StepFunction& step, const std::vector<std::int64_t>& tokens,
             std::int64_t end_token);

}  // namespace beholder::generation
