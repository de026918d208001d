// WUPS: answer accuracy softened by Wu-Palmer similarity in WordNet's noun taxonomy.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "text/wordnet.hpp"

namespace beholder::eval {

/// WUPS (Malinowski and Fritz 2014, "A Multi-World Approach to Question Answering about Real-World
/// Scenes", eq. 10 and their calculate_wups.py). Both answers become sets of normalised items
/// (`answer_items`); the score is the smaller of two products, over the items of each side, of the
/// similarity of the item to its best partner on the other side. Keeps the similarities that it
/// has worked out; not for several threads at once.
class Wups {
 public:
  /// `wordnet` must outlive this.
  explicit Wups(const text::WordNet& wordnet) : wordnet_(wordnet) {}

  /// 1 for equal items; else the greatest Wu-Palmer similarity of any noun senses of the two; 0 if
  /// either is no noun in WordNet. An item of several words is looked up joined by underscores,
  /// then by hyphens ("t shirt" → "t-shirt").
  double item_similarity(const std::string& a, const std::string& b);

  /// 0 to 1. A similarity below `threshold` counts a tenth: 0.9 is the strict measure, 0.0 the lax.
  /// A prediction without items scores 0. @throws Error kDataFormat if `truth` has none,
  /// kUsage on a threshold outside 0 to 1.
  double score(std::string_view prediction, std::string_view truth, double threshold);

 private:
  const std::vector<text::Synset>& senses(const std::string& item);

  const text::WordNet& wordnet_;
  std::unordered_map<std::string, std::vector<text::Synset>> senses_;
  std::unordered_map<std::string, double> similarities_;
};

}  // namespace beholder::eval
