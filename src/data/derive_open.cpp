#include <algorithm>
#include <map>

#include "data/derive_candidates.hpp"
#include "text/caption_lexicon.hpp"

namespace beholder::data {

using text::CaptionLexicon;
using text::NounKind;

namespace {

using Words = std::vector<std::string>;
using Claims = std::map<std::string, Evidence>;

const CaptionLexicon& lexicon() { return CaptionLexicon::instance(); }

/// The claim with the most captions; null when it has fewer than `least` or another has as many.
const Claims::value_type* best_claim(const Claims& claims, std::size_t least) {
  const Claims::value_type* best = nullptr;
  bool tie = false;
  for (const auto& claim : claims) {
    if (best == nullptr || claim.second.size() > best->second.size()) {
      best = &claim;
      tie = false;
    } else if (claim.second.size() == best->second.size()) {
      tie = true;
    }
  }
  return best == nullptr || tie || best->second.size() < least ? nullptr : best;
}

void counts(const PictureFacts& facts, std::vector<OpenCandidate>& out) {
  if (facts.crowd()) return;
  for (const char* name : {"dog", "person", "man", "woman", "child", "boy", "girl", "horse", "bird",
                           "cow", "sheep", "bike", "car", "boat", "cat"}) {
    const std::string noun = name;
    const bool person = lexicon().kind(noun) == NounKind::kPerson;
    Evidence evidence;
    const int count = facts.count(noun, 3, evidence);
    if (count == 0 || count > 8) continue;
    if (person && facts.has_word({"couple", "they", "others", "family", "another", "other"}))
      continue;
    // "A man" and "a person" beside him may be one or two; all captions must speak of all.
    if (person && noun != "person" && !facts.unique(noun) && count == 1) continue;
    if (count == 1 && !person && !facts.unique(noun)) continue;
    const std::string many = lexicon().plural(noun);
    Words wordings = {"how many " + many + " are there?",
                      "how many " + many + " are in the picture?",
                      "how many " + many + " can you see?", "what is the number of " + many + "?",
                      "how many " + many + " do you see?"};
    out.push_back({"count", std::move(wordings), std::to_string(count), evidence});
  }
}

void colors(const PictureFacts& facts, std::vector<OpenCandidate>& out) {
  const auto ask = [&](const std::string& thing, bool plural, const std::set<std::string>& concepts,
                       std::size_t least) {
    const ColorClaim claim = facts.colors(concepts);
    if (claim.majority.empty() || claim.conflict || claim.captions.size() < least) return;
    if (!claim.exact && claim.captions.size() < 2) return;
    const std::string be = plural ? "are" : "is";
    Words wordings = {
        "what color " + be + " the " + thing + "?", "what is the color of the " + thing + "?",
        "what colour " + be + " the " + thing + "?", "which color " + be + " the " + thing + "?"};
    out.push_back({"color", std::move(wordings), claim.majority, claim.captions});
  };
  const Entity* wearer = nullptr;
  bool several_people = false;
  for (const Entity& entity : facts.entities()) {
    const NounKind kind = lexicon().kind(*entity.concepts.begin());
    if (kind == NounKind::kAnimal && !entity.plural) ask(entity.name, false, entity.concepts, 2);
    if (kind == NounKind::kPerson) {
      several_people = several_people || wearer != nullptr || entity.plural;
      wearer = &entity;
    }
  }
  for (const char* name :
       {"shirt",    "jacket",    "dress",     "hat",        "helmet",  "pants",   "shorts",
        "swimsuit", "vest",      "cap",       "skirt",      "uniform", "suit",    "costume",
        "outfit",   "scarf",     "backpack",  "collar",     "ball",    "bike",    "motorcycle",
        "car",      "boat",      "frisbee",   "toy",        "slide",   "truck",   "bus",
        "umbrella", "surfboard", "snowboard", "skateboard", "couch",   "bench",   "chair",
        "fence",    "wall",      "building",  "train",      "balloon", "blanket", "tent",
        "flower",   "tube",      "leash"}) {
    const std::string noun = name;
    if (!facts.unique(noun)) continue;
    const bool plural = lexicon().plural(noun) == noun;
    const bool clothing = lexicon().kind(noun) == NounKind::kClothing;
    ask(noun, plural, {noun}, clothing && (several_people || wearer == nullptr) ? 2 : 1);
    if (!clothing || wearer == nullptr || several_people || noun == "collar") continue;
    const auto worn = wearer->parts.find({"wearing", ""});
    if (worn != wearer->parts.end() && worn->second.count(noun) != 0)
      ask(wearer->name + "'s " + noun, plural, {noun}, 1);
  }
}

void animals(const PictureFacts& facts, std::vector<OpenCandidate>& out) {
  Claims kinds;
  for (const char* name : {"dog", "cat", "horse", "cow", "sheep", "goat", "bird", "fish", "monkey",
                           "elephant", "bear"})
    if (const Evidence evidence = facts.mentions(name); !evidence.empty()) kinds[name] = evidence;
  if (kinds.size() != 1 || kinds.begin()->second.size() < 2) return;
  out.push_back({"animal",
                 {"what animal is this?", "what animal is in the picture?",
                  "what kind of animal is this?", "which animal can you see?"},
                 kinds.begin()->first,
                 kinds.begin()->second});
}

/// False for verbs that tell little or need an object to make an answer.
bool telling_action(const std::string& ing) {
  static const std::set<std::string> weak = {
      "wearing", "looking", "taking",  "making",   "doing",    "using",    "holding", "having",
      "playing", "riding",  "hitting", "crossing", "throwing", "cutting",  "flying",  "catching",
      "kicking", "pulling", "pushing", "carrying", "waiting",  "pointing", "blowing"};
  return weak.count(ing) == 0;
}

/// Sports and instruments with "playing".
std::string played_game(const PictureFacts& facts, Evidence& evidence) {
  Claims games;
  for (const char* game : {"soccer", "basketball", "football", "baseball", "tennis", "volleyball",
                           "hockey", "rugby", "frisbee", "cricket", "golf", "lacrosse", "softball"})
    for (std::size_t i = 0; i < facts.captions().size(); ++i) {
      const auto& words = facts.captions()[i].words;
      if (std::none_of(words.begin(), words.end(), [](const std::string& word) {
            return word.compare(0, 4, "play") == 0 || word == "game" || word == "match";
          }))
        continue;
      for (std::size_t k = 0; k < words.size(); ++k)
        // A tennis ball in a dog's mouth is no game.
        if (words[k] == game &&
            (k + 1 == words.size() ||
             (words[k + 1] != "ball" && words[k + 1] != "balls" && words[k + 1] != "net")))
          games[game].insert(static_cast<int>(i));
    }
  const auto* best = best_claim(games, 2);
  if (best == nullptr) return {};
  if (games.size() > 1) return {};
  evidence = best->second;
  return best->first;
}

void doings(const PictureFacts& facts, std::vector<OpenCandidate>& out) {
  for (const Entity& entity : facts.entities()) {
    const std::string be = entity.plural ? "are" : "is";
    const std::string who = "the " + entity.name;
    const Words wordings = {"what " + be + " " + who + " doing?",
                            "what " + be + " " + who + " doing in the picture?",
                            (entity.plural ? "what are " : "what's ") + who + " doing?"};
    Claims acts;
    for (const auto& [ing, evidence] : entity.actions)
      if (telling_action(ing)) acts[ing] = evidence;
    const auto add_with_object = [&](const char* ing, const Words& things, bool article) {
      const auto found = entity.parts.find({ing, ""});
      if (found == entity.parts.end()) return;
      for (const auto& [thing, evidence] : found->second)
        if (std::count(things.begin(), things.end(), thing) != 0)
          acts[std::string(ing) + " " + (article ? with_article(thing) : thing)] = evidence;
    };
    add_with_object("catching", {"ball", "frisbee", "stick", "wave"}, true);
    add_with_object("kicking", {"ball"}, true);
    add_with_object("flying", {"kite"}, true);
    add_with_object("carrying", {"stick", "ball", "baby", "child"}, true);
    add_with_object("riding",
                    {"skateboard", "scooter", "wave", "bus", "train", "surfboard", "cow", "sled"},
                    true);
    add_with_object("playing", {"guitar", "drum"}, true);
    add_with_object("throwing", {"ball", "frisbee", "stick"}, true);
    const auto* best = best_claim(acts, 2);
    if (best != nullptr) out.push_back({"doing", wordings, best->first, best->second});
    Evidence game_evidence;
    const auto playing = entity.actions.find("playing");
    if (playing == entity.actions.end()) continue;
    const std::string game = played_game(facts, game_evidence);
    if (!game.empty() && lexicon().kind(*entity.concepts.begin()) == NounKind::kPerson) {
      if (best == nullptr) out.push_back({"doing", wordings, "playing " + game, game_evidence});
      out.push_back(
          {"game",
           {"what " + be + " " + who + " playing?", "what game " + be + " " + who + " playing?",
            "what sport " + be + " " + who + " playing?"},
           game,
           game_evidence});
    } else if (best == nullptr && playing->second.size() >= 2) {
      out.push_back({"doing", wordings, "playing", playing->second});
    }
  }
  Evidence evidence;
  const std::string sport = played_game(facts, evidence);
  if (!sport.empty() && sport != "frisbee" && !facts.persons().empty())
    out.push_back({"game",
                   {"what sport is this?", "what sport is being played?", "which sport is it?"},
                   sport,
                   evidence});
}

void who(const PictureFacts& facts, std::vector<OpenCandidate>& out) {
  for (const Entity& entity : facts.entities()) {
    if (entity.plural) continue;
    const bool person = lexicon().kind(*entity.concepts.begin()) == NounKind::kPerson;
    for (const auto& [ing, evidence] : entity.actions) {
      static const std::set<std::string> needs_object = {
          "chasing", "biting",  "licking",  "watching", "fetching", "petting",
          "hugging", "kissing", "sniffing", "leading",  "chewing",  "feeding"};
      if (evidence.size() < 2 || !telling_action(ing) || needs_object.count(ing) != 0) continue;
      // Nobody else may be doing it.
      bool alone = true;
      for (const CaptionFacts& caption : facts.captions())
        for (const CaptionRelation& relation : caption.relations)
          if (action_name(relation, caption.phrases) == ing && relation.subject >= 0 &&
              entity.concepts.count(caption.phrases[relation.subject].noun) == 0)
            alone = false;
      if (!alone || entity.name == "person") continue;
      Words wordings = person ? Words{"who is " + ing + "?", "who is " + ing + " in the picture?"}
                              : Words{"what is " + ing + "?", "which animal is " + ing + "?"};
      out.push_back({"who", std::move(wordings), entity.name, evidence});
    }
  }
}

/// The place as an answer to "where …?": "lake" → "in the water"; empty for what is none.
std::string place_phrase(const std::string& thing) {
  static const std::map<std::string, std::set<std::string>> places = {
      {"in a", {"field", "chair", "boat", "car", "tree"}},
      {"in the",
       {"water", "pool", "snow", "park", "woods", "sand", "yard", "kitchen", "dirt", "air"}},
      {"on a",
       {"path", "rock", "bench", "couch", "bed", "swing", "slide", "trampoline", "hill", "mountain",
        "stage", "playground"}},
      {"on the", {"beach", "grass", "street", "sidewalk", "stairs", "floor", "court", "track"}}};
  const bool water = thing == "ocean" || thing == "lake" || thing == "river";
  const std::string place = water ? "water" : thing;
  for (const auto& [how, those] : places)
    if (those.count(place) > 0) return how + " " + place;
  return {};
}

void where(const PictureFacts& facts, std::vector<OpenCandidate>& out) {
  static const std::set<std::string> prepositions = {"in",    "on",   "through", "across",
                                                     "along", "down", "at",      "inside"};
  // Captions say "in the river" of people in boats too.
  const bool afloat = facts.has_word(kAfloat);
  for (const Entity& entity : facts.entities()) {
    Claims claims;
    for (const auto& [how, things] : entity.parts) {
      const std::string& preposition = how.second;
      if (prepositions.count(preposition) == 0) continue;
      if (how.first == "looking" || how.first == "watching" || how.first == "staring") continue;
      for (const auto& [thing, evidence] : things) {
        const std::string place = place_phrase(thing);
        if (place.empty() || thing == "air") continue;
        // The preposition must be the usual one: "in a tree", not "at a tree".
        if (preposition == "at" && thing != "beach" && thing != "park" && thing != "playground")
          continue;
        if (thing == "car" && preposition != "in") continue;
        if (thing == "tree" && preposition != "in") continue;
        if (place == "in the water" && afloat) continue;
        claims[place].insert(evidence.begin(), evidence.end());
      }
    }
    const auto* best = best_claim(claims, claims.size() == 1 ? 2 : 3);
    if (best == nullptr) best = best_claim(claims, 2);
    if (best == nullptr) continue;
    const std::string be = entity.plural ? "are" : "is";
    out.push_back({"where",
                   {"where " + be + " the " + entity.name + "?",
                    (entity.plural ? "where are the " : "where's the ") + entity.name + "?"},
                   best->first,
                   best->second});
    for (const auto& [ing, evidence] : entity.actions)
      if (evidence.size() >= 2 && telling_action(ing))
        out.push_back({"where",
                       {"where " + be + " the " + entity.name + " " + ing + "?"},
                       best->first,
                       best->second});
  }
}

/// Headwear of one person or animal, if the captions name a single kind.
void headwear(const Entity& entity, std::vector<OpenCandidate>& out) {
  const auto worn = entity.parts.find({"wearing", ""});
  if (entity.plural || worn == entity.parts.end()) return;
  Claims claims;
  for (const auto& [thing, evidence] : worn->second)
    if (concept_within(thing, "headwear")) claims[thing] = evidence;
  if (claims.size() != 1) return;
  const bool animal = lexicon().kind(entity.name) == NounKind::kAnimal;
  out.push_back(
      {"wearing",
       {"what is the " + entity.name + " wearing on " + (animal ? "its" : "the") + " head?",
        "what is on the " + entity.name + "'s head?"},
       claims.begin()->first,
       claims.begin()->second});
}

/// Questions for the thing that takes part in an action: "what is the dog jumping over?"
void parts(const PictureFacts& facts, std::vector<OpenCandidate>& out) {
  static const Words doings = {
      "wearing",          "holding",       "riding",          "riding on",  "carrying",
      "climbing",         "climbing on",   "throwing",        "kicking",    "catching",
      "chasing",          "pulling",       "pushing",         "sitting on", "sitting in",
      "standing on",      "lying on",      "jumping over",    "jumping on", "jumping into",
      "hitting",          "eating",        "reading",         "biting",     "chewing on",
      "sliding down",     "fetching",      "running through", "walking on", "playing with",
      "standing next to", "drinking from", "leaning against"};
  static const std::set<std::string> rideable = {
      "bike",  "motorcycle", "horse", "skateboard", "surfboard", "snowboard",  "scooter", "wave",
      "boat",  "bus",        "train", "car",        "truck",     "vehicle",    "sled",    "cow",
      "swing", "slide",      "cart",  "elephant",   "tube",      "wheelchair", "toy"};
  for (const Entity& entity : facts.entities()) {
    const std::string be = entity.plural ? "are" : "is";
    for (const std::string& doing : doings) {
      const std::string verb = doing.substr(0, doing.find(' '));
      const bool wearing = verb == "wearing", riding = verb == "riding";
      const auto found =
          entity.parts.find({verb, verb == doing ? "" : doing.substr(verb.size() + 1)});
      if (found == entity.parts.end()) continue;
      Claims claims;
      for (const auto& [thing, evidence] : found->second) {
        const NounKind kind = lexicon().kind(thing);
        if (kind == NounKind::kBody || kind == NounKind::kCollective) continue;
        if ((kind == NounKind::kClothing) != wearing) continue;
        if (riding && rideable.count(thing) == 0) continue;
        if (thing == "air" || thing == "uniform" || thing == "outfit") continue;
        claims[thing] = evidence;
      }
      const auto* best = best_claim(claims, 2);
      // One caption is enough if no other names a different thing.
      if (best == nullptr && claims.size() == 1) best = &*claims.begin();
      if (best == nullptr) continue;
      std::string answer = best->first;
      if (entity.plural && lexicon().kind(answer) != NounKind::kPlace) {
        if (wearing) answer = lexicon().plural(answer);
      } else if (wearing && facts.unique(answer)) {
        const ColorClaim claim = facts.colors({answer});
        if (!claim.conflict && claim.exact && !claim.majority.empty() && claim.colors.size() == 1)
          answer = claim.majority + " " + answer;
      }
      const std::string tail = " the " + entity.name + " " + (riding ? verb : doing) + "?";
      Words wordings = {"what " + be + tail};
      if (!entity.plural) wordings.push_back("what's" + tail);
      const std::string type = wearing || riding                         ? verb
                               : verb == "holding" || verb == "carrying" ? "holding"
                                                                         : "object";
      out.push_back({type, std::move(wordings), answer, best->second});
    }
    headwear(entity, out);
  }
}

/// "a ball in its mouth", "in the dog's mouth": of the only animal.
void held_in_mouth(const PictureFacts& facts, std::vector<OpenCandidate>& out) {
  Claims mouth;
  for (std::size_t i = 0; i < facts.captions().size(); ++i)
    for (const CaptionRelation& relation : facts.captions()[i].relations) {
      const auto& phrases = facts.captions()[i].phrases;
      if (relation.object < 0 || relation.subject < 0) continue;
      const std::string& thing = phrases[relation.subject].noun;
      if (phrases[relation.object].noun == "mouth" && relation.verb.empty() && !thing.empty() &&
          lexicon().kind(thing) == NounKind::kObject && phrases[relation.subject].real)
        mouth[thing].insert(static_cast<int>(i));
    }
  const auto* held = mouth.size() == 1 ? &*mouth.begin() : best_claim(mouth, 2);
  if (held == nullptr) return;
  for (const Entity& entity : facts.entities())
    if (entity.name == "dog")
      out.push_back({"holding",
                     {"what is in the dog's mouth?", "what does the dog have in its mouth?",
                      "what is the dog carrying in its mouth?"},
                     held->first,
                     held->second});
}

}  // namespace

std::vector<OpenCandidate> open_candidates(const PictureFacts& facts) {
  std::vector<OpenCandidate> out;
  counts(facts, out);
  colors(facts, out);
  animals(facts, out);
  doings(facts, out);
  who(facts, out);
  where(facts, out);
  parts(facts, out);
  held_in_mouth(facts, out);
  return out;
}

}  // namespace beholder::data
