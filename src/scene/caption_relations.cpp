#include "scene/caption_relations.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "text/caption_grammar.hpp"
#include "text/caption_lexicon.hpp"

namespace beholder::scene {
namespace {

using text::CaptionRelation;

/// What fewer of the descriptions say is one of many guesses.
constexpr double kLeastShare = 0.2;

/// Nouns of captions whose kind the detector calls otherwise.
const std::map<std::string, std::vector<std::string>>& other_names() {
  static const std::map<std::string, std::vector<std::string>> table = {
      {"bike", {"bicycle"}},
      {"vehicle", {"car", "truck", "bus"}},
      {"ball", {"sports ball"}},
      {"bat", {"baseball bat"}},
      {"racket", {"tennis racket"}},
      {"phone", {"cell phone"}},
      {"bag", {"backpack", "handbag", "suitcase"}},
      {"table", {"dining table"}},
      {"glass", {"wine glass", "cup"}},
      {"flower", {"potted plant"}},
      {"plant", {"potted plant"}},
      {"computer", {"laptop"}},
  };
  return table;
}

/// The words between subject and object; empty where they say too little.
std::string words_of(const CaptionRelation& relation) {
  static const std::set<std::string> bare = {"on",     "in",   "under",   "behind",  "beside",
                                             "near",   "with", "over",    "between", "inside",
                                             "around", "atop", "against", "through"};
  // A decoder's guess; the boxes know better.
  if (relation.preposition == "in front of" || relation.preposition == "next to") return "";
  if (relation.verb.empty())
    return bare.count(relation.preposition) > 0 ? relation.preposition : "";
  return relation.preposition.empty() ? relation.verb : relation.verb + " " + relation.preposition;
}

/// How near two boxes are, 1 where they touch, against their size.
double nearness(const Box& a, const Box& b) {
  const double across = std::max({0.0, a.left - b.right, b.left - a.right});
  const double down = std::max({0.0, a.top - b.bottom, b.top - a.bottom});
  const auto area = [](const Box& box) { return (box.right - box.left) * (box.bottom - box.top); };
  const double size = std::sqrt(std::max({1.0, area(a), area(b)}));
  return std::exp(-std::hypot(across, down) / size);
}

/// The pair that is meant.
std::optional<std::pair<std::size_t, std::size_t>> pair_of(const std::vector<Object>& objects,
                                                           const std::vector<std::string>& subjects,
                                                           const std::vector<std::string>& others) {
  const auto among = [](const std::vector<std::string>& kinds, const Object& object) {
    return std::find(kinds.begin(), kinds.end(), object.name) != kinds.end();
  };
  double best = 0;
  std::optional<std::pair<std::size_t, std::size_t>> out;
  for (std::size_t a = 0; a < objects.size(); ++a)
    for (std::size_t b = 0; b < objects.size(); ++b) {
      if (a == b || !among(subjects, objects[a]) || !among(others, objects[b])) continue;
      const double value =
          objects[a].confidence * objects[b].confidence * nearness(objects[a].box, objects[b].box);
      if (value <= best) continue;
      best = value;
      out = {a, b};
    }
  return out;
}

}  // namespace

std::vector<std::string> kinds_meant(const std::string& concept_name) {
  const text::CaptionLexicon& lexicon = text::CaptionLexicon::instance();
  if (concept_name.empty()) return {};
  for (std::string up = concept_name; !up.empty(); up = lexicon.parent(up)) {
    if (up == "person") return {up};
    if (const auto found = other_names().find(up); found != other_names().end())
      return found->second;
    if (up != concept_name) continue;
    // "chair" is one, and "seat" above it is not asked for.
    const text::NounKind kind = lexicon.kind(up);
    if (kind == text::NounKind::kAnimal || (kind == text::NounKind::kObject && up != "seat"))
      return {up};
  }
  return {};
}

std::vector<Said> relations_in(const std::string& caption) {
  const text::CaptionFacts facts = text::parse_caption(caption);
  const auto kinds = [&](int phrase) {
    if (phrase < 0) return std::vector<std::string>();
    const text::NounPhrase& one = facts.phrases[static_cast<std::size_t>(phrase)];
    return one.real ? kinds_meant(one.noun) : std::vector<std::string>();
  };
  std::vector<Said> out;
  for (const CaptionRelation& relation : facts.relations) {
    Said one{kinds(relation.subject), words_of(relation), kinds(relation.object)};
    if (!one.subjects.empty() && !one.words.empty() && !one.others.empty())
      out.push_back(std::move(one));
  }
  return out;
}

std::vector<Relation> relations_said(const std::vector<Description>& descriptions,
                                     const std::vector<Object>& objects) {
  std::map<std::tuple<std::size_t, std::string, std::size_t>, double> said;
  double all = 0;
  for (const Description& description : descriptions) {
    all += description.probability;
    std::set<std::tuple<std::size_t, std::string, std::size_t>> here;
    for (const Said& one : relations_in(description.text))
      if (const auto pair = pair_of(objects, one.subjects, one.others))
        here.insert({pair->first, one.words, pair->second});
    for (const auto& one : here) said[one] += description.probability;
  }
  std::vector<Relation> out;
  for (const auto& [one, weight] : said) {
    if (weight < kLeastShare * all) continue;
    const auto& [subject, words, other] = one;
    const double least = std::min(objects[subject].confidence, objects[other].confidence);
    out.push_back({objects[subject], words, objects[other], weight / all * least});
  }
  std::stable_sort(out.begin(), out.end(), [](const Relation& a, const Relation& b) {
    return a.confidence > b.confidence;
  });
  return out;
}

}  // namespace beholder::scene
