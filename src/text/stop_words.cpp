#include "text/stop_words.hpp"

#include <unordered_set>

namespace beholder::text {

bool is_stop_word(std::string_view lower_case_word) {
  static const std::unordered_set<std::string_view> kWords = {
      // articles and determiners
      "a", "an", "the", "this", "that", "these", "those", "some", "any", "each", "every", "either",
      "neither", "such", "another", "other", "both", "all", "much", "many", "more", "most",
      // personal, possessive, reflexive and indefinite pronouns
      "i", "you", "he", "she", "it", "we", "they", "me", "him", "her", "us", "them", "my", "your",
      "his", "its", "our", "their", "mine", "yours", "hers", "ours", "theirs", "myself", "yourself",
      "himself", "herself", "itself", "ourselves", "yourselves", "themselves", "one's", "someone",
      "somebody", "something", "anyone", "anybody", "anything", "everyone", "everybody",
      "everything",
      // question words and relative pronouns
      "who", "whom", "whose", "which", "what", "where", "when", "why", "how",
      // prepositions
      "of", "in", "on", "at", "by", "for", "with", "about", "against", "between", "among", "into",
      "onto", "upon", "through", "during", "to", "from", "over", "under", "within", "without",
      "toward", "towards", "across", "along", "around", "off", "out", "up", "down", "per", "via",
      "near", "as", "than", "like",
      // auxiliary and modal verbs
      "am", "is", "are", "was", "were", "be", "been", "being", "do", "does", "did", "doing", "have",
      "has", "had", "having", "can", "could", "will", "would", "shall", "should", "may", "might",
      "must", "isn't", "aren't", "wasn't", "weren't", "don't", "doesn't", "didn't", "can't",
      "won't",
      // conjunctions
      "and", "or", "but", "nor", "so", "yet", "if", "because", "while", "although", "though",
      "unless", "until", "since", "whether",
      // particles and the existential "there"
      "not", "there", "n't", "'s"};
  return kWords.count(lower_case_word) > 0;
}

}  // namespace beholder::text
