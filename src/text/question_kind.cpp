#include "text/question_kind.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include "text/stop_words.hpp"
#include "text/value_words.hpp"
#include "text/words.hpp"

namespace beholder::text {
namespace {

using Words = std::vector<std::string>;
using WordSet = std::set<std::string_view>;

bool in(const WordSet& set, std::string_view word) { return set.count(word) > 0; }

const WordSet kBe = {"is",     "are",     "was",  "were",  "am",    "isn't", "aren't",
                     "wasn't", "weren't", "isnt", "arent", "ain't", "be"};
const WordSet kAuxiliary = {
    "do",    "does",   "did",     "can",   "could", "has",    "have",     "had",      "will",
    "would", "should", "shall",   "may",   "might", "must",   "don't",    "doesn't",  "didn't",
    "can't", "hasn't", "haven't", "won't", "dont",  "doesnt", "couldn't", "wouldn't", "shouldn't"};
const WordSet kSizes = {"small",  "large", "big",   "medium", "tiny",  "huge",
                        "little", "tall",  "short", "middle", "giant", "average"};
const WordSet kNumbers = {"zero",  "none",  "one",  "two", "three",  "four",   "five",  "six",
                          "seven", "eight", "nine", "ten", "eleven", "twelve", "dozen", "hundred"};
const WordSet kWh = {"what",  "which",  "where", "who",    "whom",    "whose",
                     "why",   "when",   "how",   "what's", "where's", "who's",
                     "whats", "wheres", "whos",  "how's",  "when's",  "why's"};
/// Before the question proper: "can you tell me what …".
const WordSet kTell = {"tell", "say",     "describe", "name",     "count", "know",
                       "list", "explain", "guess",    "identify", "give"};
/// Words about the asking: "what do you see in this picture?" is "what is this?".
const WordSet kAboutPicture = {
    "picture", "image",   "photo",    "photograph", "scene",     "see",      "seen",
    "show",    "shown",   "shows",    "depict",     "depicted",  "depicts",  "describe",
    "visible", "here",    "please",   "going",      "displayed", "pictured", "view",
    "whats",   "what's",  "thing",    "things",     "object",    "objects",  "item",
    "items",   "contain", "contains", "name",       "list",      "tell",     "present",
    "caption", "looking", "look",     "exactly",    "happening", "content",  "contents"};

bool is_number(const Words& words) {
  return !words.empty() && std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return in(kNumbers, word) ||
           std::any_of(word.begin(), word.end(), [](unsigned char c) { return std::isdigit(c); });
  });
}

bool any_of(const Words& words, const WordSet& set) {
  return std::any_of(words.begin(), words.end(), [&](const auto& word) { return in(set, word); });
}

/// Whether two words name the same choice: "big" and "large", "color" and "colour".
bool same_choice(const std::string& word, const std::string& other) {
  return same_value(word, other) ||
         (one_of(word, {"color", "colour"}) && one_of(other, {"color", "colour"}));
}

bool names_color(const Words& words) {
  return std::any_of(words.begin(), words.end(),
                     [](const std::string& word) { return is_color_word(word); });
}

/// Whether nothing but colours is said: "black and white".
bool only_colors(const Words& words) {
  return names_color(words) && std::all_of(words.begin(), words.end(), [](const std::string& word) {
           return is_color_word(word) || is_stop_word(word);
         });
}

std::string without_s(const std::string& word) {
  const bool plural = word.size() > 3 && word.back() == 's' && word[word.size() - 2] != 's';
  return plural ? word.substr(0, word.size() - 1) : word;
}

Words content_of(const Words& words) {
  Words out;
  for (const std::string& word : words)
    if (word != "," && word != "sized" && !is_stop_word(word)) out.push_back(without_s(word));
  return out;
}

