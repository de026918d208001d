#include <algorithm>
#include <map>

#include "data/derive_candidates.hpp"
#include "data/derive_tables.hpp"
#include "text/caption_lexicon.hpp"
#include "text/words.hpp"

namespace beholder::data {

using text::CaptionLexicon;
using text::NounKind;

namespace {

using Words = std::vector<std::string>;

const CaptionLexicon& lexicon() { return CaptionLexicon::instance(); }

void add(std::vector<YesNoCandidate>& out, const std::string& key, const std::string& type,
         Words wordings, bool yes, Evidence evidence) {
  out.push_back({key, type, std::move(wordings), yes, std::move(evidence)});
}

Words existence_wordings(const std::string& noun) {
  const std::string a = with_article(noun);
  const bool plural = a == noun && !lexicon().mass(noun);
  if (plural)
    return {"are there " + noun + " in the picture?", "are there any " + noun + "?",
            "can you see " + noun + "?", "do you see any " + noun + "?"};
  Words wordings = {"is there " + a + "?", "is there " + a + " in the picture?",
                    "can you see " + a + "?", "do you see " + a + " in this photo?",
                    "is there " + a + " in the image?"};
  if (a == noun) wordings.push_back("is there any " + noun + "?");
  if (lexicon().kind(noun) == NounKind::kPerson || lexicon().kind(noun) == NounKind::kAnimal) {
    wordings.push_back("are there any " + lexicon().plural(noun) + "?");
    wordings.push_back("are there any " + lexicon().plural(noun) + " in the picture?");
  }
  return wordings;
}

void existence(const PictureFacts& facts, std::vector<YesNoCandidate>& out) {
  const bool nobody = facts.persons().empty() && !facts.crowd() &&
                      !facts.has_word({"he", "she", "him", "her", "his", "they", "someone",
                                       "owner*", "hand", "hands", "team*", "crew"});
  for (const Existence& thing : existence_table()) {
    const std::string& noun = thing.noun;
    const Evidence evidence = facts.mentions(noun);
    if (evidence.size() >= 2) {
      add(out, "exist " + noun, "yes/no existence", existence_wordings(noun), true, evidence);
    } else if (evidence.empty() && !facts.touches(noun) && !facts.has_word(thing.blockers) &&
               (nobody || !thing.when_no_person)) {
      add(out, "exist " + noun, "yes/no existence", existence_wordings(noun), false, {});
    }
  }
  // Kinds of people: a "no" only beside people who cannot be taken for that kind.
  struct Kind {
    const char* noun;
    std::set<std::string> beside;
    Words blockers;
  };
  static const std::vector<Kind> kinds = {
      {"baby",
       {"man", "woman", "boy", "girl"},
       {"stroller", "small", "toddler*", "carrier", "they", "tiny"}},
      {"boy", {"woman", "girl"}, {"he", "him", "his", "male", "young", "little", "they", "kid*"}},
      {"child", {"man", "woman"}, {"young", "little", "teen*", "small", "they", "school"}},
      {"girl", {"man", "boy"}, {"she", "her", "female", "young", "little", "they", "kid*"}},
      {"man",
       {"woman", "girl", "child", "baby"},
       {"he", "him", "his", "male", "males", "adult*", "parent*", "they", "guy*"}},
      {"person", {}, {"they"}},
      {"woman",
       {"man", "boy", "child", "baby"},
       {"she", "her", "hers", "female", "females", "adult*", "parent*", "they"}}};
  for (const auto& [name, beside, blockers] : kinds) {
    const std::string noun = name;
    const Evidence evidence = facts.mentions(noun);
    if (evidence.size() >= 2) {
      add(out, "exist " + noun, "yes/no existence", existence_wordings(noun), true, evidence);
      continue;
    }
    if (!evidence.empty() || facts.crowd()) continue;
    const bool clear = std::all_of(
        facts.persons().begin(), facts.persons().end(),
        [&beside = beside](const std::string& person) { return beside.count(person) != 0; });
    if (!clear || (facts.persons().empty() && !nobody) || facts.has_word(blockers)) continue;
    add(out, "exist " + noun, "yes/no existence", existence_wordings(noun), false, {});
  }
}

void color_pair(const PictureFacts& facts, const std::string& thing, bool plural,
                const std::set<std::string>& concepts, std::vector<YesNoCandidate>& out) {
  const ColorClaim claim = facts.colors(concepts);
  if (claim.majority.empty() || claim.conflict || claim.captions.size() < 2 || !claim.exact) return;
  const std::string be = plural ? "are" : "is";
  for (const char* color : {"red", "blue", "green", "yellow", "orange", "purple", "pink", "black",
                            "white", "brown", "gray", "tan"}) {
    const Words wordings = {be + " the " + thing + " " + color + "?",
                            be + " the color of the " + thing + " " + color + "?"};
    const Words usable = plural ? Words{wordings[0]} : wordings;
    const bool yes = claim.majority == color && claim.colors.size() == 1;
    const bool near =
        std::any_of(claim.colors.begin(), claim.colors.end(),
                    [&](const std::string& other) { return colors_confusable(other, color); });
    if (yes || !near)
      add(out, "color " + thing + " " + color, "yes/no color", usable, yes, claim.captions);
  }
}

void attributes(const PictureFacts& facts, std::vector<YesNoCandidate>& out) {
  for (const Entity& entity : facts.entities())
    if (!entity.plural && lexicon().kind(entity.name) == NounKind::kAnimal)
      color_pair(facts, entity.name, false, entity.concepts, out);
  for (const char* thing : {"shirt",    "jacket", "dress",   "hat",   "helmet",  "pants", "shorts",
                            "swimsuit", "vest",   "cap",     "skirt", "uniform", "ball",  "bike",
                            "car",      "boat",   "frisbee", "toy",   "slide",   "truck"}) {
    if (!facts.unique(thing)) continue;
    color_pair(facts, thing, lexicon().plural(thing) == thing, {thing}, out);
  }
}

void actions(const PictureFacts& facts, std::vector<YesNoCandidate>& out) {
  for (const Entity& entity : facts.entities()) {
    const std::string be = entity.plural ? "are" : "is";
    for (const ActionRule& rule : action_table()) {
      const std::string& ing = rule.ing;
      const Words wordings = {be + " the " + entity.name + " " + ing + "?"};
      const std::string key = "act " + entity.name + " " + ing;
      if (const auto found = entity.actions.find(ing); found != entity.actions.end()) {
        if (found->second.size() >= 2)
          add(out, key, "yes/no action", wordings, true, found->second);
        continue;
      }
      if (facts.has_word(rule.blockers)) continue;
      Evidence against;
      for (const std::string& other : rule.excluding)
        if (const auto found = entity.actions.find(other); found != entity.actions.end())
          against.insert(found->second.begin(), found->second.end());
      if (against.size() >= 2) add(out, key, "yes/no action", wordings, false, against);
    }
  }
  // Anybody at all: a "no" needs a picture whose people do something else.
  for (const ActionRule& rule : action_table()) {
    const std::string& ing = rule.ing;
    const Words wordings = {"is someone " + ing + "?", "is anyone " + ing + "?",
                            "is anybody " + ing + " in the picture?"};
    Evidence doing, against;
    for (std::size_t i = 0; i < facts.captions().size(); ++i)
      for (const CaptionRelation& relation : facts.captions()[i].relations) {
        if (relation.subject < 0) continue;
        const std::string action = action_name(relation, facts.captions()[i].phrases);
        const auto& subject = facts.captions()[i].phrases[relation.subject];
        if (!subject.real || !concept_within(subject.noun, "person")) continue;
        if (action == ing) doing.insert(static_cast<int>(i));
        if (std::count(rule.excluding.begin(), rule.excluding.end(), action) != 0)
          against.insert(static_cast<int>(i));
      }
    Evidence one;
    if (doing.size() >= 2) {
      add(out, "anyone " + ing, "yes/no action", wordings, true, doing);
    } else if (doing.empty() && against.size() >= 2 && !facts.has_word(rule.blockers) &&
               facts.count("person", 2, one) == 1) {
      add(out, "anyone " + ing, "yes/no action", wordings, false, against);
    }
  }
}

const Words kIndoor = {"indoors", "inside",     "indoor",   "kitchen", "couch",   "sofa",
                       "bedroom", "bed",        "bathroom", "gym",     "carpet",  "livingroom",
                       "room",    "restaurant", "office",   "hallway", "bathtub", "gymnasium",
                       "rug",     "subway",     "bowling"};

void indoors_or_outdoors(const PictureFacts& facts, std::vector<YesNoCandidate>& out) {
  static const Words outdoor = {
      "grass",  "grassy",   "snow",    "snowy",    "beach", "street",     "road",       "mountain*",
      "ocean",  "lake",     "river",   "park",     "field", "hill*",      "sky",        "tree*",
      "forest", "woods",    "outside", "outdoor*", "sand",  "sandy",      "sidewalk",   "cliff",
      "yard",   "backyard", "lawn",    "trail",    "waves", "desert",     "playground", "surf*",
      "dirt",   "creek",    "stream",  "shore",    "pond",  "snowboard*", "muddy",      "wooded"};
  static const Words half = {"window*", "stage",     "arena",   "court",   "store",      "market",
                             "pool",    "building*", "floor",   "tent",    "door*",      "porch",
                             "patio",   "station",   "stadium", "concert", "game",       "fountain",
                             "car",     "train",     "bus",     "boat",    "painting",   "picture",
                             "tunnel",  "cave",      "ramp",    "bounce*", "inflatable", "inside"};
  const Evidence outside = facts.with_word(outdoor), inside = facts.with_word(kIndoor);
  const bool doubtful = facts.has_word(half);
  const Words in_words = {"is this indoors?", "is this picture taken indoors?", "is this inside?",
                          "was this photo taken inside a building?"};
  const Words out_words = {"is this outdoors?", "is this picture taken outside?",
                           "is this outside?", "was this photo taken outdoors?"};
  if (outside.size() >= 2 && inside.empty() && !doubtful) {
    add(out, "place indoors", "yes/no place", in_words, false, outside);
    add(out, "place outdoors", "yes/no place", out_words, true, outside);
  }
  // "inside" alone may be the inside of a ring or a bubble.
  const Evidence rooms =
      facts.with_word({"indoors", "indoor", "kitchen", "couch", "sofa", "bedroom", "bed",
                       "bathroom", "gym", "carpet", "room", "restaurant", "office", "hallway",
                       "bathtub", "gymnasium", "rug", "bowling", "floor"});
  if (outside.empty() && (rooms.size() >= 2 || (inside.size() >= 2 && !rooms.empty()))) {
    add(out, "place indoors", "yes/no place", in_words, true, inside);
    add(out, "place outdoors", "yes/no place", out_words, false, inside);
  }
}

void places(const PictureFacts& facts, std::vector<YesNoCandidate>& out) {
  const Evidence inside = facts.with_word(kIndoor);
  for (const Entity& entity : facts.entities()) {
    for (const PlaceRule& rule : place_table()) {
      const std::string& phrase = rule.phrase;
      const std::string be = entity.plural ? "are" : "is";
      const Words wordings = {be + " the " + entity.name + " " + phrase + "?"};
      const std::string key = "place " + entity.name + " " + phrase;
      Evidence here;
      for (const auto& [how, things] : entity.parts)
        for (const auto& [thing, evidence] : things) {
          const bool within = how.second == phrase.substr(0, 2) || how.second == "through" ||
                              how.second == "across" || how.second == "in" || how.second == "on" ||
                              (how.second == "along" && phrase != "in the water") ||
                              (how.second == "down" && phrase == "on the street");
          const std::string target = phrase.substr(phrase.rfind(' ') + 1);
          if (within && how.first != "looking" && how.first != "watching" &&
              concept_within(thing, target))
            here.insert(evidence.begin(), evidence.end());
        }
      if (here.size() >= 2 && phrase == "in the water" && facts.has_word(kAfloat)) continue;
      if (here.size() >= 2) {
        add(out, key, "yes/no place", wordings, true, here);
        continue;
      }
      if (facts.has_word(rule.words) || facts.has_word(rule.near)) continue;
      Evidence elsewhere;
      for (const PlaceRule& other : place_table())
        if (&other != &rule)
          for (const int i : facts.with_word(other.words)) elsewhere.insert(i);
      elsewhere.insert(inside.begin(), inside.end());
      if (elsewhere.size() >= 2) add(out, key, "yes/no place", wordings, false, elsewhere);
    }
  }
}

}  // namespace

std::string with_article(const std::string& noun) {
  if (lexicon().mass(noun) || lexicon().plural(noun) == noun) return noun;
  return text::with_article(noun);
}

std::vector<YesNoCandidate> yes_no_candidates(const PictureFacts& facts) {
  std::vector<YesNoCandidate> out;
  existence(facts, out);
  attributes(facts, out);
  actions(facts, out);
  indoors_or_outdoors(facts, out);
  places(facts, out);
  return out;
}

}  // namespace beholder::data
