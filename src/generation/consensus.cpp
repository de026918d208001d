#include "generation/consensus.hpp"

#include <array>
#include <cmath>
#include <iterator>
#include <sstream>

#include "text/bag_of_words.hpp"

namespace beholder::generation {
namespace {

constexpr std::size_t kLongest = text::kLongestNGram;
constexpr double kLengthSigma = 6;  // words, as in CIDEr-D

struct Sentence {
  text::NGramCounts counts;
  std::array<double, kLongest> norms{};
  double length = 0;
};

Sentence counted(const std::string& sentence) {
  std::istringstream in(sentence);
  const std::vector<std::string> words{std::istream_iterator<std::string>(in), {}};
  Sentence out;
  out.length = static_cast<double>(words.size());
  out.counts = text::count_ngrams(words);
  for (std::size_t n = 0; n < kLongest; ++n) {
    for (const auto& [gram, count] : out.counts[n]) out.norms[n] += count * count;
    out.norms[n] = std::sqrt(out.norms[n]);
  }
  return out;
}

double similarity(const Sentence& a, const Sentence& b) {
  double total = 0;
  for (std::size_t n = 0; n < kLongest; ++n) {
    if (a.norms[n] == 0 || b.norms[n] == 0) continue;
    double product = 0;
    for (const auto& [gram, count] : a.counts[n]) {
      const auto found = b.counts[n].find(gram);
      if (found != b.counts[n].end()) product += count * found->second;
    }
    total += product / (a.norms[n] * b.norms[n]);
  }
  const double apart = a.length - b.length;
  return total / static_cast<double>(kLongest) *
         std::exp(-apart * apart / (2 * kLengthSigma * kLengthSigma));
}

}  // namespace

std::vector<double> consensus_scores(const std::vector<std::string>& sentences) {
  std::vector<Sentence> all;
  for (const std::string& sentence : sentences) all.push_back(counted(sentence));
  std::vector<double> scores(all.size(), 0);
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      const double alike = similarity(all[i], all[j]);
      scores[i] += alike;
      scores[j] += alike;
    }
  return scores;
}

}  // namespace beholder::generation
