#include "text/question_ngrams.hpp"

#include <algorithm>

#include "text/bag_of_words.hpp"
#include "text/question_kind.hpp"

namespace beholder::text {
namespace {

constexpr std::size_t kLongest = 3;

}  // namespace

std::vector<std::string> question_ngrams(std::string_view question) {
  std::vector<std::string> words = {"^"};
  for (std::string& word : question_words(question)) words.push_back(std::move(word));
  words.push_back("$");
  std::vector<std::string> out;
  const NGramCounts counts = count_ngrams(words);
  for (std::size_t n = 0; n < kLongest; ++n)
    for (const auto& [key, count] : counts[n]) {
      std::string ngram = key.substr(0, key.size() - 1);
      std::replace(ngram.begin(), ngram.end(), '\n', ' ');
      if (ngram != "^" && ngram != "$") out.push_back(std::move(ngram));
    }
  std::sort(out.begin(), out.end());
  return out;
}

NGramVocabulary::NGramVocabulary(const std::vector<std::string>& ngrams) {
  for (const std::string& ngram : ngrams)
    places_.emplace(ngram, static_cast<std::int64_t>(places_.size()));
}

std::vector<std::int64_t> NGramVocabulary::ids(std::string_view question) const {
  std::vector<std::int64_t> out;
  for (const std::string& ngram : question_ngrams(question))
    if (const auto found = places_.find(ngram); found != places_.end())
      out.push_back(found->second);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace beholder::text
