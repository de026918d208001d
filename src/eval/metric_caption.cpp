#include "eval/metric_caption.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <unordered_map>
#include <unordered_set>

#include "core/check.hpp"
#include "eval/metric_text.hpp"
#include "text/bag_of_words.hpp"

namespace beholder::eval {

namespace {

constexpr std::size_t kOrder = text::kLongestNGram;
constexpr double kSigma = 6.0;

using Counts = text::NGramCounts;
using text::count_ngrams;

void check_captions(const std::vector<Tokens>& captions,
                    const std::vector<std::vector<Tokens>>& references) {
  check(!captions.empty(), ErrorCode::kDataFormat, "no captions to score; give at least one");
  check(captions.size() == references.size(), ErrorCode::kDataFormat, captions.size(),
        " captions for ", references.size(), " lists of references; give one list for each");
  for (std::size_t row = 0; row < references.size(); ++row)
    check(!references[row].empty(), ErrorCode::kDataFormat, "row ", row + 1,
          ": no reference captions; leave the picture out or give one");
}

/// The tf-idf vector of one caption for each n-gram length.
struct Weighted {
  Counts weights;
  std::array<double, kOrder> norms{};
  double length = 0;  // in bigrams, as cider_scorer.py counts it
};

Weighted weigh(const Tokens& tokens, const Counts& frequency, double log_pictures) {
  Weighted result;
  result.weights = count_ngrams(tokens);
  for (std::size_t n = 0; n < kOrder; ++n) {
    double squares = 0;
    for (auto& [ngram, value] : result.weights[n]) {
      if (n == 1) result.length += value;
      const auto seen = frequency[n].find(ngram);
      const double documents = seen == frequency[n].end() ? 1.0 : seen->second;
      value *= log_pictures - std::log(documents);
      squares += value * value;
    }
    result.norms[n] = std::sqrt(squares);
  }
  return result;
}

double similarity(const Weighted& caption, const Weighted& reference) {
  const double delta = caption.length - reference.length;
  double sum = 0;
  for (std::size_t n = 0; n < kOrder; ++n) {
    double product = 0;
    for (const auto& [ngram, weight] : caption.weights[n])
      if (const auto other = reference.weights[n].find(ngram); other != reference.weights[n].end())
        product += std::min(weight, other->second) * other->second;
    if (caption.norms[n] != 0 && reference.norms[n] != 0)
      product /= caption.norms[n] * reference.norms[n];
    sum += product;
  }
  return sum * std::exp(-delta * delta / (2 * kSigma * kSigma)) / kOrder;
}

}  // namespace

std::array<double, 4> corpus_bleu(const std::vector<Tokens>& captions,
                                  const std::vector<std::vector<Tokens>>& references) {
  check_captions(captions, references);
  std::array<double, kOrder> guessed{}, right{};
  double length = 0, reference_length = 0;
  for (std::size_t row = 0; row < captions.size(); ++row) {
    const auto size = static_cast<long>(captions[row].size());
    Counts most;
    long closest = static_cast<long>(references[row].front().size());
    for (const Tokens& reference : references[row]) {
      const auto other = static_cast<long>(reference.size());
      const long gap = std::labs(other - size), best = std::labs(closest - size);
      if (gap < best || (gap == best && other < closest)) closest = other;
      const Counts counts = count_ngrams(reference);
      for (std::size_t n = 0; n < kOrder; ++n)
        for (const auto& [ngram, count] : counts[n])
          most[n][ngram] = std::max(most[n][ngram], count);
    }
    length += static_cast<double>(size);
    reference_length += static_cast<double>(closest);
    const Counts counts = count_ngrams(captions[row]);
    for (std::size_t n = 0; n < kOrder; ++n) {
      guessed[n] += static_cast<double>(std::max(0L, size - static_cast<long>(n)));
      for (const auto& [ngram, count] : counts[n])
        if (const auto limit = most[n].find(ngram); limit != most[n].end())
          right[n] += std::min(count, limit->second);
    }
  }
  constexpr double kSmall = 1e-9, kTiny = 1e-15;
  const double ratio = (length + kTiny) / (reference_length + kSmall);
  const double penalty = ratio < 1 ? std::exp(1 - 1 / ratio) : 1;
  std::array<double, kOrder> bleu{};
  double product = 1;
  for (std::size_t n = 0; n < kOrder; ++n) {
    product *= (right[n] + kTiny) / (guessed[n] + kSmall);
    bleu[n] = std::pow(product, 1.0 / static_cast<double>(n + 1)) * penalty;
  }
  return bleu;
}

CiderScorer::CiderScorer(std::vector<std::vector<Tokens>> references)
    : references_(std::move(references)) {
  check_captions(std::vector<Tokens>(references_.size()), references_);
  for (const std::vector<Tokens>& list : references_) {
    std::array<std::unordered_set<std::string>, kOrder> seen;
    for (const Tokens& reference : list) {
      const Counts counts = count_ngrams(reference);
      for (std::size_t n = 0; n < kOrder; ++n)
        for (const auto& entry : counts[n]) seen[n].insert(entry.first);
    }
    for (std::size_t n = 0; n < kOrder; ++n)
      for (const std::string& ngram : seen[n]) frequency_[n][ngram] += 1;
  }
  log_pictures_ = std::log(static_cast<double>(references_.size()));
}

double CiderScorer::score(std::size_t row, const Tokens& caption) const {
  check(row < references_.size(), ErrorCode::kInternal, "no references of row ", row);
  const Weighted weighted = weigh(caption, frequency_, log_pictures_);
  double sum = 0;
  for (const Tokens& reference : references_[row])
    sum += similarity(weighted, weigh(reference, frequency_, log_pictures_));
  return 10 * sum / static_cast<double>(references_[row].size());
}

Cider cider_d(const std::vector<Tokens>& captions,
              const std::vector<std::vector<Tokens>>& references) {
  check_captions(captions, references);
  const CiderScorer scorer(references);
  Cider cider;
  for (std::size_t row = 0; row < captions.size(); ++row)
    cider.per_picture.push_back(scorer.score(row, captions[row]));
  cider.mean = std::accumulate(cider.per_picture.begin(), cider.per_picture.end(), 0.0) /
               static_cast<double>(captions.size());
  return cider;
}

}  // namespace beholder::eval
