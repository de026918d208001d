// Beam search as a state that is advanced a token at a time, so that many can share one network.
#pragma once

#include <cstdint>
#include <vector>

#include "generation/generation.hpp"

namespace beholder::generation {

/// Keeps the likeliest hypotheses. While `!done()`: let the network score the next token of every
/// living hypothesis (`rows()`, `tokens()`), then `advance`.
class BeamSearch {
 public:
  /// @throws Error kUsage on bad options
  explicit BeamSearch(const GenerationOptions& options);

  bool done() const { return done_; }
  /// Hypotheses to be scored: 1 at first, then at most num_beams, fewer towards the end.
  std::size_t size() const { return alive_.size(); }
  /// Which row of the last scores each goes on from; empty before the first.
  const std::vector<std::int64_t>& rows() const { return rows_; }
  /// The token that each has just been given; empty before the first.
  const std::vector<std::int64_t>& tokens() const { return tokens_; }

  /// @param scores (size(), vocabulary) log-probabilities, normalised; overwritten
  void advance(float* scores, std::size_t vocabulary);

  /// The tokens that every hypothesis begins with which may still be the first of the results.
  std::vector<std::int64_t> certain() const;

  /// The best, at most num_return; unfinished ones only where too few came to their end.
  std::vector<Hypothesis> results() const;

 private:
  void give_up_hopeless();

  GenerationOptions options_;
  std::vector<Hypothesis> alive_, finished_;
  std::vector<std::int64_t> rows_, tokens_;
  std::int64_t written_ = 0;
  bool done_ = false;
};

}  // namespace beholder::generation
