#include "scene/answer_evidence.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <unordered_map>
#include <utility>

#include "core/check.hpp"
#include "text/asked_noun.hpp"
#include "text/caption_lexicon.hpp"
#include "text/content_words.hpp"
#include "text/lemmatizer.hpp"
#include "text/value_words.hpp"
#include "text/words.hpp"
#include "vision/color_name.hpp"

namespace beholder::scene {
namespace {

constexpr float kLeastPrior = -14, kLeastWord = -4, kMostWord = 6;
constexpr double kLeastMass = 1e-3, kLeastShare = 0.03, kLeastChance = 0.01;
/// Who asks how many sees some, and detectors miss the small and the hidden.
constexpr double kRaised = 1.15;
/// Fainter things are not counted, and have no colour.
constexpr double kCounted = 0.05, kColored = 0.15;
constexpr std::size_t kMostCounted = 40, kMostKinds = 15;

double logit(double p) { return std::log((p + 0.01) / (1 - p + 0.01)); }

float& at(std::vector<float>& evidence, std::size_t answer, Evidence kind) {
  return evidence[answer * kEvidences + static_cast<std::size_t>(kind)];
}

/// The name of vision::color_name that a word stands for.
std::optional<std::size_t> color_of(const std::string& word) {
  static const std::unordered_map<std::string, std::string> kNear = {
      {"tan", "brown"},     {"beige", "brown"}, {"silver", "gray"}, {"gold", "yellow"},
      {"golden", "yellow"}, {"maroon", "red"},  {"navy", "blue"},   {"teal", "cyan"}};
  const text::ValueWords* value = text::words_for(word);
  std::string name = value != nullptr && value->attribute == "color" ? value->value() : word;
  if (const auto near = kNear.find(name); near != kNear.end()) name = near->second;
  const auto found = std::find(kPhotoColors.begin(), kPhotoColors.end(), name);
  if (found == kPhotoColors.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kPhotoColors.begin());
}

int number_of(const std::string& answer) {
  const bool digits = !answer.empty() && answer.size() < 4 &&
                      std::all_of(answer.begin(), answer.end(),
                                  [](unsigned char c) { return c >= '0' && c <= '9'; });
  return digits ? std::stoi(answer) : -1;
}

/// The number of a kind that are there, each being there or not by itself (a Poisson binomial).
std::vector<double> chances_of(const std::vector<double>& certain) {
  std::vector<double> out = {1};
  for (const double p : certain) {
    out.push_back(0);
    for (std::size_t k = out.size() - 1; k > 0; --k) out[k] = out[k] * (1 - p) + out[k - 1] * p;
    out[0] *= 1 - p;
  }
  return out;
}

}  // namespace

AnswerForm answer_form(const text::AskedFor& asked) {
  switch (asked.kind) {
    case text::QuestionKind::kYesNo: return AnswerForm::kYesNo;
    case text::QuestionKind::kNumber: return AnswerForm::kNumber;
    case text::QuestionKind::kColor: return AnswerForm::kColor;
    case text::QuestionKind::kAlternative: return AnswerForm::kAlternative;
    default: return AnswerForm::kOther;
  }
}

ColorShares color_shares(const vision::Image& photo, const std::array<double, 4>& box) {
  constexpr double kMiddle = 0.8;  // of each side: boxes hold ground at their rims
  constexpr int kSamples = 40;     // along each side
  ColorShares out{};
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < kPhotoColors.size(); ++i) places[kPhotoColors[i]] = i;
  const double wide = (box[2] - box[0]) * kMiddle, high = (box[3] - box[1]) * kMiddle;
  const double left = (box[0] + box[2] - wide) / 2, top = (box[1] + box[3] - high) / 2;
  for (int row = 0; row < kSamples; ++row)
    for (int column = 0; column < kSamples; ++column) {
      const auto place = [](double share, int side) {
        return std::clamp(static_cast<int>(share * side), 0, side - 1);
      };
      const int x = place(left + wide * (column + 0.5) / kSamples, photo.width);
      const int y = place(top + high * (row + 0.5) / kSamples, photo.height);
      const auto* rgb = &photo.rgb[(static_cast<std::size_t>(y) * photo.width + x) * 3];
      out[places.at(vision::color_name({rgb[0], rgb[1], rgb[2]}))] += 1.0 / (kSamples * kSamples);
    }
  return out;
}

