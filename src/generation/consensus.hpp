// Which of several sentences says what most of them say.
#pragma once

#include <string>
#include <vector>

namespace beholder::generation {

/// How much each sentence has in common with the others: the sum over the others of the cosine
/// between the counts of their n-grams (1 to 4 words, averaged over n), less for unlike lengths
/// (as in CIDEr-D, Vedantam et al. 2015, without its corpus weights). Choosing the largest is
/// minimum Bayes risk decoding with every hypothesis counted alike (Kumar & Byrne 2004).
/// @return one score a sentence, 0 or more
std::vector<double> consensus_scores(const std::vector<std::string>& sentences);

}  // namespace beholder::generation
