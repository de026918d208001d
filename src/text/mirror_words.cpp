#include "text/mirror_words.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

#include "text/words.hpp"

namespace beholder::text {
namespace {

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

struct Word {
  std::size_t begin, size;
  std::string lower;
};

/// Runs of letters; hyphens and digits part words ("left-hand" is two).
std::vector<Word> find_words(std::string_view text) {
  std::vector<Word> words;
  for (std::size_t i = 0; i < text.size();) {
    if (!is_letter(text[i])) {
      ++i;
      continue;
    }
    Word word{i, 0, {}};
    for (; i < text.size() && is_letter(text[i]); ++i, ++word.size)
      word.lower += static_cast<char>(std::tolower(static_cast<unsigned char>(text[i])));
    words.push_back(std::move(word));
  }
  return words;
}

/// Whether the word names a side, by what stands before and after it.
bool names_a_side(const std::string& before, const std::string& after) {
  if (one_of(after, {"side", "of", "hand", "most", "corner", "edge", "half", "end", "wall", "top",
                     "bottom", "arm", "leg", "foot", "eye", "ear", "shoulder", "part", "or"}))
    return true;
  return one_of(before, {"the",    "his",   "her",   "its",     "their",  "my",     "far",    "top",
                         "bottom", "upper", "lower", "extreme", "middle", "center", "centre", "and",
                         "or",     "on",    "at",    "to",      "from",   "facing"});
}

/// `word` in the case of `model`: all capitals, a capital first, or none.
std::string in_case_of(std::string word, std::string_view model) {
  const auto upper = [](char c) {
    return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  };
  const auto is_upper = [](char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; };
  if (is_upper(model[0])) word[0] = upper(word[0]);
  if (model.size() > 1 && is_upper(model[1]))
    std::transform(word.begin(), word.end(), word.begin(), upper);
  return word;
}

}  // namespace

std::string mirror_words(std::string_view text) {
  const std::vector<Word> words = find_words(text);
  std::string out;
  std::size_t copied = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Word& word = words[i];
    std::string other;
    for (const char* suffix : {"", "most", "hand", "ward", "wards"}) {
      if (word.lower == std::string("left") + suffix) other = std::string("right") + suffix;
      if (word.lower == std::string("right") + suffix) other = std::string("left") + suffix;
    }
    if (other.empty()) continue;
    const bool bare = word.lower == "left" || word.lower == "right";
    const bool alone = words.size() == 1;  // an answer: "left"
    if (bare && !alone &&
        !names_a_side(i > 0 ? words[i - 1].lower : "",
                      i + 1 < words.size() ? words[i + 1].lower : ""))
      continue;
    out += text.substr(copied, word.begin - copied);
    out += in_case_of(other, text.substr(word.begin, word.size));
    copied = word.begin + word.size;
  }
  out += text.substr(copied);
  return out;
}

}  // namespace beholder::text
