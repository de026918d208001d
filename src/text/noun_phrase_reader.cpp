#include "text/noun_phrase_reader.hpp"

#include "text/caption_lexicon.hpp"
#include "text/words.hpp"

namespace beholder::text {
namespace {

class Reader {
 public:
  Reader(const std::vector<std::string>& words, bool after_someone,
         std::vector<NounPhrase>& phrases)
      : words_(words), after_someone_(after_someone), phrases_(phrases) {}

  int read(std::size_t& at) {
    Draft draft;
    draft.begin = draft.next = at;
    take_determiners(draft);
    draft.head_at = draft.next;
    while (draft.next < words_.size() && take_noun_or_modifier(draft)) ++draft.next;
    if (draft.head == nullptr && !draft.unknown_head) {
      // A determiner without a noun: "the other", "both".
      if (!draft.started || (!draft.phrase.other && draft.phrase.count == 0)) return -1;
      at = draft.next;
      return added(std::move(draft.phrase));
    }
    if (draft.head != nullptr) settle_number(draft);
    at = draft.head_at + 1;
    const int inner = phrase_after_of(draft, at);
    return inner >= 0 ? inner : added(std::move(draft.phrase));
  }

 private:
  /// A noun phrase as far as it has been read.
  struct Draft {
    NounPhrase phrase;
    std::size_t begin = 0, next = 0;  ///< places of the first and of the next word
    bool started = false;             ///< by a determiner, a number, a colour or an adjective
    bool quantity_unknown = false;    ///< "some", "several"
    const NounForm* head = nullptr;
    bool unknown_head = false;  ///< the head, or a modifier, is a word that the lexicon lacks
    std::size_t head_at = 0;
  };

  const std::string& word_at(std::size_t i) const {
    static const std::string none;
    return i < words_.size() ? words_[i] : none;
  }

  int added(NounPhrase phrase) {
    phrases_.push_back(std::move(phrase));
    return static_cast<int>(phrases_.size()) - 1;
  }

  void take_determiners(Draft& draft) const {
    for (; draft.next < words_.size(); ++draft.next) {
      const std::string& word = words_[draft.next];
      if (one_of(word, {"no", "without"})) {
        draft.phrase.real = false;
      } else if (lexicon_.is_determiner(word)) {
        if (one_of(word, {"another", "other", "others"})) draft.phrase.other = true;
        if (one_of(word, {"some", "several", "many", "few", "all", "both"}))
          draft.quantity_unknown = true;
      } else if (lexicon_.number(word) > 0) {
        draft.phrase.count = lexicon_.number(word);
      } else {
        return;
      }
      draft.started = true;
    }
  }

  /// @return whether the next word belongs to the phrase
  bool take_noun_or_modifier(Draft& draft) const {
    const std::string& word = words_[draft.next];
    if (word == "'s" && draft.head != nullptr) {  // "the man's face": only the face matters
      draft.head = nullptr;
      draft.phrase.colors.clear();
      draft.phrase.color_exact = true;
      draft.phrase.count = 0;
      return true;
    }
    const NounForm* noun = lexicon_.noun(word);
    if (noun != nullptr && !is_head_verb(draft, *noun)) {
      draft.head = noun;
      draft.head_at = draft.next;
      draft.unknown_head = false;
      return true;
    }
    if (draft.head == nullptr) return take_modifier(draft, word);
    // A modifier after a known noun goes on only when a noun still follows ("dog with" stops).
    return lexicon_.is_adjective(word) && !lexicon_.is_preposition(word) &&
           lexicon_.noun(word_at(draft.next + 1)) != nullptr &&
           draft.head->kind != NounKind::kPerson && draft.head->kind != NounKind::kAnimal;
  }

