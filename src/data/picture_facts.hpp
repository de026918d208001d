// What the captions of one picture say together: which things, how many, doing what, and where.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "text/caption_grammar.hpp"

namespace beholder::data {

using text::CaptionFacts;
using text::CaptionRelation;
using text::NounPhrase;

/// Indexes of the captions that say something.
using Evidence = std::set<int>;

/// A person, an animal or a group that the captions name without ambiguity.
struct Entity {
  std::string name;  ///< the noun a question uses, in singular or plural
  bool plural = false;
  std::set<std::string> concepts;           ///< captions call it any of these
  Evidence captions;                        ///< those that mention it
  std::map<std::string, Evidence> actions;  ///< by -ing form
  /// Things taking part, by (verb, preposition) and then concept.
  std::map<std::pair<std::string, std::string>, std::map<std::string, Evidence>> parts;
};

/// Colours that captions give to one thing.
struct ColorClaim {
  std::set<std::string> colors;  ///< of all captions together
  std::string majority;          ///< the most frequent wording, "black and white"; may be empty
  Evidence captions;             ///< those that say `majority`
  bool exact = true;             ///< no "dark", "striped", "multicolored" anywhere
  bool conflict = false;         ///< two captions disagree beyond shades
};

class PictureFacts {
 public:
  explicit PictureFacts(const std::vector<std::string>& captions);

  const std::vector<CaptionFacts>& captions() const { return captions_; }
  const std::vector<Entity>& entities() const { return entities_; }
  /// Captions that mention a real thing of this concept or a narrower one.
  Evidence mentions(const std::string& concept_name) const;
  /// Whether any caption mentions the concept, a narrower or a wider one, even as "no dog".
  bool touches(const std::string& concept_name) const;
  /// Whether any caption holds one of the words; a trailing "*" matches any ending.
  bool has_word(const std::vector<std::string>& words) const;
  /// Captions that hold one of the words.
  Evidence with_word(const std::vector<std::string>& words) const;
  /// All concepts of persons mentioned; "person" where unknown.
  const std::set<std::string>& persons() const { return persons_; }
  bool crowd() const { return crowd_; }
  /// The number of things of this concept (or narrower), 0 unless at least `least` captions agree
  /// and none says otherwise. `evidence` gets the captions that agree.
  int count(const std::string& concept_name, int least, Evidence& evidence) const;
  /// Colours of all phrases of a concept; of clothes too.
  ColorClaim colors(const std::set<std::string>& concepts) const;
  /// Whether all mentions of the concept are single things, one a caption.
  bool unique(const std::string& concept_name) const;

 private:
  void find_entities();
  void add_lone_person(const Evidence& agree);
  void add_named_entities(bool lone_person);
  void add_people();
  void add_entity(Entity entity);  ///< with its actions and their parts

  std::vector<CaptionFacts> captions_;
  std::set<std::string> persons_;
  bool crowd_ = false;
  std::vector<Entity> entities_;
};

/// Whether people may use one colour word for the other.
bool colors_confusable(const std::string& a, const std::string& b);

/// The action of a relation's subject: "running", "riding a bike"; empty for a mere place.
std::string action_name(const CaptionRelation& relation, const std::vector<NounPhrase>& phrases);

/// Whether `concept_name` is `wider` or lies below it.
bool concept_within(const std::string& concept_name, const std::string& wider);

}  // namespace beholder::data
