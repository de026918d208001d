#include "text/caption_grammar.hpp"

#include <initializer_list>

#include "text/caption_lexicon.hpp"
#include "text/noun_phrase_reader.hpp"
#include "text/words.hpp"

namespace beholder::text {

namespace {

bool ends_in_ing(const std::string& word) {
  return word.size() > 5 && word.compare(word.size() - 3, 3, "ing") == 0;
}

/// Reads a caption from left to right, one chunk after the other.
class Parser {
 public:
  explicit Parser(std::string_view caption) { facts_.words = caption_words(caption); }

  CaptionFacts run() {
    while (at_ < size()) {
      const std::string& word = facts_.words[at_];
      if (one_of(word, {"like", "says", "reads", "saying", "called", "named"})) break;
      const bool after_someone = last_ == Last::kPhrase && animate(last_phrase_);
      if (const int phrase = read_noun_phrase(facts_.words, at_, after_someone, facts_.phrases);
          phrase >= 0) {
        take_phrase(phrase);
      } else if (is_verb()) {
        take_verb(word);
        ++at_;
      } else if (lexicon_.is_preposition(word)) {
        take_preposition();
      } else {
        take_other(word);
        ++at_;
      }
    }
    return std::move(facts_);
  }

 private:
  enum class Last { kStart, kPhrase, kVerb, kPreposition, kAnd, kBreak, kBlocked };

  std::size_t size() const { return facts_.words.size(); }
  const std::string& word_at(std::size_t i) const {
    static const std::string none;
    return i < size() ? facts_.words[i] : none;
  }

  bool animate(int phrase) const {
    if (phrase < 0) return false;
    const std::string& noun = facts_.phrases[phrase].noun;
    if (noun.empty()) return false;
    const NounKind kind = lexicon_.kind(noun);
    return kind == NounKind::kPerson || kind == NounKind::kAnimal || kind == NounKind::kCollective;
  }
  bool of_kind(int phrase, NounKind kind) const {
    return phrase >= 0 && !facts_.phrases[phrase].noun.empty() &&
           lexicon_.kind(facts_.phrases[phrase].noun) == kind;
  }

  bool is_verb() const {
    const std::string& word = word_at(at_);
    const VerbForm* verb = lexicon_.verb(word);
    if (verb == nullptr) return ends_in_ing(word);
    if (verb->base) {
      // "two dogs run", "to run": otherwise the form is a noun or a name.
      if (last_ == Last::kBlocked) return true;
      return last_ == Last::kPhrase && animate(last_phrase_) &&
             (facts_.phrases[last_phrase_].plural || subjects_.size() > 1);
    }
    return true;
  }

  void add(const std::string& verb, const std::string& preposition, int object,
           const std::vector<int>& subjects) {
    for (const int subject : subjects)
      facts_.relations.push_back({subject, verb, preposition, object});
  }

  void take_phrase(int phrase) {
    const bool live = animate(phrase);
    const bool clothing = of_kind(phrase, NounKind::kClothing);
    switch (last_) {
      case Last::kPreposition: {
        const std::vector<int> holder =
            last_phrase_ >= 0 && (animate(last_phrase_) || subjects_.empty())
                ? std::vector<int>{last_phrase_}
                : subjects_;
        if (clothing && one_of(preposition_, {"in", "with"})) {
          add("wearing", "", phrase, holder);
          role_ = Role::kClothing;
          clothed_ = holder;
        } else if (of_kind(phrase, NounKind::kBody)) {
          if (preposition_ == "in" && facts_.phrases[phrase].noun == "mouth" && last_phrase_ >= 0)
            add("", "in", phrase, {last_phrase_});
          role_ = Role::kOther;
        } else {
          if (verb_.empty()) {
            add("", preposition_, phrase, holder);
          } else {
            add(verb_, preposition_, phrase, subjects_);
          }
          role_ = live ? Role::kBeside : Role::kOther;
        }
        break;
      }
      case Last::kVerb:
        add(verb_, "", phrase, subjects_);
        role_ = clothing && verb_ == "wearing" ? Role::kClothing : Role::kObject;
        clothed_ = subjects_;
        break;
      case Last::kAnd:
        if (role_ == Role::kClothing && clothing) {
          add("wearing", "", phrase, clothed_);
        } else if (role_ == Role::kSubject && live && verb_.empty()) {
          subjects_.push_back(phrase);
        } else if (live) {
          start_clause(phrase);
        } else {
          role_ = Role::kOther;
        }
        break;
      case Last::kBlocked: role_ = Role::kOther; break;
      case Last::kPhrase: role_ = Role::kOther; break;
      case Last::kStart:
      case Last::kBreak:
        if (live) {
          start_clause(phrase);
        } else {
          role_ = Role::kOther;
          if (last_ == Last::kStart) start_clause(phrase);
        }
        break;
    }
    last_phrase_ = phrase;
    last_ = Last::kPhrase;
  }

