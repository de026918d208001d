// A text as how often each word, and each short sequence of words, comes in it.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

namespace beholder::text {

/// Longest sequence that is counted, words.
constexpr std::size_t kLongestNGram = 4;

/// At n - 1, the counts of the sequences of n words; a bag of words at 0. Words in a key end in a
/// line break, which no word holds.
using NGramCounts = std::array<std::unordered_map<std::string, double>, kLongestNGram>;

NGramCounts count_ngrams(const std::vector<std::string>& words);

}  // namespace beholder::text
