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

/// Verbs that tell little, or whose grammar is too free for an answer.
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

void where(const PictureFacts& facts, std::vector<OpenCandidate>& out) {
  static const std::map<std::string, std::string> places = {{"water", "in the water"},
                                                            {"ocean", "in the water"},
                                                            {"lake", "in the water"},
                                                            {"river", "in the water"},
                                                            {"pool", "in the pool"},
                                                            {"snow", "in the snow"},
                                                            {"beach", "on the beach"},
                                                            {"grass", "on the grass"},
                                                            {"field", "in a field"},
                                                            {"street", "on the street"},
                                                            {"park", "in the park"},
                                                            {"sidewalk", "on the sidewalk"},
                                                            {"woods", "in the woods"},
                                                            {"path", "on a path"},
                                                            {"rock", "on a rock"},
                                                            {"bench", "on a bench"},
                                                            {"couch", "on a couch"},
                                                            {"bed", "on a bed"},
                                                            {"chair", "in a chair"},
                                                            {"swing", "on a swing"},
                                                            {"slide", "on a slide"},
                                                            {"boat", "in a boat"},
                                                            {"trampoline", "on a trampoline"},
                                                            {"sand", "in the sand"},
                                                            {"hill", "on a hill"},
                                                            {"mountain", "on a mountain"},
                                                            {"stage", "on a stage"},
                                                            {"playground", "on a playground"},
                                                            {"yard", "in the yard"},
                                                            {"kitchen", "in the kitchen"},
                                                            {"stairs", "on the stairs"},
                                                            {"floor", "on the floor"},
                                                            {"dirt", "in the dirt"},
                                                            {"court", "on the court"},
                                                            {"track", "on the track"},
                                                            {"air", "in the air"},
                                                            {"car", "in a car"},
                                                            {"tree", "in a tree"}};
  static const std::set<std::string> prepositions = {"in",    "on",   "through", "across",
                                                     "along", "down", "at",      "inside"};
  // Who paddles is "in the river" in captions and yet in a boat.
  const bool afloat = facts.has_word(kAfloat);
  for (const Entity& entity : facts.entities()) {
    Claims claims;
    for (const auto& [how, things] : entity.parts) {
      const std::string& preposition = how.second;
      if (prepositions.count(preposition) == 0) continue;
      if (how.first == "looking" || how.first == "watching" || how.first == "staring") continue;
      for (const auto& [thing, evidence] : things) {
        const auto place = places.find(thing);
        if (place == places.end() || thing == "air") continue;
        // "in" and "on" must be the usual one: "in a tree", not "at a tree".
        if (preposition == "at" && thing != "beach" && thing != "park" && thing != "playground")
          continue;
        if (thing == "car" && preposition != "in") continue;
        if (thing == "tree" && preposition != "in") continue;
        if (place->second == "in the water" && afloat) continue;
        claims[place->second].insert(evidence.begin(), evidence.end());
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

/// What sits on the head of one person or animal, where no caption names anything else.
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

/// Questions for the thing that takes part in an action.
void parts(const PictureFacts& facts, std::vector<OpenCandidate>& out) {
  struct Rule {
    const char* verb;
    const char* preposition;
    const char* type;
    const char* tail;
  };
  static const std::vector<Rule> rules = {{"wearing", "", "wearing", "wearing"},
                                          {"holding", "", "holding", "holding"},
                                          {"riding", "", "riding", "riding"},
                                          {"riding", "on", "riding", "riding"},
                                          {"carrying", "", "holding", "carrying"},
                                          {"climbing", "", "object", "climbing"},
                                          {"climbing", "on", "object", "climbing on"},
                                          {"throwing", "", "object", "throwing"},
                                          {"kicking", "", "object", "kicking"},
                                          {"catching", "", "object", "catching"},
                                          {"chasing", "", "object", "chasing"},
                                          {"pulling", "", "object", "pulling"},
                                          {"pushing", "", "object", "pushing"},
                                          {"sitting", "on", "object", "sitting on"},
                                          {"sitting", "in", "object", "sitting in"},
                                          {"standing", "on", "object", "standing on"},
                                          {"lying", "on", "object", "lying on"},
                                          {"jumping", "over", "object", "jumping over"},
                                          {"jumping", "on", "object", "jumping on"},
                                          {"jumping", "into", "object", "jumping into"},
                                          {"hitting", "", "object", "hitting"},
                                          {"eating", "", "object", "eating"},
                                          {"reading", "", "object", "reading"},
                                          {"biting", "", "object", "biting"},
                                          {"chewing", "on", "object", "chewing on"},
                                          {"sliding", "down", "object", "sliding down"},
                                          {"fetching", "", "object", "fetching"},
                                          {"running", "through", "object", "running through"},
                                          {"walking", "on", "object", "walking on"},
                                          {"playing", "with", "object", "playing with"},
                                          {"standing", "next to", "object", "standing next to"},
                                          {"drinking", "from", "object", "drinking from"},
                                          {"leaning", "against", "object", "leaning against"}};
  for (const Entity& entity : facts.entities()) {
    const std::string be = entity.plural ? "are" : "is";
    for (const Rule& rule : rules) {
      const auto found = entity.parts.find({rule.verb, rule.preposition});
      if (found == entity.parts.end()) continue;
      Claims claims;
      for (const auto& [thing, evidence] : found->second) {
        const NounKind kind = lexicon().kind(thing);
        if (kind == NounKind::kBody || kind == NounKind::kCollective) continue;
        const bool clothing = kind == NounKind::kClothing;
        if (clothing != (std::string(rule.verb) == "wearing")) continue;
        static const std::set<std::string> rideable = {
            "bike",    "motorcycle", "horse", "skateboard", "surfboard", "snowboard",
            "scooter", "wave",       "boat",  "bus",        "train",     "car",
            "truck",   "vehicle",    "sled",  "cow",        "swing",     "slide",
            "cart",    "elephant",   "tube",  "wheelchair", "toy"};
        if (std::string(rule.verb) == "riding" && rideable.count(thing) == 0) continue;
        if (thing == "air" || thing == "uniform" || thing == "outfit") continue;
        claims[thing] = evidence;
      }
      const bool wearing = std::string(rule.verb) == "wearing";
      const auto* best = best_claim(claims, 2);
      // One caption is enough where no other names another thing.
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
      Words wordings = {"what " + be + " the " + entity.name + " " + rule.tail + "?"};
      if (!entity.plural) wordings.push_back("what's the " + entity.name + " " + rule.tail + "?");
      out.push_back({rule.type, std::move(wordings), answer, best->second});
    }
    headwear(entity, out);
  }
  // "a ball in its mouth", "in the dog's mouth": of the only animal.
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
  return out;
}

}  // namespace beholder::data
