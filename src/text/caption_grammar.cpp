#include "text/caption_grammar.hpp"

#include <algorithm>
#include <initializer_list>

#include "text/caption_lexicon.hpp"

namespace beholder::text {

namespace {

bool one_of(const std::string& word, std::initializer_list<std::string_view> options) {
  return std::find(options.begin(), options.end(), word) != options.end();
}

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
      if (const int phrase = noun_phrase(); phrase >= 0) {
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

  /// Parses a noun phrase at `at_` and moves past it; -1 and no move when there is none.
  int noun_phrase() {
    std::size_t i = at_;
    NounPhrase phrase;
    bool started = false;
    bool quantity_unknown = false;
    for (; i < size(); ++i) {
      const std::string& word = facts_.words[i];
      if (one_of(word, {"no", "without"})) {
        phrase.real = false;
      } else if (lexicon_.is_determiner(word)) {
        if (one_of(word, {"another", "other", "others"})) phrase.other = true;
        if (one_of(word, {"some", "several", "many", "few", "all", "both"}))
          quantity_unknown = true;
      } else if (lexicon_.number(word) > 0) {
        phrase.count = lexicon_.number(word);
      } else {
        break;
      }
      started = true;
    }
    const NounForm* head = nullptr;
    std::size_t head_at = i;
    bool unknown_head = false;
    for (; i < size(); ++i) {
      const std::string& word = facts_.words[i];
      if (word == "'s" && head != nullptr) {  // "the man's face": only the face matters
        head = nullptr;
        phrase.colors.clear();
        phrase.color_exact = true;
        phrase.count = 0;
        continue;
      }
      const NounForm* noun = lexicon_.noun(word);
      if (noun != nullptr && !is_head_verb(i, head)) {
        head = noun;
        head_at = i;
        unknown_head = false;
        continue;
      }
      if (head != nullptr) {
        // A modifier after a known noun goes on only when a noun still follows ("dog with" stops).
        const NounForm* next = lexicon_.noun(word_at(i + 1));
        const bool modifies = lexicon_.is_adjective(word) && !lexicon_.is_preposition(word) &&
                              next != nullptr && head->kind != NounKind::kPerson &&
                              head->kind != NounKind::kAnimal;
        if (modifies) continue;
        break;
      }
      if (const std::string_view color = lexicon_.color(word); !color.empty()) {
        phrase.colors.emplace_back(color);
        started = true;
      } else if (one_of(word, {"fake", "stuffed", "toy", "plastic", "painted", "statue"})) {
        if (word != "plastic" && word != "painted") phrase.real = false;
        started = true;
      } else if (lexicon_.is_adjective(word)) {
        if (one_of(word, {"dark", "light", "striped", "plaid", "spotted", "multicolored", "bright",
                          "multi-colored", "colorful", "colored", "checkered", "floral", "brightly",
                          "colourful", "haired", "skinned", "hooded"}))
          phrase.color_exact = false;
        if (one_of(word, {"haired", "skinned"})) phrase.colors.clear();
        started = true;
      } else if (one_of(word, {"and", "&", ","}) && !phrase.colors.empty() &&
                 !lexicon_.color(word_at(i + 1)).empty()) {
        continue;  // "black and white dog"
      } else if (word == "," && started &&
                 (lexicon_.is_adjective(word_at(i + 1)) ||
                  !lexicon_.color(word_at(i + 1)).empty())) {
        continue;  // "a small , brown dog"
      } else if (started && !lexicon_.is_stop(word) && lexicon_.verb(word) == nullptr) {
        if (unknown_head && !lexicon_.noun(word_at(i + 1))) break;
        unknown_head = true;  // an unknown modifier or head
        head_at = i;
      } else if (started && modifier_participle(i)) {
        continue;  // "a running dog"
      } else {
        break;
      }
    }
    if (head == nullptr && !unknown_head) {
      if (i == at_ || !started) return -1;
      if (i > at_) {
        // A determiner without a noun: "the other", "both".
        if (!phrase.other && phrase.count == 0) return -1;
        at_ = i;
        facts_.phrases.push_back(std::move(phrase));
        return static_cast<int>(facts_.phrases.size()) - 1;
      }
    }
    if (head != nullptr) {
      phrase.noun = head->concept_name;
      phrase.plural = head->plural;
      if (phrase.count == 0 && !head->plural && !head->mass && !quantity_unknown) phrase.count = 1;
      if (phrase.count > 1 && !head->plural) phrase.count = 0;
      if (one_of(facts_.words[head_at], {"couple", "trio", "couples"}) ||
          head->kind == NounKind::kCollective) {
        phrase.count = 0;
        phrase.plural = true;
      }
    }
    at_ = head_at + 1;
    if (word_at(at_) == "of" && head_of_other(facts_.words[head_at], head)) {
      const std::string head_word = facts_.words[head_at];
      const std::size_t saved = at_;
      ++at_;
      const int inner = noun_phrase();
      if (inner >= 0) {
        NounPhrase& whole = facts_.phrases[inner];
        if (one_of(head_word, {"statue", "picture", "painting", "photo", "sculpture", "poster",
                               "drawing", "mural", "photograph"}))
          whole.real = false;
        if (whole.plural && head_word != "pair") whole.count = 0;
        whole.real = whole.real && phrase.real;
        return inner;
      }
      at_ = saved;
    }
    facts_.phrases.push_back(std::move(phrase));
    return static_cast<int>(facts_.phrases.size()) - 1;
  }

  /// "group of people", "edge of the water": the second noun is what is there.
  static bool head_of_other(const std::string& word, const NounForm* head) {
    if (head != nullptr && head->kind == NounKind::kCollective) return true;
    return one_of(word,
                  {"couple",  "pair",    "group",      "set",      "lot",     "lots",      "number",
                   "bunch",   "line",    "row",        "pile",     "body",    "piece",     "edge",
                   "top",     "side",    "middle",     "end",      "front",   "pack",      "herd",
                   "flock",   "statue",  "picture",    "painting", "photo",   "sculpture", "poster",
                   "drawing", "mural",   "photograph", "back",     "bottom",  "types",     "kind",
                   "type",    "handful", "patch",      "flight",   "stack",   "variety",   "trio",
                   "base",    "center",  "corner",     "part",     "stretch", "glass",     "cup"});
  }

  /// Whether the noun-like word at `i` is the verb of `head` ("a boy slides").
  bool is_head_verb(std::size_t i, const NounForm* head) const {
    const NounForm* noun = lexicon_.noun(word_at(i));
    if (!noun->also_verb || lexicon_.verb(word_at(i)) == nullptr) return false;
    if (head == nullptr && i == at_) return last_ == Last::kPhrase && animate(last_phrase_);
    return head != nullptr && (head->kind == NounKind::kPerson || head->kind == NounKind::kAnimal);
  }

  /// "a running dog": a participle between a determiner or adjective and a noun.
  bool modifier_participle(std::size_t i) const {
    const VerbForm* verb = lexicon_.verb(word_at(i));
    if (verb == nullptr || verb->base || verb->finite) return false;
    const std::string& next = word_at(i + 1);
    return lexicon_.noun(next) != nullptr && !lexicon_.is_determiner(next) &&
           lexicon_.kind(lexicon_.noun(next)->concept_name) != NounKind::kClothing;
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