AnswerEvidence::AnswerEvidence(const std::vector<std::string>& answers,
                               const std::vector<std::string>& words, const text::NameTree& tree,
                               UsualPhoto usual)
    : tree_(tree), usual_(std::move(usual)) {
  check(usual_.classes.size() == text::NameTree::kClasses &&
            usual_.colors.size() == kPhotoColors.size(),
        ErrorCode::kInternal, "a usual photo has every class and colour");
  std::unordered_map<std::string, int> places;
  for (const std::string& word : words) places.emplace(word, static_cast<int>(places.size()));
  for (const std::string& answer : answers) {
    Candidate one;
    one.number = number_of(answer);
    const std::vector<std::string> said = text::lower_case_words(answer);
    for (const std::string& word : said)
      if (const auto color = color_of(word)) one.colors.push_back(*color);
    const bool thing = one.number < 0 && one.colors.empty() && answer != "yes" && answer != "no";
    if (thing && !said.empty()) {
      for (const std::string& word : {text::concept_of(said.back()), answer})
        if (const auto known = places.find(word); known != places.end()) one.word = known->second;
      one.things = things_named(answer);
      if (one.things.empty() && said.size() > 1) one.things = things_named(said.back());
      auto senses = tree_.senses(answer);
      if (senses.empty()) senses = tree_.senses(said.back());
      const bool none = std::all_of(senses.begin(), senses.end(), [&](std::size_t sense) {
        return tree_.classes_under(sense) == 0;
      });
      for (std::size_t which = 0; which < text::NameTree::kClasses && !none; ++which)
        if (tree_.is_any(tree_.of_class(which), senses)) {
          one.classes.push_back(which);
          one.usual_mass += usual_.classes[which];
        }
    }
    candidates_.push_back(std::move(one));
  }
}

AnswerEvidence::Kinds AnswerEvidence::things_named(const std::string& noun) const {
  const auto& objects = tree_.objects();
  const text::CaptionLexicon& lexicon = text::CaptionLexicon::instance();
  for (const std::string& name : {noun, text::singular(noun), text::concept_of(noun)})
    if (objects.count(name) > 0) return {name};
  if (const text::NounForm* form = lexicon.noun(noun);
      form != nullptr && form->kind == text::NounKind::kPerson)
    return {"person"};
  Kinds out;
  const auto senses = tree_.senses(noun);
  for (const auto& [name, meaning] : objects)
    if (tree_.is_any(meaning, senses)) out.insert(name);
  return out.size() <= kMostKinds ? out : Kinds{};
}

AnswerEvidence::Kinds AnswerEvidence::things_asked(std::string_view question) const {
  const std::vector<std::string> words = text::asked_noun(question);
  if (words.size() > 1)
    if (Kinds both = things_named(words[1] + " " + words[0]); !both.empty()) return both;
  for (const std::string& word : words)
    if (Kinds found = things_named(word); !found.empty()) return found;
  return {};
}

bool AnswerEvidence::wants_things(const text::AskedFor& asked, std::string_view question) const {
  switch (answer_form(asked)) {
    case AnswerForm::kYesNo: return false;
    case AnswerForm::kNumber:
    case AnswerForm::kColor: return !things_asked(question).empty();
    default: return true;
  }
}

std::vector<float> AnswerEvidence::of(const text::AskedFor& asked, std::string_view question,
                                      const std::vector<float>& prior,
                                      const PhotoFacts& facts) const {
  check(prior.size() == candidates_.size(), ErrorCode::kInternal, prior.size(), " priors of ",
        candidates_.size(), " answers");
  std::vector<float> out(candidates_.size() * kEvidences);
  for (std::size_t i = 0; i < candidates_.size(); ++i)
    at(out, i, Evidence::kPrior) = std::max(prior[i], kLeastPrior);
  const AnswerForm form = answer_form(asked);
  if (form == AnswerForm::kNumber)
    add_counts(things_asked(question), facts, out);
  else if (form == AnswerForm::kColor)
    add_colors(things_asked(question), facts, out);
  if (form == AnswerForm::kYesNo || form == AnswerForm::kNumber) return out;
  add_words(facts, out);
  add_things(facts, out);
  add_names(facts, out);
  return out;
}

