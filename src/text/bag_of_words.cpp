#include "text/bag_of_words.hpp"

namespace beholder::text {

NGramCounts count_ngrams(const std::vector<std::string>& words) {
  NGramCounts counts;
  for (std::size_t begin = 0; begin < words.size(); ++begin) {
    std::string ngram;
    for (std::size_t n = 0; n < kLongestNGram && begin + n < words.size(); ++n) {
      ngram += words[begin + n];
      ngram += '\n';
      counts[n][ngram] += 1;
    }
  }
  return counts;
}

}  // namespace beholder::text