/// The choices named around an "or": as many content words before it as stand behind it.
std::vector<Words> options_of(const Words& words) {
  const auto at = std::find(words.rbegin(), words.rend(), "or").base() - 1;  // the last "or"
  Words last = content_of({at + 1, words.end()});
  if (last.empty()) {  // "on or off", "up or down": stop words are what is asked about
    if (at + 1 == words.end() || at == words.begin()) return {};
    return {{*(at - 1)}, {*(words.end() - 1)}};
  }
  std::vector<Words> out = {last};
  Words part;
  const auto close = [&](std::size_t most) {
    Words content = content_of({part.rbegin(), part.rend()});
    // "out or safe": what stands right before the "or" is a choice, whatever word it is.
    if (out.size() == 1 && !part.empty() && is_stop_word(part.front())) content = {part.front()};
    if (content.size() > most)
      content.erase(content.begin(), content.end() - static_cast<std::ptrdiff_t>(most));
    if (!content.empty()) out.push_back(std::move(content));
    part.clear();
  };
  // From the "or" backwards; with commas or further "or"s each part is a choice.
  const std::size_t most = std::max<std::size_t>(1, std::min<std::size_t>(2, last.size()));
  for (auto word = std::make_reverse_iterator(at); word != words.rend(); ++word) {
    if (*word == "," || *word == "or")
      close(most);
    else
      part.push_back(*word);
  }
  close(most);
  return out;
}

AskedFor polar(const Words& words, std::size_t at) {
  AskedFor out;
  out.kind = QuestionKind::kYesNo;
  const auto either = std::find(words.begin() + static_cast<std::ptrdiff_t>(at), words.end(), "or");
  if (either == words.end() || either + 1 == words.end() || *(either + 1) == "not") return out;
  // "Are there more cubes or spheres?", but not "more than one cube or sphere".
  const bool more = std::any_of(words.begin(), either, [&](const std::string& word) {
    return (word == "more" || word == "fewer") && *(&word + 1) != "than";
  });
  const bool exists = at + 1 < words.size() && one_of(words[at + 1], {"there", "any", "either"});
  if (exists && !more) return out;  // "is there a cat or a dog?"
  out.options = options_of(words);
  if (out.options.size() < 2) return out;
  out.kind = QuestionKind::kAlternative;
  out.yes_no_too = !in(kBe, words[at]);
  return out;
}

QuestionKind kind_of_how(const Words& words, std::size_t at) {
  if (at + 1 >= words.size()) return QuestionKind::kManner;
  const std::string& next = words[at + 1];
  if (next == "many") return QuestionKind::kNumber;
  return one_of(next, {"big", "large", "small", "tiny"}) ? QuestionKind::kSize
                                                         : QuestionKind::kManner;
}

/// Of "what" and "which": what follows decides, also "what is the colour of …".
QuestionKind kind_of_what(const Words& words, std::size_t at) {
  static const WordSet kBetween = {"is",    "are",       "was",  "were",  "the",   "a",   "kind",
                                   "type",  "sort",      "of",   "do",    "does",  "s",   "main",
                                   "exact", "different", "two",  "these", "its",   "his", "her",
                                   "their", "this",      "that", "it",    "would", "same"};
  for (std::size_t i = at + 1; i < words.size(); ++i) {
    const std::string word = without_s(words[i]);
    if (one_of(word, {"color", "colour", "colored", "coloured"})) return QuestionKind::kColor;
    if (word == "size") return QuestionKind::kSize;
    if (word == "shape") return QuestionKind::kShape;
    if (word == "material") return QuestionKind::kMaterial;
    if (one_of(word, {"number", "count", "amount"})) return QuestionKind::kNumber;
    if (one_of(word, {"side", "place", "location", "position"})) return QuestionKind::kPlace;
    if (!in(kBetween, words[i])) break;
  }
  for (std::size_t i = at + 1; i + 1 < words.size(); ++i)
    if (words[i] == "made" && one_of(words[i + 1], {"of", "out", "from"}))
      return QuestionKind::kMaterial;
  return QuestionKind::kThing;
}

QuestionKind kind_of_wh(const Words& words, std::size_t at) {
  const std::string wh = words[at].substr(0, words[at].find('\''));
  if (wh == "how") return kind_of_how(words, at);
  if (one_of(wh, {"where", "wheres"})) return QuestionKind::kPlace;
  if (one_of(wh, {"who", "whom", "whose", "whos"})) return QuestionKind::kPerson;
  if (wh == "why") return QuestionKind::kReason;
  if (wh == "when") return QuestionKind::kTime;
  return kind_of_what(words, at);
}

