#include "data/invert_relations.hpp"

#include <algorithm>
#include <cctype>
#include <regex>
#include <set>
#include <string>
#include <utility>

#include "data/daquar_text.hpp"
#include "text/words.hpp"

namespace beholder::data {
namespace {

struct Place {
  const char* place;
  const char* opposite;
};

// Longer ones first: "close to" must not be read as another's beginning.
constexpr Place kPlaces[] = {
    {"in front of", "behind"}, {"behind", "in front of"}, {"above", "below"},
    {"below", "above"},        {"beneath", "above"},      {"next to", "next to"},
    {"close to", "close to"},  {"beside", "beside"},      {"near", "near"},
};

bool is_thing(const std::string& text) {
  static const std::set<std::string> kOthers = {
      "red",  "blue",   "green", "white",  "black", "brown", "yellow", "grey",
      "gray", "orange", "pink",  "purple", "yes",   "no",    "wood",   "it",
      "them", "this",   "there", "wall",   "image", "photo", "picture"};
  if (text.empty() || kOthers.count(text) > 0) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c == ' ' || c == '-' || std::isalpha(static_cast<unsigned char>(c)) != 0;
  });
}

}  // namespace

std::optional<QaRow> invert_relation(const QaRow& row) {
  static const std::regex kSide(
      R"(what (is|are)(?: the)?(?: objects?| things?)?(?: found| seen| there| placed| kept| hung| located)? (?:on|at|to) (?:the )?(left|right)( hand)?( side)? of (?:the )?([a-z]+(?: [a-z]+){0,2})\?)");
  static const std::regex kOther(
      R"(what (is|are)(?: the)?(?: objects?| things?)?(?: found| seen| there| placed| kept| hung| located)? (in front of|behind|above|below|beneath|next to|close to|beside|near) (?:the )?([a-z]+(?: [a-z]+){0,2})\?)");
  if (row.answers.size() != 1) return {};
  const std::vector<std::string> items = answer_items(row.answers.front().first);
  if (items.size() != 1 || !is_thing(text::lower_case(items.front()))) return {};
  const std::string answer = text::lower_case(items.front());
  const std::string question = text::lower_case(clean_question(row.question));
  std::smatch match;
  QaRow out;
  out.image = row.image;
  out.type = "inverted";
  std::string thing;
  if (std::regex_match(question, match, kSide)) {
    thing = match[5];
    out.question = "what is on the " + std::string(match[2] == "left" ? "right" : "left") +
                   match[3].str() + match[4].str() + " of the " + answer + "?";
  } else if (std::regex_match(question, match, kOther)) {
    thing = match[3];
    const auto* place = std::find_if(std::begin(kPlaces), std::end(kPlaces),
                                     [&](const Place& p) { return match[2] == p.place; });
    out.question = "what is " + std::string(place->opposite) + " the " + answer + "?";
  } else {
    return {};
  }
  // "the table and", "lamp in the image": more than a name.
  static const std::regex kPart(
      R"(.*\b(and|of|in|on|the|with|at|or|to|near|which|that|from|by)\b.*)");
  if (!is_thing(thing) || std::regex_match(thing, kPart) || thing == answer) return {};
  out.answers = {{thing, 1}};
  return out;
}

std::vector<QaRow> invert_relations(const std::vector<QaRow>& rows) {
  std::set<std::pair<std::string, std::string>> asked;
  for (const QaRow& row : rows)
    asked.emplace(row.image.string(), text::lower_case(clean_question(row.question)));
  std::vector<QaRow> out;
  for (const QaRow& row : rows) {
    std::optional<QaRow> inverted = invert_relation(row);
    if (inverted && asked.emplace(inverted->image.string(), inverted->question).second)
      out.push_back(std::move(*inverted));
  }
  return out;
}

}  // namespace beholder::data
