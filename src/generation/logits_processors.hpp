// How scores are changed before the next token is chosen: penalties and rules on what is written.
#pragma once

#include <cstdint>
#include <vector>

#include "generation/generation.hpp"

namespace beholder::generation {

/// Divides positive scores of the tokens of `options.prompt` and `written` by
/// `options.repetition_penalty` and multiplies the others by it, each token once (Keskar et al.
/// 2019; `RepetitionPenaltyLogitsProcessor` of transformers 5).
void penalise_repetition(float* row, std::size_t vocabulary,
                         const std::vector<std::int64_t>& written,
                         const GenerationOptions& options);

/// Makes every token impossible that would complete an n-gram of `options.no_repeat_ngram` tokens
/// for the second time, those of the prompt counted (`NoRepeatNGramLogitsProcessor`).
void forbid_repeated_ngrams(float* row, std::size_t vocabulary,
                            const std::vector<std::int64_t>& written,
                            const GenerationOptions& options);

/// All that the options ask for, in the order of transformers' `_get_logits_processor`: repetition
/// penalty, n-grams, least number of new tokens; then `forbidden`, `allowed` and `restrict`.
/// @param row scores of one hypothesis' next token, log-probabilities or logits; changed
void process_scores(float* row, std::size_t vocabulary, const std::vector<std::int64_t>& written,
                    const GenerationOptions& options);

/// Turns logits into log-probabilities (log-softmax); what is impossible stays so. Where nothing is
/// possible the row stays as it is.
void normalise(float* row, std::size_t vocabulary);

/// @throws Error kUsage, naming the range, for a penalty that is not above 0, or a negative number
/// of tokens
void check_rules(const GenerationOptions& options);

}  // namespace beholder::generation
