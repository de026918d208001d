#include "eval/metric_wups.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "eval/metric_vqa.hpp"

namespace beholder::eval {

namespace {

constexpr double kBelowThreshold = 0.1;

/// The items of an answer; "true" and "false" are other words for "yes" and "no", as for accuracy.
std::vector<std::string> items_of(std::string_view answer) {
  std::vector<std::string> out = answer_items(answer);
  for (std::string& item : out)
    item = item == "true" ? "yes" : item == "false" ? "no" : std::move(item);
  return out;
}

}  // namespace

const std::vector<text::Synset>& Wups::senses(const std::string& item) {
  if (const auto known = senses_.find(item); known != senses_.end()) return known->second;
  std::vector<text::Synset> found = wordnet_.synsets(item);
  if (found.empty()) {
    std::string hyphenated = item;
    std::replace(hyphenated.begin(), hyphenated.end(), ' ', '-');
    found = wordnet_.synsets(hyphenated);
  }
  return senses_.emplace(item, std::move(found)).first->second;
}

double Wups::item_similarity(const std::string& a, const std::string& b) {
  if (a == b) return 1.0;
  const std::string key = a + '\n' + b;
  if (const auto known = similarities_.find(key); known != similarities_.end())
    return known->second;
  double best = 0;
  for (const text::Synset& x : senses(a))
    for (const text::Synset& y : senses(b))
      best = std::max(best, wordnet_.wup_similarity(x, y).value_or(0));
  return similarities_.emplace(key, best).first->second;
}

double Wups::score(std::string_view prediction, std::string_view truth, double threshold) {
  check(threshold >= 0 && threshold <= 1, ErrorCode::kUsage, "a WUPS threshold of ", threshold,
        "; it lies between 0 and 1");
  const std::vector<std::string> predicted = items_of(prediction);
  const std::vector<std::string> expected = items_of(truth);
  check(!expected.empty(), ErrorCode::kDataFormat, "the true answer \"", truth,
        "\" has nothing to compare; leave rows without an answer out");
  if (predicted.empty()) return 0;
  const auto one_way = [&](const auto& from, const auto& to) {
    double product = 1;
    for (const std::string& item : from) {
      double best = 0;
      for (const std::string& other : to) {
        const double similarity = item_similarity(item, other);
        best = std::max(best, similarity < threshold ? kBelowThreshold * similarity : similarity);
      }
      product *= best;
    }
    return product;
  };
  return std::min(one_way(predicted, expected), one_way(expected, predicted));
}

}  // namespace beholder::eval