/// Whether every content word is about the picture itself.
bool only_about_picture(const Words& words) {
  return std::all_of(words.begin(), words.end(), [](const std::string& word) {
    return word == "," || is_stop_word(word) || in(kAboutPicture, word);
  });
}

/// Whether a question word joins a clause to what stands before it: "a box which has two blue
/// items".
/// @param at where the question begins
bool relative(const Words& words, std::size_t at, std::ptrdiff_t place) {
  static const WordSet kJoining = {"which", "who", "whose", "whom", "where", "when"};
  static const WordSet kBefore = {",",    "in",   "on", "of",  "at", "to", "from", "with", "by",
                                  "near", "into", "is", "are", "me", "us", "say",  "and",  "has"};
  static const WordSet kHolds = {"has", "have", "contains", "contain", "touches", "touch"};
  const auto i = static_cast<std::size_t>(place);
  if (i > at && i + 1 < words.size() && words[i - 1] == "," && in(kHolds, words[i + 1]))
    return true;
  // "Two items of which one is blue", but not "it is of which colour?".
  if (i > at + 1 && words[i - 1] == "of") return !in(kBe, words[i - 2]);
  return i > at && in(kJoining, words[i]) && !in(kBefore, words[i - 1]);
}

bool open(QuestionKind kind) {
  return kind == QuestionKind::kThing || kind == QuestionKind::kManner ||
         kind == QuestionKind::kTime || kind == QuestionKind::kReason;
}

/// Where the question proper begins: behind "please", "so", "can you tell me".
std::size_t beginning(const Words& words) {
  static const WordSet kLead = {"please", "so",   "and", "well", "hey",
                                "ok",     "okay", "now", "but",  ","};
  std::size_t at = 0;
  while (at < words.size() && in(kLead, words[at])) ++at;
  const std::size_t first = at;
  if (at + 2 < words.size() && in(kAuxiliary, words[at]) && words[at + 1] == "you") {
    std::size_t told = at + 2;
    while (told < words.size() && (words[told] == "please" || words[told] == "possibly")) ++told;
    if (told < words.size() && in(kTell, words[told])) at = told;
  }
  if (at < words.size() && (words[at] == "tell" || words[at] == "say" || words[at] == "know")) {
    ++at;
    while (at < words.size() && (words[at] == "me" || words[at] == "us")) ++at;
  }
  return at < words.size() ? at : first;
}

}  // namespace

std::vector<std::string> question_words(std::string_view question) {
  Words out;
  std::string word;
  const auto finish = [&] {
    while (!word.empty() && word.back() == '\'') word.pop_back();
    if (!word.empty()) out.push_back(word);
    word.clear();
  };
  for (std::size_t i = 0; i < question.size(); ++i) {
    const auto byte = static_cast<unsigned char>(question[i]);
    if (byte >= 0x80 && question.compare(i, 3, "\xE2\x80\x99") == 0) {  // a curly apostrophe
      if (!word.empty()) word += '\'';
      i += 2;
    } else if (byte >= 0x80 || std::isalnum(byte) != 0) {
      word += static_cast<char>(byte < 0x80 ? std::tolower(byte) : byte);
    } else if (byte == '\'' && !word.empty()) {
      word += '\'';
    } else {
      finish();
      if (byte == ',' || byte == ';') out.emplace_back(",");
    }
  }
  finish();
  return out;
}

bool denies(const std::vector<std::string>& words) {
  static const WordSet kDenial = {"no",     "not",     "without", "none",    "never", "nothing",
                                  "nobody", "neither", "except",  "besides", "lacks", "lacking"};
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "not" && i > 0 && words[i - 1] == "or") continue;  // "is it red or not?"
    if (in(kDenial, word)) return true;
    if (word == "other" && i + 1 < words.size() && words[i + 1] == "than") return true;
    const bool contracted = word.size() > 3 && word.compare(word.size() - 3, 3, "n't") == 0;
    if (contracted && i > 0) return true;
  }
  return false;
}