void AnswerEvidence::add_words(const PhotoFacts& facts, std::vector<float>& out) const {
  for (std::size_t i = 0; i < candidates_.size(); ++i)
    if (candidates_[i].word >= 0)
      at(out, i, Evidence::kWord) =
          std::clamp(facts.words.at(candidates_[i].word), kLeastWord, kMostWord);
}

void AnswerEvidence::add_things(const PhotoFacts& facts, std::vector<float>& out) const {
  std::map<std::string, double> best;
  for (const Object& thing : facts.things)
    best[thing.name] = std::max(best[thing.name], thing.confidence);
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    if (candidates_[i].things.empty()) continue;
    double most = 0;
    for (const std::string& name : candidates_[i].things)
      if (const auto seen = best.find(name); seen != best.end())
        most = std::max(most, seen->second);
    at(out, i, Evidence::kSeen) = static_cast<float>(logit(most));
    at(out, i, Evidence::kSeeable) = 1;
  }
}

void AnswerEvidence::add_names(const PhotoFacts& facts, std::vector<float>& out) const {
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    const Candidate& one = candidates_[i];
    if (one.classes.empty()) continue;
    double mass = 0;
    for (const std::size_t which : one.classes) mass += facts.classes.at(which);
    at(out, i, Evidence::kNamed) =
        static_cast<float>(std::log((mass + kLeastMass) / (one.usual_mass + kLeastMass)));
  }
}

void AnswerEvidence::add_counts(const Kinds& kinds, const PhotoFacts& facts,
                                std::vector<float>& out) const {
  if (kinds.empty()) return;
  std::vector<double> certain;
  for (const Object& thing : facts.things)
    if (kinds.count(thing.name) > 0 && thing.confidence > kCounted && certain.size() < kMostCounted)
      certain.push_back(thing.confidence);
  const double expected = kRaised * std::accumulate(certain.begin(), certain.end(), 0.0);
  const std::vector<double> chances = chances_of(certain);
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    const int number = candidates_[i].number;
    if (number < 0) continue;
    const auto place = static_cast<std::size_t>(number);
    const double chance = place < chances.size() ? chances[place] : 0;
    at(out, i, Evidence::kCountLikely) = static_cast<float>(std::log(chance + kLeastChance));
    at(out, i, Evidence::kCountNear) =
        static_cast<float>(-std::abs(std::log((number + 0.5) / (expected + 0.5))));
    if (number == 0) at(out, i, Evidence::kCountNone) = 1;
  }
}

void AnswerEvidence::add_colors(const Kinds& kinds, const PhotoFacts& facts,
                                std::vector<float>& out) const {
  check(facts.photo != nullptr, ErrorCode::kInternal, "colours are read from a photo");
  const Object* best = nullptr;
  double most = 0;
  for (const Object& thing : facts.things) {
    const Box& box = thing.box;
    const double weight = thing.confidence * (box.right - box.left) * (box.bottom - box.top);
    if (kinds.count(thing.name) == 0 || thing.confidence <= kColored || weight <= most) continue;
    best = &thing;
    most = weight;
  }
  std::array<double, 4> part = {0, 0, 1, 1};
  if (best != nullptr)
    part = {best->box.left / facts.width, best->box.top / facts.height,
            best->box.right / facts.width, best->box.bottom / facts.height};
  const ColorShares shares = color_shares(*facts.photo, part);
  const Evidence kind = best != nullptr ? Evidence::kColorOfThing : Evidence::kColorOfPhoto;
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    double sum = 0;
    for (const std::size_t color : candidates_[i].colors)
      sum += std::log((shares[color] + kLeastShare) / (usual_.colors[color] + kLeastShare));
    if (!candidates_[i].colors.empty())
      at(out, i, kind) =
          static_cast<float>(sum / static_cast<double>(candidates_[i].colors.size()));
  }
}

}  // namespace beholder::scene
