#include "scene/reading_answer.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <regex>

#include "core/text_lines.hpp"
#include "scene/receipt_total.hpp"
#include "text/words.hpp"

namespace beholder::scene {
namespace {

using Wanted = text::ReadingQuestion::Wanted;

/// Letters so small against the largest are beside the point of a sign.
constexpr float kLargeEnough = 0.5f;

/// A part of a line that may be the answer.
struct Candidate {
  std::string text;
  double confidence;
  float height;
};

/// Every match of `pattern` in the lines.
std::vector<Candidate> matches(const std::vector<ReadLine>& lines, const std::regex& pattern) {
  std::vector<Candidate> out;
  for (const ReadLine& line : lines)
    for (std::sregex_iterator at(line.text.begin(), line.text.end(), pattern), end; at != end; ++at)
      out.push_back({at->str(), line.confidence, place_of(line).height});
  return out;
}

/// The largest first.
Found of_candidates(std::vector<Candidate> candidates) {
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.height > b.height; });
  Found out;
  for (const Candidate& one : candidates) out.answers.push_back({one.text, one.confidence});
  if (!candidates.empty()) out.confidence = candidates.front().confidence;
  return out;
}

/// All that is written large, as one text.
Found large_text(const std::vector<ReadLine>& lines) {
  float largest = 0;
  for (const ReadLine& line : lines) largest = std::max(largest, place_of(line).height);
  std::string text;
  double sum = 0;
  std::size_t count = 0;
  for (const ReadLine& line : lines) {
    if (place_of(line).height < kLargeEnough * largest) continue;
    text += (text.empty() ? "" : " ") + line.text;
    sum += line.confidence;
    ++count;
  }
  if (count == 0) return {};
  const double confidence = sum / static_cast<double>(count);
  return {{{text, confidence}}, confidence};
}

const std::regex& pattern_of(Wanted wanted) {
  // Numbers may have letters before or behind them, as those of buses and plates have.
  static const std::regex kNumber(R"([A-Z]{0,3}-?\d[\d.,:/-]*\d[A-Z]{0,2}|[A-Z]?\d[A-Z]?)");
  static const std::regex kLetters(R"(\b[A-Za-z]{1,4}\b)");
  static const std::regex kTime(R"(\b\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?[AaPp]\.?[Mm]\.?)?)");
  static const std::regex kDate(
      R"(\b\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}\b|\b\d{1,2} ?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?,? ?\d{2,4}\b|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? ?\d{1,2}(?:,? ?\d{4})?\b)",
      std::regex::ECMAScript | std::regex::icase);
  static const std::regex kPrice(
      R"((?:RM|\$|£|€|¥|USD|EUR) ?\d+(?:[.,]\d{1,3})*|\b\d+[.,]\d{2}(?: ?(?:€|USD|EUR|RM))?(?!\d))");
  switch (wanted) {
    case Wanted::kLetters: return kLetters;
    case Wanted::kTime: return kTime;
    case Wanted::kDate: return kDate;
    case Wanted::kPrice: return kPrice;
    default: return kNumber;
  }
}

}  // namespace

Found answer_from_lines(Wanted wanted, const std::vector<ReadLine>& lines) {
  if (wanted == Wanted::kText) return large_text(lines);
  if (wanted == Wanted::kTotal) {
    const auto total = receipt_total(lines);
    if (!total) return {};
    return {{{total->amount, total->confidence}}, total->confidence};
  }
  return of_candidates(matches(lines, pattern_of(wanted)));
}

}  // namespace beholder::scene
