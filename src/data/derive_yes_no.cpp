#include <algorithm>
#include <map>

#include "data/derive_candidates.hpp"
#include "data/derive_tables.hpp"
#include "text/caption_lexicon.hpp"

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
    const std::string noun = thing.noun;
    const Evidence evidence = facts.mentions(noun);
    if (evidence.size() >= 2) {
      add(out, "exist " + noun, "yes/no existence", existence_wordings(noun), true, evidence);
    } else if (evidence.empty() && !facts.touches(noun) && !facts.has_word(thing.blockers) &&
               (nobody || !thing.when_no_person)) {
      add(out, "exist " + noun, "yes/no existence", existence_wordings(noun), false, {});
    }
  }
  // Kinds of people: a "no" only beside people who cannot be taken for that kind.
  static const std::map<std::string, std::set<std::string>> others = {
      {"man", {"woman", "girl", "child", "baby"}},
      {"woman", {"man", "boy", "child", "baby"}},
      {"boy", {"woman", "girl"}},
      {"girl", {"man", "boy"}},
      {"child", {"man", "woman"}},
      {"baby", {"man", "woman", "boy", "girl"}},
      {"person", {}}};
  static const std::map<std::string, Words> blockers = {
      {"man", {"he", "him", "his", "male", "males", "adult*", "parent*", "they", "guy*"}},
      {"woman", {"she", "her", "hers", "female", "females", "adult*", "parent*", "they"}},
      {"boy", {"he", "him", "his", "male", "young", "little", "they", "kid*"}},
      {"girl", {"she", "her", "female", "young", "little", "they", "kid*"}},
      {"child", {"young", "little", "teen*", "small", "they", "school"}},
      {"baby", {"stroller", "small", "toddler*", "carrier", "they", "tiny"}},
      {"person", {"they"}}};
  for (const auto& [noun, allowed] : others) {
    const Evidence evidence = facts.mentions(noun);
    if (evidence.size() >= 2) {
      add(out, "exist " + noun, "yes/no existence", existence_wordings(noun), true, evidence);
      continue;
    }
    if (!evidence.empty() || facts.crowd()) continue;
    const bool clear = std::all_of(
        facts.persons().begin(), facts.persons().end(),
        [&allowed = allowed](const std::string& person) { return allowed.count(person) != 0; });
    if (!clear || (facts.persons().empty() && !nobody) || facts.has_word(blockers.at(noun)))
      continue;
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
      const std::string ing = rule.ing;
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
  // Anybody at all: the opposite needs a picture whose people do something else.
  for (const ActionRule& rule : action_table()) {
    const std::string ing = rule.ing;
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

/// A place, the words that tell it, and the words of places that cannot be the same.
struct PlaceRule {
  const char* phrase;
  Words words;
  Words near;  ///< with these a "no" is doubtful
};

void places(const PictureFacts& facts, std::vector<YesNoCandidate>& out) {
  static const Words outdoor = {
      "grass",  "grassy",   "snow",    "snowy",    "beach", "street",     "road",       "mountain*",
      "ocean",  "lake",     "river",   "park",     "field", "hill*",      "sky",        "tree*",
      "forest", "woods",    "outside", "outdoor*", "sand",  "sandy",      "sidewalk",   "cliff",
      "yard",   "backyard", "lawn",    "trail",    "waves", "desert",     "playground", "surf*",
      "dirt",   "creek",    "stream",  "shore",    "pond",  "snowboard*", "muddy",      "wooded"};
  static const Words indoor = {
      "indoors", "inside",   "indoor",  "kitchen",   "couch",      "sofa",   "bedroom",
      "bed",     "bathroom", "gym",     "carpet",    "livingroom", "room",   "restaurant",
      "office",  "hallway",  "bathtub", "gymnasium", "rug",        "subway", "bowling"};
  static const Words half = {"window*", "stage",     "arena",   "court",   "store",      "market",
                             "pool",    "building*", "floor",   "tent",    "door*",      "porch",
                             "patio",   "station",   "stadium", "concert", "game",       "fountain",
                             "car",     "train",     "bus",     "boat",    "painting",   "picture",
                             "tunnel",  "cave",      "ramp",    "bounce*", "inflatable", "inside"};
  const Evidence outside = facts.with_word(outdoor), inside = facts.with_word(indoor);
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

  static const std::vector<PlaceRule> table = {
      {"in the snow",
       {"snow*"},
       {"ski*", "ice", "icy", "winter", "sled*", "mountain*", "cold", "frozen", "slope*"}},
      {"in the water",
       {"water", "ocean", "lake", "river", "pool", "sea", "pond", "stream", "creek", "waves"},
       {"swim*",   "wet",     "surf*",     "splash*",    "beach*", "shore*", "boat*",
        "wave*",   "snow*",   "fountain*", "sprinkler*", "hose*",  "wad*",   "puddle*",
        "dock*",   "shallow", "kayak*",    "canoe*",     "raft*",  "div*",   "mud*",
        "bridge*", "rock*",   "coast*",    "bath*",      "bank",   "tub"}},
      {"on the grass",
       {"grass", "grassy", "lawn"},
       {"field*",   "park*",       "yard*",  "green",    "backyard*",   "garden*",   "meadow*",
        "outside",  "game",        "soccer", "football", "baseball",    "hill*",     "forest*",
        "wood*",    "trail*",      "path*",  "tree*",    "playground*", "plant*",    "weed*",
        "hay",      "countryside", "dirt",   "camp*",    "agility",     "obstacle*", "hurdle*",
        "pasture*", "farm*",       "rugby",  "golf*",    "cricket"}},
      {"on the beach",
       {"beach", "shore", "seashore"},
       {"sand*", "ocean*", "surf*", "wave*", "sea*", "shore*", "coast*", "dune*", "water*",
        "desert*", "lake*", "river*", "pond*", "rock*", "bank"}},
      {"on the street",
       {"street", "road"},
       {"city",    "sidewalk*", "pavement*",  "park*", "path*",   "car",    "cars",
        "town",    "traffic",   "crosswalk*", "driv*", "rac*",    "track*", "trail*",
        "pav*",    "curb*",     "concrete",   "urban", "outside", "bus",    "building*",
        "parade*", "crowd*",    "truck*",     "skat*", "bik*",    "bicycl*"}},
  };
  for (const Entity& entity : facts.entities()) {
    for (const PlaceRule& rule : table) {
      const std::string phrase = rule.phrase;
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
      for (const PlaceRule& other : table)
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
  return (std::string("aeiou").find(noun.front()) == std::string::npos ? "a " : "an ") + noun;
}

std::vector<YesNoCandidate> yes_no_candidates(const PictureFacts& facts) {
  std::vector<YesNoCandidate> out;
  existence(facts, out);
  attributes(facts, out);
  actions(facts, out);
  places(facts, out);
  return out;
}

}  // namespace beholder::data
