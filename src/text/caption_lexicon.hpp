// The words of everyday picture captions: nouns with their concepts, verbs, colours, numbers.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace beholder::text {

enum class NounKind { kPerson, kAnimal, kObject, kClothing, kPlace, kBody, kCollective };

/// One written form of a noun.
struct NounForm {
  std::string concept_name;  ///< the word that questions use: "guys" → "man"
  NounKind kind = NounKind::kObject;
  bool plural = false;
  bool mass = false;       ///< takes no article and no number: "water"
  bool also_verb = false;  ///< "slide", "wave": a verb when it follows a person or an animal
};

/// One written form of a verb.
struct VerbForm {
  std::string ing;      ///< "running", the name of the action
  bool base = false;    ///< "run": a verb only after a plural subject
  bool finite = false;  ///< "runs"
};

/// Word classes by lower-case written form.
class CaptionLexicon {
 public:
  static const CaptionLexicon& instance();

  const NounForm* noun(const std::string& word) const;
  const VerbForm* verb(const std::string& word) const;
  /// The basic colour ("grey" → "gray"), or empty.
  std::string_view color(const std::string& word) const;
  /// 1…10 for a number word or digit, else 0.
  int number(const std::string& word) const;
  bool is_preposition(const std::string& word) const { return is_in(word, kPreposition); }
  bool is_determiner(const std::string& word) const { return is_in(word, kDeterminer); }
  bool is_adjective(const std::string& word) const { return is_in(word, kAdjective); }
  /// Function words and others that never stand inside a noun phrase.
  bool is_stop(const std::string& word) const { return is_in(word, kStop | kPreposition); }

  /// Whether one of the two concepts contains the other: dog–animal, boy–child–person.
  bool related(const std::string& a, const std::string& b) const;
  /// The wider concept, or empty.
  std::string parent(const std::string& concept_name) const;
  NounKind kind(const std::string& concept_name) const;
  bool mass(const std::string& concept_name) const;
  std::string plural(const std::string& concept_name) const;

 private:
  enum WordClass { kPreposition = 1, kDeterminer = 2, kAdjective = 4, kStop = 8 };

  CaptionLexicon();
  bool is_in(const std::string& word, int classes) const;

  std::unordered_map<std::string, NounForm> nouns_;
  std::unordered_map<std::string, VerbForm> verbs_;
  std::unordered_map<std::string, std::string> colors_;
  std::unordered_map<std::string, int> classes_;
  struct Concept {
    std::string parent, plural;
    NounKind kind;
    bool mass;
  };
  std::unordered_map<std::string, Concept> concepts_;
};

/// Lower-case words of a caption; punctuation marks are words of their own; "'s" is cut off.
std::vector<std::string> caption_words(std::string_view caption);

}  // namespace beholder::text