  void start_clause(int phrase) {
    subjects_ = {phrase};
    verb_.clear();
    role_ = Role::kSubject;
  }

  void take_verb(const std::string& word) {
    const VerbForm* verb = lexicon_.verb(word);
    if (last_ == Last::kBlocked || (last_ == Last::kPreposition && preposition_ != "while")) {
      verb_.clear();  // "trying to catch", "for riding": not what is happening
      last_ = Last::kBlocked;
      return;
    }
    if (last_ == Last::kPhrase && animate(last_phrase_)) {
      if (role_ == Role::kObject) {
        subjects_ = {last_phrase_};  // "a man watching a dog run"
      } else if (role_ == Role::kBeside) {
        subjects_.clear();  // "a man with a dog running": either of them
      }
    }
    if (verb == nullptr) {
      verb_.clear();
      last_ = Last::kBlocked;
      return;
    }
    verb_ = verb->ing;
    add(verb_, "", -1, subjects_);
    role_ = Role::kOther;
    last_ = Last::kVerb;
  }

  void take_preposition() {
    // Compound prepositions first, as one.
    const auto follows = [&](std::initializer_list<const char*> tail) {
      std::size_t i = at_ + 1;
      for (const char* word : tail)
        if (word_at(i++) != word) return false;
      return true;
    };
    preposition_ = word_at(at_);
    std::size_t length = 1;
    if (preposition_ == "in" && follows({"front", "of"})) {
      preposition_ = "in front of";
      length = 3;
    } else if (preposition_ == "on" && follows({"top", "of"})) {
      length = 3;
    } else if (preposition_ == "in" && follows({"the", "middle", "of"})) {
      length = 4;
    } else if (one_of(preposition_, {"out", "off"}) && follows({"of"})) {
      preposition_ += " of";
      length = 2;
    } else if (preposition_ == "up" && follows({"in"})) {
      preposition_ = "in";
      length = 2;
    } else if (preposition_ == "down" || preposition_ == "up" || preposition_ == "over") {
      // A particle before another preposition says nothing of its own.
      if (lexicon_.is_preposition(word_at(at_ + 1))) {
        ++at_;
        return;
      }
    }
    at_ += length;
    if (last_ == Last::kBlocked) verb_.clear();
    last_ = Last::kPreposition;
  }

  void take_other(const std::string& word) {
    if (word == "next" && word_at(at_ + 1) == "to") {
      preposition_ = "next to";
      ++at_;
      last_ = Last::kPreposition;
    } else if (one_of(word, {"and", "&"})) {
      last_ = Last::kAnd;
    } else if (one_of(word, {"while", "as", "whilst", ",", ";", ".", "but"})) {
      last_ = Last::kBreak;
      if (word != ",") verb_.clear();
    } else if (one_of(word, {"is", "are", "outside", "outdoors", "together", "away", "happily",
                             "very", "fast", "quickly", "just", "both", "back", "who", "that"})) {
      // Leaves the state as it is: "a man is running".
    } else if (word == "dressed") {
      verb_ = "wearing";
      last_ = Last::kBreak;
    } else {
      verb_.clear();
      last_ = one_of(word, {"to", "being", "not", "about"}) ? Last::kBlocked : Last::kBreak;
    }
  }

  enum class Role { kSubject, kObject, kClothing, kBeside, kOther };

  const CaptionLexicon& lexicon_ = CaptionLexicon::instance();
  CaptionFacts facts_;
  std::size_t at_ = 0;
  Last last_ = Last::kStart;
  int last_phrase_ = -1;
  std::vector<int> subjects_;
  std::vector<int> clothed_;
  std::string verb_;
  std::string preposition_;
  Role role_ = Role::kOther;
};

}  // namespace

CaptionFacts parse_caption(std::string_view caption) { return Parser(caption).run(); }

}  // namespace beholder::text