AskedFor asked_for(std::string_view question) {
  const Words words = question_words(question);
  AskedFor out;
  if (words.empty()) return out;
  const std::size_t at = beginning(words);
  const std::string& first = words[at];
  if ((first == "if" || first == "whether") && at + 1 < words.size()) {
    out.kind = QuestionKind::kYesNo;
    return out;
  }
  if (in(kBe, first) || in(kAuxiliary, first)) return polar(words, at);
  auto wh = words.begin() + static_cast<std::ptrdiff_t>(at);
  while (wh != words.end() && !(in(kWh, *wh) && !relative(words, at, wh - words.begin()))) ++wh;
  if (first == "count") {
    out.kind = QuestionKind::kNumber;
  } else if (wh != words.end()) {
    out.kind = kind_of_wh(words, static_cast<std::size_t>(wh - words.begin()));
  } else if (in(kTell, first) || first == "caption") {
    out.kind = kind_of_what(words, at);
  } else {
    static const WordSet kStates = {"is",      "are",   "was",      "were",  "has",
                                    "have",    "there", "contains", "isn't", "aren't",
                                    "touches", "touch", "doesn't",  "does"};
    if (any_of(words, kStates)) {
      const auto aux = std::find_if(words.begin(), words.end(),
                                    [](const std::string& word) { return in(kBe, word); });
      // "In this picture, is the cube red or blue?"
      if (aux != words.begin() && aux != words.end() && *(aux - 1) == ",")
        return polar(words, static_cast<std::size_t>(aux - words.begin()));
      out.kind = QuestionKind::kYesNo;
    }
  }
  static const WordSet kNumeric = {
      "number",  "time",    "year",   "page",   "price",   "temperature", "date",
      "percent", "age",     "old",    "much",   "speed",   "score",       "says",
      "say",     "written", "digit",  "digits", "numbers", "far",         "tall",
      "high",    "long",    "cost",   "fast",   "gate",    "route",       "station",
      "channel", "century", "decade", "total",  "amount"};
  out.number_too = open(out.kind) && (any_of(words, kNumeric) || out.kind == QuestionKind::kTime);
  out.color_too = any_of(words, {"which", "pattern", "flag", "common", "style"});
  out.whole_picture = out.kind == QuestionKind::kThing && only_about_picture(words);
  return out;
}

bool fits(const AskedFor& asked, std::string_view answer) {
  const Words words = question_words(answer);
  const std::string text(answer);
  const bool polar_answer =
      words.size() == 1 && one_of(words.front(), {"yes", "no", "true", "false", "yeah", "nope"});
  const bool number = is_number(words) && text != "none", color = only_colors(words);
  switch (asked.kind) {
    case QuestionKind::kUnknown: return true;
    case QuestionKind::kYesNo: return polar_answer;
    case QuestionKind::kNumber: return is_number(words) && !polar_answer;
    case QuestionKind::kAlternative: {
      if (polar_answer) return asked.yes_no_too;
      Words said = content_of(words);
      if (said.empty()) said = words;
      return std::any_of(asked.options.begin(), asked.options.end(), [&](const Words& option) {
        return std::any_of(said.begin(), said.end(), [&](const std::string& word) {
          return std::any_of(option.begin(), option.end(),
                             [&](const std::string& named) { return same_choice(word, named); });
        });
      });
    }
    case QuestionKind::kColor: return names_color(words);
    case QuestionKind::kSize: return !polar_answer && (any_of(words, kSizes) || number);
    case QuestionKind::kMaterial:
    case QuestionKind::kShape:
    case QuestionKind::kPlace:
    case QuestionKind::kPerson:
    case QuestionKind::kReason: return !polar_answer && !number && !color;
    case QuestionKind::kTime: return !polar_answer && !color;
    case QuestionKind::kManner: return !polar_answer && (!number || asked.number_too);
    case QuestionKind::kThing:
      if (polar_answer || (number && !asked.number_too)) return false;
      return !color || text == "orange" || asked.color_too;
  }
  return true;
}

}  // namespace beholder::text
