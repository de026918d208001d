#include "text/caption_lexicon.hpp"

#include <cctype>
#include <sstream>

#include "text/caption_lexicon_words.hpp"
#include "text/words.hpp"

namespace beholder::text {

namespace {

/// The plural of a noun or the third person of a verb, which English spells alike.
std::string add_s(const std::string& word) {
  if (ends_with(word, "y") && word.size() > 1 &&
      std::string_view("aeiou").find(word[word.size() - 2]) == std::string_view::npos)
    return word.substr(0, word.size() - 1) + "ies";
  for (const char* tail : {"s", "x", "z", "ch", "sh"})
    if (ends_with(word, tail)) return word + "es";
  return word + "s";
}

NounKind kind_named(const std::string& name) {
  if (name == "person") return NounKind::kPerson;
  if (name == "animal") return NounKind::kAnimal;
  if (name == "clothing") return NounKind::kClothing;
  if (name == "place") return NounKind::kPlace;
  if (name == "body") return NounKind::kBody;
  if (name == "collective") return NounKind::kCollective;
  return NounKind::kObject;
}

/// Calls `each(left, right)` for the blank-separated "left:right" items of a table.
template <typename Each>
void for_each_pair(const char* table, Each each) {
  std::istringstream in(table);
  for (std::string item; in >> item;) {
    const std::size_t colon = item.rfind(':');
    each(item.substr(0, colon), item.substr(colon + 1));
  }
}

}  // namespace

const CaptionLexicon& CaptionLexicon::instance() {
  static const CaptionLexicon lexicon;
  return lexicon;
}

CaptionLexicon::CaptionLexicon() {
  std::istringstream lines(words::kNouns);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream in(line);
    std::string kind, concept_name, parent;
    if (!(in >> kind >> concept_name >> parent)) continue;
    for (std::string item; in >> item;) {
      const std::string name = concept_name == "=" ? item : concept_name;
      NounForm form{name, kind_named(kind), false, false, false};
      if (item.front() == '!') {
        form.also_verb = true;
        item.erase(0, 1);
      }
      const std::size_t slash = item.find('/');
      const std::string singular = item.substr(0, slash);
      std::string plural = slash == std::string::npos ? add_s(singular) : item.substr(slash + 1);
      form.mass = plural == "-";
      concepts_.try_emplace(
          name, Concept{parent == "-" ? "" : parent, singular == "-" || form.mass ? name : plural,
                        form.kind, form.mass});
      if (singular != "-") nouns_.try_emplace(singular, form);
      form.plural = true;
      if (!form.mass) nouns_.try_emplace(plural, form);
    }
  }
  for_each_pair(words::kVerbs, [&](std::string base, std::string ing) {
    std::string name = ing;
    if (const std::size_t colon = base.find(':'); colon != std::string::npos) {
      name = base.substr(colon + 1);
      base.resize(colon);
    }
    verbs_[base] = VerbForm{name, true, false};
    verbs_[add_s(base)] = VerbForm{name, false, true};
    verbs_[ing] = VerbForm{name, false, false};
  });
  for_each_pair(words::kColors,
                [&](const std::string& word, const std::string& color) { colors_[word] = color; });
  const auto add_class = [&](const char* table, int word_class) {
    std::istringstream in(table);
    for (std::string word; in >> word;) classes_[word] |= word_class;
  };
  add_class(words::kPrepositions, kPreposition);
  add_class(words::kDeterminers, kDeterminer);
  add_class(words::kAdjectives, kAdjective);
  add_class(words::kStops, kStop);
  // Numbers share the table, above the class bits.
  for_each_pair(words::kNumbers, [&](const std::string& word, const std::string& value) {
    classes_[word] |= std::stoi(value) << 8;
  });
}

const NounForm* CaptionLexicon::noun(const std::string& word) const {
  const auto found = nouns_.find(word);
  return found == nouns_.end() ? nullptr : &found->second;
}

const VerbForm* CaptionLexicon::verb(const std::string& word) const {
  const auto found = verbs_.find(word);
  return found == verbs_.end() ? nullptr : &found->second;
}

std::string_view CaptionLexicon::color(const std::string& word) const {
  const auto found = colors_.find(word);
  return found == colors_.end() ? std::string_view() : std::string_view(found->second);
}

int CaptionLexicon::number(const std::string& word) const {
  const auto found = classes_.find(word);
  return found == classes_.end() ? 0 : found->second >> 8;
}

bool CaptionLexicon::is_in(const std::string& word, int classes) const {
  const auto found = classes_.find(word);
  return found != classes_.end() && (found->second & classes) != 0;
}

std::string CaptionLexicon::parent(const std::string& concept_name) const {
  const auto found = concepts_.find(concept_name);
  return found == concepts_.end() ? std::string() : found->second.parent;
}

bool CaptionLexicon::related(const std::string& a, const std::string& b) const {
  for (std::string up = a; !up.empty(); up = parent(up))
    if (up == b) return true;
  for (std::string up = b; !up.empty(); up = parent(up))
    if (up == a) return true;
  return false;
}

NounKind CaptionLexicon::kind(const std::string& concept_name) const {
  const auto found = concepts_.find(concept_name);
  return found == concepts_.end() ? NounKind::kObject : found->second.kind;
}

bool CaptionLexicon::mass(const std::string& concept_name) const {
  const auto found = concepts_.find(concept_name);
  return found != concepts_.end() && found->second.mass;
}

std::string CaptionLexicon::plural(const std::string& concept_name) const {
  const auto found = concepts_.find(concept_name);
  return found == concepts_.end() ? add_s(concept_name) : found->second.plural;
}

std::vector<std::string> caption_words(std::string_view caption) {
  std::vector<std::string> out;
  bool inside = false;
  for (std::size_t i = 0; i < caption.size(); ++i) {
    const auto c = static_cast<unsigned char>(caption[i]);
    if (std::isalnum(c) || c >= 0x80 || (c == '-' && inside)) {
      if (!inside) out.emplace_back();
      inside = true;
      out.back() += static_cast<char>(std::tolower(c));
    } else {
      if (c == '\'' && i + 1 < caption.size() && (caption[i + 1] == 's' || caption[i + 1] == 'S') &&
          (i + 2 >= caption.size() || !std::isalnum(static_cast<unsigned char>(caption[i + 2])))) {
        out.emplace_back("'s");
        ++i;
      } else if (!std::isspace(c)) {
        out.emplace_back(1, static_cast<char>(c));
      }
      inside = false;
    }
  }
  // Compounds whose last word alone would mislead.
  static const std::unordered_map<std::string, std::string> compounds = {
      {"bathing suit", "swimsuit"},   {"bathing suits", "swimsuits"},
      {"swim suit", "swimsuit"},      {"swim suits", "swimsuits"},
      {"wet suit", "wetsuit"},        {"wet suits", "wetsuits"},
      {"tank top", "shirt"},          {"tank tops", "shirts"},
      {"tee shirt", "shirt"},         {"t shirt", "shirt"},
      {"parking lot", "parking_lot"}, {"parking lots", "parking_lots"},
      {"swim trunks", "trunks"},      {"hot dog", "food"},
      {"rocking horse", "toy"}};
  std::vector<std::string> merged;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto found =
        i + 1 < out.size() ? compounds.find(out[i] + " " + out[i + 1]) : compounds.end();
    if (found != compounds.end()) ++i;
    merged.push_back(found != compounds.end() ? found->second : out[i]);
  }
  return merged;
}

}  // namespace beholder::text
