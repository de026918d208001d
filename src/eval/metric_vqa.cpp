#include "eval/metric_vqa.hpp"

#include <algorithm>
#include <unordered_map>

#include "core/check.hpp"
#include "eval/metric_text.hpp"

namespace beholder::eval {

namespace {

constexpr std::string_view kPunctuation = ";/[]\"{}()=+\\_-><@`,?!";

const std::unordered_map<std::string, std::string>& number_words() {
  static const std::unordered_map<std::string, std::string> table = {
      {"none", "0"}, {"zero", "0"}, {"one", "1"},   {"two", "2"},   {"three", "3"}, {"four", "4"},
      {"five", "5"}, {"six", "6"},  {"seven", "7"}, {"eight", "8"}, {"nine", "9"},  {"ten", "10"}};
  return table;
}

/// From a form that lacks one apostrophe to the whole: the list of vqaEval.py, whose every key is
/// its value with one apostrophe left out. ("im" and "ive" are not among them: there they stand
/// with a capital that the lower-cased text never has.)
const std::unordered_map<std::string, std::string>& contractions() {
  static const std::unordered_map<std::string, std::string> table = [] {
    constexpr std::string_view kWhole =
        "ain't aren't can't could've couldn't couldn't've didn't doesn't don't hadn't hadn't've "
        "hasn't haven't he'd he'd've he's how'd how'll how's isn't it'd it'd've it'll ma'am "
        "mightn't mightn't've might've mustn't must've needn't not've o'clock oughtn't 'ow's'at "
        "shan't she'd've should've shouldn't shouldn't've somebody'd've somebody'll somebody's "
        "someone'd someone'd've someone'll someone's something'd something'd've something'll "
        "that's there'd there'd've there're there's they'd they'd've they'll they're they've 'twas "
        "wasn't we'd've we've weren't what'll what're what's what've when's where'd where's "
        "where've who'd who'd've who'll who's who've why'll why're why's won't would've wouldn't "
        "wouldn't've y'all y'all'll y'all'd've you'd you'd've you'll you're you've";
    std::unordered_map<std::string, std::string> built;
    for (const std::string& whole : split_words(kWhole))
      for (std::size_t at = whole.find('\''); at != std::string::npos;
           at = whole.find('\'', at + 1))
        built.emplace(std::string(whole).erase(at, 1), whole);
    built["somebody'd"] = "somebodyd";  // so in vqaEval.py
    return built;
  }();
  return table;
}

bool has_comma_between_digits(std::string_view text) {
  for (std::size_t i = 1; i + 1 < text.size(); ++i)
    if (text[i] == ',' && is_digit(text[i - 1]) && is_digit(text[i + 1])) return true;
  return false;
}

std::string process_punctuation(std::string_view text) {
  const bool drop_all = has_comma_between_digits(text);
  std::string result(text);
  for (const char mark : kPunctuation) {
    const bool beside_space = text.find(std::string{mark, ' '}) != std::string_view::npos ||
                              text.find(std::string{' ', mark}) != std::string_view::npos;
    if (drop_all || beside_space)
      result.erase(std::remove(result.begin(), result.end(), mark), result.end());
    else
      std::replace(result.begin(), result.end(), mark, ' ');
  }
  std::string kept;
  for (std::size_t i = 0; i < result.size(); ++i)
    if (result[i] != '.' || (i + 1 < result.size() && is_digit(result[i + 1])))
      kept.push_back(result[i]);
  return kept;
}

}  // namespace

std::string normalize_answer(std::string_view answer) {
  std::string text(answer);
  for (char& c : text)
    if (c == '\n' || c == '\t' || c == '\r' || c == '_') c = ' ';
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string::npos) return "";
  text = text.substr(first, text.find_last_not_of(' ') - first + 1);

  std::vector<std::string> kept;
  for (std::string word : split_words(lower_case(process_punctuation(text)))) {
    if (const auto digits = number_words().find(word); digits != number_words().end())
      word = digits->second;
    if (word == "a" || word == "an" || word == "the") continue;
    if (const auto whole = contractions().find(word); whole != contractions().end())
      word = whole->second;
    kept.push_back(std::move(word));
  }
  return join_words(kept);
}

std::vector<std::string> answer_items(std::string_view answer) {
  std::vector<std::string> items;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= answer.size(); ++i) {
    const bool between_digits =
        i > 0 && i + 1 < answer.size() && is_digit(answer[i - 1]) && is_digit(answer[i + 1]);
    if (i < answer.size() && (answer[i] != ',' || between_digits)) continue;
    std::string item = normalize_answer(answer.substr(begin, i - begin));
    if (!item.empty()) items.push_back(std::move(item));
    begin = i + 1;
  }
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

bool answers_match(std::string_view prediction, std::string_view truth) {
  check(!split_words(truth).empty(), ErrorCode::kDataFormat,
        "the true answer is blank; leave rows without an answer out");
  return !split_words(prediction).empty() && answer_items(prediction) == answer_items(truth);
}

double consensus_accuracy(std::string_view prediction, const std::vector<AnswerCount>& answers) {
  const std::string normalized = normalize_answer(prediction);
  const bool blank = split_words(prediction).empty();
  int people = 0, agreeing = 0;
  for (const AnswerCount& given : answers) {
    check(given.count > 0, ErrorCode::kDataFormat, "the answer \"", given.answer,
          "\" has the count ", given.count, "; a count is 1 or more");
    people += given.count;
    if (!blank && normalize_answer(given.answer) == normalized) agreeing += given.count;
  }
  check(people > 0, ErrorCode::kDataFormat, "no people's answers to compare with; give some");
  const auto accuracy = [](int n) { return std::min(n / 3.0, 1.0); };
  return (agreeing * accuracy(agreeing - 1) + (people - agreeing) * accuracy(agreeing)) / people;
}

}  // namespace beholder::eval
