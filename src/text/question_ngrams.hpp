// The words and short sequences of words that a question is told by.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace beholder::text {

/// The distinct sequences of one to three words of a question, its beginning ("^") and end ("$")
/// counted as words: "^ is", "is it raining", "raining $".
std::vector<std::string> question_ngrams(std::string_view question);

/// Numbers for a fixed list of such sequences.
class NGramVocabulary {
 public:
  explicit NGramVocabulary(const std::vector<std::string>& ngrams);

  std::int64_t size() const { return static_cast<std::int64_t>(places_.size()); }
  bool contains(const std::string& ngram) const { return places_.count(ngram) > 0; }
  /// Of the question's sequences those that are known, in the order of their numbers.
  std::vector<std::int64_t> ids(std::string_view question) const;

 private:
  std::unordered_map<std::string, std::int64_t> places_;
};

}  // namespace beholder::text
