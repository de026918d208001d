// What `DescribeOptions` asks of the words of a description, whatever model writes it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "beholder/types.hpp"
#include "generation/generation.hpp"

namespace beholder::generation {

/// @throws Error kUsage, naming the range, when a number of words, tokens, or a penalty is out of
///   it, the least is above the greatest, or `prefix` or `suffix` is not UTF-8 of one line
void check_caption_rules(const DescribeOptions& options);

/// The rules against repetition and the least number of tokens, for the search.
/// @param own_ngram what the model does when `no_repeat_ngram` is negative; 0: no rule
void apply_rules(const DescribeOptions& options, int own_ngram, generation::GenerationOptions& out);

/// Holds the search to the limits of words, where any are asked for. Call when `out` has its
/// prompt, end token and greatest number of tokens.
/// @param vocabulary number of tokens
/// @param piece what a token writes; "" for those such as [PAD]
/// @throws Error kUsage as WordLimits
void limit_words(const DescribeOptions& options, std::int64_t vocabulary,
                 const std::function<std::string(std::int64_t)>& piece, GenerationOptions& out);

/// @throws Error kUsage when limits of words were given and no description keeps them
void check_kept(const std::vector<Description>& found, const DescribeOptions& options);

}  // namespace beholder::generation
