#include "text/ctc.hpp"

#include <algorithm>
#include <cmath>

#include "core/check.hpp"
#include "text/vocabulary_file.hpp"

namespace beholder::text {
namespace {

double probability_of(const float* logits, std::int64_t classes, float highest) {
  double sum = 0;
  for (std::int64_t i = 0; i < classes; ++i) sum += std::exp(logits[i] - highest);
  return 1 / sum;
}

/// A character and the place that it begins at.
struct Letter {
  std::string text;
  std::int64_t place;
};

/// The code point of a character in UTF-8, which is whole.
char32_t code_of(const std::string& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t size = text.size();
  char32_t code = size == 1 ? byte(0) : byte(0) & (0x7f >> size);
  for (std::size_t i = 1; i < size; ++i) code = code << 6 | (byte(i) & 0x3f);
  return code;
}

bool is_plain(const Letter& letter) { return letter.text.size() == 1 && letter.text[0] != ' '; }

/// Letters of Chinese and Japanese.
bool is_east_asian(const Letter& letter) {
  const char32_t code = code_of(letter.text);
  return code >= 0x2e80 && code <= 0xfaff && !(code >= 0x3000 && code <= 0x303f);
}

std::vector<Letter> plain_marks(std::vector<Letter> letters) {
  constexpr char32_t kFirst = 0xff01, kLast = 0xff5e;  // the ASCII from '!' on, of full width
  if (std::any_of(letters.begin(), letters.end(), is_east_asian)) return letters;
  for (Letter& letter : letters) {
    const char32_t code = code_of(letter.text);
    if (code >= kFirst && code <= kLast)
      letter.text = std::string(1, static_cast<char>(code - kFirst + '!'));
  }
  return letters;
}

std::string spaced(const std::vector<Letter>& letters) {
  constexpr std::size_t kFewest = 3;  // letters, to tell what is usual
  std::vector<std::int64_t> steps;
  for (std::size_t i = 1; i < letters.size(); ++i)
    if (is_plain(letters[i - 1]) && is_plain(letters[i]))
      steps.push_back(letters[i].place - letters[i - 1].place);
  std::int64_t usual = 0;
  if (letters.size() >= kFewest && !steps.empty()) {
    std::vector<std::int64_t> sorted = steps;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    usual = *middle;
  }
  std::string out;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const bool apart = i > 0 && usual > 0 && is_plain(letters[i - 1]) && is_plain(letters[i]) &&
                       letters[i].place - letters[i - 1].place > 2 * usual;
    out += (apart ? " " : "") + letters[i].text;
  }
  return out;
}

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string::npos ? ""
                                    : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

}  // namespace

Characters Characters::load(const std::filesystem::path& path) {
  std::vector<std::string> list = read_vocabulary_file(path);
  check(!list.empty(), ErrorCode::kModelFormat, path.string(), ": holds no characters");
  list.emplace_back(" ");
  return Characters(std::move(list));
}

ReadText ctc_decode(const float* logits, std::int64_t places, const Characters& characters) {
  const std::int64_t classes = characters.classes();
  std::vector<Letter> letters;
  ReadText out;
  std::int64_t before = 0;
  for (std::int64_t place = 0; place < places; ++place, logits += classes) {
    const float* const best = std::max_element(logits, logits + classes);
    const std::int64_t index = best - logits;
    if (index != 0 && index != before) {
      letters.push_back({characters.of_class(index), place});
      out.confidence += probability_of(logits, classes, *best);
    }
    before = index;
  }
  if (!letters.empty()) out.confidence /= static_cast<double>(letters.size());
  out.text = trimmed(spaced(plain_marks(std::move(letters))));
  if (out.text.empty()) out.confidence = 0;
  return out;
}

}  // namespace beholder::text
