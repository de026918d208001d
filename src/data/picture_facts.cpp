#include "data/picture_facts.hpp"

#include <algorithm>

#include "text/caption_lexicon.hpp"

namespace beholder::data {

using text::CaptionLexicon;
using text::NounForm;
using text::NounKind;

namespace {

const CaptionLexicon& lexicon() { return CaptionLexicon::instance(); }

bool word_matches(const std::string& word, const std::string& pattern) {
  if (!pattern.empty() && pattern.back() == '*')
    return word.compare(0, pattern.size() - 1, pattern, 0, pattern.size() - 1) == 0;
  return word == pattern;
}

std::string joined(const std::vector<std::string>& colors) {
  std::string text;
  for (std::size_t i = 0; i < colors.size(); ++i)
    text += (i == 0 ? "" : i + 1 == colors.size() ? " and " : ", ") + colors[i];
  return text;
}

}  // namespace

bool concept_within(const std::string& concept_name, const std::string& wider) {
  for (std::string up = concept_name; !up.empty(); up = lexicon().parent(up))
    if (up == wider) return true;
  return false;
}

std::string action_name(const CaptionRelation& relation, const std::vector<NounPhrase>& phrases) {
  if (relation.verb == "riding" && relation.object >= 0 &&
      (relation.preposition.empty() || relation.preposition == "on")) {
    const std::string& thing = phrases[static_cast<std::size_t>(relation.object)].noun;
    if (thing == "bike" || thing == "horse" || thing == "motorcycle") return "riding a " + thing;
  }
  return relation.object < 0 ? relation.verb : std::string();
}

bool colors_confusable(const std::string& a, const std::string& b) {
  static const std::vector<std::set<std::string>> groups = {
      {"brown", "tan", "beige", "gold", "red", "orange", "maroon", "blond"},
      {"tan", "beige", "gold", "yellow", "blond", "orange", "white"},
      {"black", "brown", "gray"},
      {"white", "gray", "silver"},
      {"gray", "silver", "blue", "black", "tan", "brown"},
      {"red", "orange", "pink", "maroon", "purple"},
      {"blue", "purple", "turquoise", "black"},
      {"green", "turquoise", "blue"},
      {"green", "yellow"},
      {"pink", "purple"}};
  if (a == b) return true;
  return std::any_of(groups.begin(), groups.end(), [&](const std::set<std::string>& group) {
    return group.count(a) != 0 && group.count(b) != 0;
  });
}

PictureFacts::PictureFacts(const std::vector<std::string>& captions) {
  captions_.reserve(captions.size());
  for (const std::string& caption : captions) captions_.push_back(text::parse_caption(caption));
  for (const CaptionFacts& caption : captions_) {
    // Words count even where the grammar did not reach them.
    for (const std::string& word : caption.words) {
      const NounForm* noun = lexicon().noun(word);
      if (noun == nullptr) continue;
      if (noun->kind == NounKind::kPerson) persons_.insert(noun->concept_name);
      if (noun->kind == NounKind::kCollective) crowd_ = true;
    }
  }
  find_entities();
}

Evidence PictureFacts::mentions(const std::string& concept_name) const {
  Evidence evidence;
  for (std::size_t i = 0; i < captions_.size(); ++i)
    for (const NounPhrase& phrase : captions_[i].phrases)
      if (phrase.real && concept_within(phrase.noun, concept_name))
        evidence.insert(static_cast<int>(i));
  return evidence;
}

bool PictureFacts::touches(const std::string& concept_name) const {
  for (const CaptionFacts& caption : captions_)
    for (const std::string& word : caption.words) {
      const NounForm* noun = lexicon().noun(word);
      if (noun != nullptr && lexicon().related(noun->concept_name, concept_name)) return true;
    }
  return false;
}

bool PictureFacts::has_word(const std::vector<std::string>& words) const {
  return !with_word(words).empty();
}

Evidence PictureFacts::with_word(const std::vector<std::string>& words) const {
  Evidence evidence;
  for (std::size_t i = 0; i < captions_.size(); ++i)
    for (const std::string& word : captions_[i].words)
      for (const std::string& pattern : words)
        if (word_matches(word, pattern)) evidence.insert(static_cast<int>(i));
  return evidence;
}

int PictureFacts::count(const std::string& concept_name, int least, Evidence& evidence) const {
  int agreed = 0;
  evidence.clear();
  for (std::size_t i = 0; i < captions_.size(); ++i) {
    int sum = 0;
    bool unknown = false;
    bool elsewhere = false;  // a wider word such as "animals" may hide some
    for (const NounPhrase& phrase : captions_[i].phrases) {
      if (concept_within(phrase.noun, concept_name) && phrase.real) {
        if (phrase.count == 0 || phrase.other) unknown = true;
        sum += phrase.count;
      } else if (!phrase.noun.empty() && lexicon().related(phrase.noun, concept_name)) {
        elsewhere = true;
      } else if (phrase.noun.empty() && phrase.other) {
        elsewhere = true;  // "the other", "another"
      }
    }
    if (unknown) return 0;
    if (sum == 0 || elsewhere) continue;
    if (agreed != 0 && agreed != sum) return 0;
    agreed = sum;
    evidence.insert(static_cast<int>(i));
  }
  return static_cast<int>(evidence.size()) >= least ? agreed : 0;
}

bool PictureFacts::unique(const std::string& concept_name) const {
  for (const CaptionFacts& caption : captions_) {
    int seen = 0;
    for (const NounPhrase& phrase : caption.phrases) {
      if (phrase.noun.empty() || !lexicon().related(phrase.noun, concept_name)) continue;
      const bool pair_of_one = lexicon().plural(phrase.noun) == phrase.noun;  // "shorts"
      if ((phrase.plural && !pair_of_one) || phrase.other || !phrase.real || ++seen > 1)
        return false;
    }
  }
  return true;
}

ColorClaim PictureFacts::colors(const std::set<std::string>& concepts) const {
  ColorClaim claim;
  std::map<std::string, Evidence> wordings;
  for (std::size_t i = 0; i < captions_.size(); ++i)
    for (const NounPhrase& phrase : captions_[i].phrases) {
      if (concepts.count(phrase.noun) == 0 || !phrase.real) continue;
      if (!phrase.color_exact) claim.exact = false;
      if (phrase.colors.empty()) continue;
      std::vector<std::string> sorted = phrase.colors;
      std::sort(sorted.begin(), sorted.end());
      sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
      wordings[joined(sorted)].insert(static_cast<int>(i));
      claim.colors.insert(sorted.begin(), sorted.end());
    }
  for (const auto& [wording, evidence] : wordings)
    if (evidence.size() > claim.captions.size()) {
      claim.majority = wording;
      claim.captions = evidence;
    }
  for (const auto& [wording, evidence] : wordings)
    if (wording != claim.majority &&
        (evidence.size() >= claim.captions.size() || !colors_confusable(wording, claim.majority)))
      claim.conflict = true;
  return claim;
}

void PictureFacts::add_entity(Entity entity) {
  for (std::size_t i = 0; i < captions_.size(); ++i) {
    const CaptionFacts& caption = captions_[i];
    const int index = static_cast<int>(i);
    for (const CaptionRelation& relation : caption.relations) {
      if (relation.subject < 0) continue;
      const NounPhrase& subject = caption.phrases[static_cast<std::size_t>(relation.subject)];
      if (!subject.real || entity.concepts.count(subject.noun) == 0) continue;
      if (entity.plural != subject.plural) continue;
      if (const std::string action = action_name(relation, caption.phrases); !action.empty())
        entity.actions[action].insert(index);
      if (relation.object < 0) continue;
      const NounPhrase& object = caption.phrases[static_cast<std::size_t>(relation.object)];
      if (!object.real || object.noun.empty()) continue;
      entity.parts[{relation.verb, relation.preposition}][object.noun].insert(index);
    }
  }
  entities_.push_back(std::move(entity));
}

void PictureFacts::find_entities() {
  // One person alone, whatever the captions call her.
  Evidence agree;
  const bool alone = !crowd_ && !persons_.empty() && count("person", 3, agree) == 1 &&
                     unique("person") &&
                     !has_word({"they", "people", "other", "another", "others"});
  if (alone) add_lone_person(agree);
  add_named_entities(alone);
  add_people();
}

void PictureFacts::add_lone_person(const Evidence& agree) {
  Entity person;
  person.concepts = persons_;
  person.captions = agree;
  person.name = "person";
  const auto votes = [&](const char* name) {
    Evidence evidence;
    for (std::size_t i = 0; i < captions_.size(); ++i)
      for (const NounPhrase& phrase : captions_[i].phrases)
        if (phrase.noun == name) evidence.insert(static_cast<int>(i));
    return evidence.size();
  };
  const std::size_t man = votes("man"), woman = votes("woman"), boy = votes("boy"),
                    girl = votes("girl"), child = votes("child"), baby = votes("baby");
  const bool male = man + boy > 0, female = woman + girl > 0;
  if (male && !female && man >= 2 && boy + child + baby == 0) person.name = "man";
  if (female && !male && woman >= 2 && girl + child + baby == 0) person.name = "woman";
  if (male && !female && boy >= 2 && man == 0) person.name = "boy";
  if (female && !male && girl >= 2 && woman == 0) person.name = "girl";
  if (!male && !female && child >= 2) person.name = "child";
  if (!male && !female && baby >= 2) person.name = "baby";
  add_entity(std::move(person));
}

void PictureFacts::add_named_entities(bool lone_person) {
  for (const char* name : {"man", "woman", "boy", "girl", "child", "baby", "dog", "cat", "horse",
                           "bird", "cow", "sheep", "goat", "monkey"}) {
    const bool person = lexicon().kind(name) == NounKind::kPerson;
    if (person && lone_person) continue;
    const Evidence evidence = mentions(name);
    if (evidence.size() < 2) continue;
    Entity entity;
    entity.concepts = {name};
    entity.captions = evidence;
    bool single = true, several = true;
    for (const CaptionFacts& caption : captions_) {
      int seen = 0;
      for (const NounPhrase& phrase : caption.phrases) {
        if (phrase.noun != name) continue;
        ++seen;
        (phrase.plural ? single : several) = false;
        if (phrase.other || !phrase.real) single = several = false;
      }
      if (seen > 1) single = false;
    }
    if (single && evidence.size() >= (person ? 2u : 3u)) {
      // Another caption's "two people" does not say which of them is meant by "the man": it is the
      // only man. A child may be called a boy elsewhere.
      if (person && !unique(name)) continue;
      if (person && crowd_) continue;
      entity.name = name;
      add_entity(std::move(entity));
    } else if (several && evidence.size() >= 2) {
      entity.name = lexicon().plural(name);
      entity.plural = true;
      add_entity(std::move(entity));
    }
  }
}

/// All the people together, where every caption speaks of several.
void PictureFacts::add_people() {
  Entity people;
  people.plural = true;
  people.name = "people";
  people.captions = mentions("person");
  bool several = people.captions.size() >= 3;
  for (const CaptionFacts& caption : captions_)
    for (const NounPhrase& phrase : caption.phrases) {
      if (!concept_within(phrase.noun, "person")) continue;
      if (!phrase.plural || phrase.other || !phrase.real) several = false;
      people.concepts.insert(phrase.noun);
    }
  if (several) add_entity(std::move(people));
}

}  // namespace beholder::data