  bool take_modifier(Draft& draft, const std::string& word) const {
    NounPhrase& phrase = draft.phrase;
    const std::string& next = word_at(draft.next + 1);
    const bool color_next = !lexicon_.color(next).empty();
    if (const std::string_view color = lexicon_.color(word); !color.empty()) {
      phrase.colors.emplace_back(color);
    } else if (one_of(word, {"fake", "stuffed", "toy", "plastic", "painted", "statue"})) {
      if (word != "plastic" && word != "painted") phrase.real = false;
    } else if (lexicon_.is_adjective(word)) {
      if (one_of(word, {"dark", "light", "striped", "plaid", "spotted", "multicolored", "bright",
                        "multi-colored", "colorful", "colored", "checkered", "floral", "brightly",
                        "colourful", "haired", "skinned", "hooded"}))
        phrase.color_exact = false;
      if (one_of(word, {"haired", "skinned"})) phrase.colors.clear();
    } else if (one_of(word, {"and", "&", ","}) && !phrase.colors.empty() && color_next) {
      return true;  // "black and white dog"
    } else if (word == "," && draft.started && (lexicon_.is_adjective(next) || color_next)) {
      return true;  // "a small , brown dog"
    } else if (draft.started && !lexicon_.is_stop(word) && lexicon_.verb(word) == nullptr) {
      if (draft.unknown_head && lexicon_.noun(next) == nullptr) return false;
      draft.unknown_head = true;
      draft.head_at = draft.next;
    } else {
      return draft.started && modifier_participle(draft.next);  // "a running dog"
    }
    draft.started = true;
    return true;
  }

  /// Name and number, as the head gives them.
  void settle_number(Draft& draft) const {
    const NounForm& head = *draft.head;
    NounPhrase& phrase = draft.phrase;
    phrase.noun = head.concept_name;
    phrase.plural = head.plural;
    if (phrase.count == 0 && !head.plural && !head.mass && !draft.quantity_unknown)
      phrase.count = 1;
    if (phrase.count > 1 && !head.plural) phrase.count = 0;
    if (one_of(words_[draft.head_at], {"couple", "trio", "couples"}) ||
        head.kind == NounKind::kCollective) {
      phrase.count = 0;
      phrase.plural = true;
    }
  }

  /// The phrase behind the "of" of "a group of dogs", "a statue of a horse"; -1 and no move when
  /// the head stands for itself.
  int phrase_after_of(const Draft& draft, std::size_t& at) {
    const std::string& head = words_[draft.head_at];
    if (word_at(at) != "of" || !head_of_other(head, draft.head)) return -1;
    std::size_t behind = at + 1;
    const int inner = read(behind);
    if (inner < 0) return -1;
    at = behind;
    NounPhrase& whole = phrases_[inner];
    if (one_of(head, {"statue", "picture", "painting", "photo", "sculpture", "poster", "drawing",
                      "mural", "photograph"}))
      whole.real = false;
    if (whole.plural && head != "pair") whole.count = 0;
    whole.real = whole.real && draft.phrase.real;
    return inner;
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

  /// Whether the next word, a noun by its form, is the verb of the head ("a boy slides").
  bool is_head_verb(const Draft& draft, const NounForm& noun) const {
    const std::size_t i = draft.next;
    if (!noun.also_verb || lexicon_.verb(words_[i]) == nullptr) return false;
    if (draft.head == nullptr) return i == draft.begin && after_someone_;
    return draft.head->kind == NounKind::kPerson || draft.head->kind == NounKind::kAnimal;
  }

  /// "a running dog": a participle between a determiner or adjective and a noun.
  bool modifier_participle(std::size_t i) const {
    const VerbForm* verb = lexicon_.verb(word_at(i));
    if (verb == nullptr || verb->base || verb->finite) return false;
    const std::string& next = word_at(i + 1);
    return lexicon_.noun(next) != nullptr && !lexicon_.is_determiner(next) &&
           lexicon_.kind(lexicon_.noun(next)->concept_name) != NounKind::kClothing;
  }

  const CaptionLexicon& lexicon_ = CaptionLexicon::instance();
  const std::vector<std::string>& words_;
  const bool after_someone_;
  std::vector<NounPhrase>& phrases_;
};

}  // namespace

int read_noun_phrase(const std::vector<std::string>& words, std::size_t& at, bool after_someone,
                     std::vector<NounPhrase>& phrases) {
  return Reader(words, after_someone, phrases).read(at);
}

}  // namespace beholder::text
