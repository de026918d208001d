#include "scene/name_answerer.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/check.hpp"
#include "core/logistic.hpp"

namespace beholder::scene {
namespace {

using text::NameQuestion;
using text::NameTree;

/// A common kind of several classes is named only if they hold at least this much.
constexpr double kSureMass = 0.7;
/// Wider names say too little.
constexpr std::size_t kMostClasses = 130;
/// What the detector did not see, and rarer names, count as this much.
constexpr double kUnseen = 0.02, kLeastMass = 1e-4, kLeastCoverage = 1e-3, kLeastShare = 1e-3;
constexpr std::size_t kMostAnswers = 5;

/// Technical terms of WordNet that nobody calls a thing by.
const std::set<std::string> kTerms = {"entity",
                                      "physical entity",
                                      "object",
                                      "whole",
                                      "arthropod",
                                      "aquatic vertebrate",
                                      "artifact",
                                      "organism",
                                      "living thing",
                                      "instrumentality",
                                      "chordate",
                                      "vertebrate",
                                      "mammal",
                                      "placental",
                                      "device",
                                      "container",
                                      "covering",
                                      "conveyance",
                                      "commodity",
                                      "consumer goods",
                                      "structure",
                                      "matter",
                                      "equipment",
                                      "implement",
                                      "diapsid",
                                      "self-propelled vehicle",
                                      "instrument",
                                      "substance",
                                      "solid",
                                      "protective covering",
                                      "vessel",
                                      "produce",
                                      "craft",
                                      "natural object",
                                      "reproductive structure",
                                      "plant part",
                                      "plant organ",
                                      "mechanism",
                                      "durables",
                                      "nutriment",
                                      "oscine",
                                      "restraint",
                                      "establishment",
                                      "barrier",
                                      "obstruction",
                                      "abstraction",
                                      "causal agent",
                                      "game equipment",
                                      "carnivore",
                                      "ungulate",
                                      "furnishing",
                                      "wheeled vehicle",
                                      "article",
                                      "domestic animal",
                                      "working dog",
                                      "hunting dog"};

double probability(const NamesConfig::Fit& fit, const std::vector<double>& evidence) {
  return sigmoid(fit.logit(evidence));
}

std::vector<double> softmax(const std::vector<float>& logits, double temperature) {
  check(logits.size() == NameTree::kClasses, ErrorCode::kInternal, logits.size(), " logits of ",
        NameTree::kClasses, " classes");
  check(std::all_of(logits.begin(), logits.end(), [](float one) { return std::isfinite(one); }),
        ErrorCode::kModelFormat, "the classifier's output is not finite; fetch the model again");
  const double largest = *std::max_element(logits.begin(), logits.end());
  std::vector<double> out;
  double total = 0;
  for (const float one : logits) {
    out.push_back(std::exp((one - largest) / temperature));
    total += out.back();
  }
  for (double& one : out) one /= total;
  return out;
}

}  // namespace

NameAnswerer::NameAnswerer(NameTree tree, NamesConfig config)
    : tree_(std::move(tree)), config_(std::move(config)), living_(tree_.senses("organism")) {
  for (const char* food : {"food", "fruit", "vegetable"}) {
    const Meanings more = tree_.senses(food);
    living_.insert(living_.end(), more.begin(), more.end());
  }
  for (std::size_t one = 0; one < tree_.size(); ++one)
    sayable_.push_back(tree_.classes_under(one) > 0 && tree_.classes_under(one) <= kMostClasses &&
                       kTerms.count(tree_.word(one)) == 0);
}

std::vector<double> NameAnswerer::probabilities(const std::vector<float>& logits) const {
  return softmax(logits, config_.temperature);
}

std::optional<NameAnswerer::Named> NameAnswerer::answer(
    const NameQuestion& question, const std::vector<float>& logits,
    const std::function<std::vector<Seen>()>& see) const {
  const Meanings noun = tree_.senses(question.noun);
  if (question.kind != NameQuestion::Kind::kWhatIs && noun.empty()) return std::nullopt;
  const std::vector<double> probabilities = softmax(logits, config_.temperature);
  return question.kind == NameQuestion::Kind::kPresence ? present(noun, probabilities, see)
                                                        : name(noun, probabilities, see);
}

bool NameAnswerer::detector_knows(const Meanings& noun) const {
  return std::any_of(tree_.objects().begin(), tree_.objects().end(),
                     [&](const auto& object) { return tree_.is_any(object.second, noun); });
}

bool NameAnswerer::below(std::size_t meaning, const Meanings& noun) const {
  return noun.empty() || (tree_.is_any(meaning, noun) &&
                          std::find(noun.begin(), noun.end(), meaning) == noun.end());
}

std::optional<NameAnswerer::Named> NameAnswerer::present(
    const Meanings& noun, const std::vector<double>& probabilities,
    const std::function<std::vector<Seen>()>& see) const {
  const double coverage = tree_.coverage(noun);
  const bool seen = detector_knows(noun);
  if (coverage == 0 && !seen) return std::nullopt;
  double best = 0;
  if (seen)
    for (const Seen& one : see()) {
      const auto known = tree_.objects().find(one.name);
      if (known != tree_.objects().end() && tree_.is_any(known->second, noun))
        best = std::max(best, one.confidence);
    }
  const double lifeless = tree_.is_any(noun.front(), living_) ? 0 : 1;
  std::vector<double> evidence;
  if (coverage > 0)
    evidence = {logit(tree_.mass(probabilities, noun), kLeastMass),
                std::log(std::max(coverage, kLeastCoverage)), lifeless};
  if (seen) evidence.push_back(logit(best, kUnseen));
  const double p = probability(!seen          ? config_.present_alone
                               : coverage > 0 ? config_.present_both
                                              : config_.present_seen,
                               evidence);
  Named out{{{"yes", p}, {"no", 1 - p}}, std::max(p, 1 - p)};
  if (p < 0.5) std::swap(out.answers[0], out.answers[1]);
  return out;
}

std::optional<NameAnswerer::Named> NameAnswerer::name(
    const Meanings& noun, const std::vector<double>& probabilities,
    const std::function<std::vector<Seen>()>& see) const {
  const std::vector<std::size_t> classes = classes_below(noun, probabilities);
  double total = 0;
  for (const std::size_t one : classes) total += probabilities[one];
  total = std::max(total, 1e-12);
  const std::vector<double> masses = tree_.masses(probabilities);
  Candidate best = likeliest_class(noun, classes, probabilities, total);
  if (best.answer.probability < config_.min_confidence) try_kinds(noun, masses, total, best);
  // The detector has the last word.
  if (noun.empty() || detector_knows(noun)) try_objects(noun, masses, see(), best);
  if (best.answer.probability < config_.min_confidence) return std::nullopt;
  return with_others(best, classes, probabilities);
}

/// Those asked about, likeliest first.
std::vector<std::size_t> NameAnswerer::classes_below(
    const Meanings& noun, const std::vector<double>& probabilities) const {
  std::vector<std::size_t> classes;
  for (std::size_t one = 0; one < NameTree::kClasses; ++one)
    if (below(tree_.of_class(one), noun)) classes.push_back(one);
  std::sort(classes.begin(), classes.end(), [&](std::size_t a, std::size_t b) {
    return probabilities[a] != probabilities[b] ? probabilities[a] > probabilities[b] : a < b;
  });
  return classes;
}

NameAnswerer::Candidate NameAnswerer::likeliest_class(const Meanings& noun,
                                                      const std::vector<std::size_t>& classes,
                                                      const std::vector<double>& probabilities,
                                                      double total) const {
  if (classes.empty()) return {};
  const double likely = probabilities[classes.front()];
  const double p = noun.empty()
                       ? probability(config_.class_right, {logit(likely, kLeastMass)})
                       : probability(config_.which_right,
                                     {logit(likely / total, kLeastMass), logit(total, kLeastMass)});
  const std::size_t meaning = tree_.of_class(classes.front());
  return {{tree_.word(meaning), p}, meaning};
}

/// The most exact kind that is nearly sure, where it is surer than the class.
void NameAnswerer::try_kinds(const Meanings& noun, const std::vector<double>& masses, double total,
                             Candidate& best) const {
  std::optional<std::size_t> kind;
  for (std::size_t one = 0; one < tree_.size(); ++one) {
    if (!sayable_[one] || tree_.classes_under(one) < 2 || !below(one, noun)) continue;
    if (masses[one] / total < kSureMass) continue;
    const auto exactness = [&](std::size_t at) {
      return std::pair(tree_.classes_under(at), -masses[at]);
    };
    if (!kind || exactness(one) < exactness(*kind)) kind = one;
  }
  if (!kind) return;
  const double p = probability(config_.kind_right, {logit(masses[*kind], kLeastMass)});
  if (p > best.answer.probability) best = {{tree_.word(*kind), p}, kind};
}

/// The detector's main object, where it is surer, and where its plain name is of the same thing.
void NameAnswerer::try_objects(const Meanings& noun, const std::vector<double>& masses,
                               const std::vector<Seen>& seen, Candidate& best) const {
  const Seen* main = nullptr;
  const auto weight = [](const Seen& one) { return one.confidence * std::sqrt(one.share); };
  for (const Seen& one : seen) {
    const auto known = tree_.objects().find(one.name);
    if (known == tree_.objects().end() || !below(known->second, noun)) continue;
    if (main == nullptr || weight(one) > weight(*main)) main = &one;
  }
  if (main == nullptr) return;
  const std::size_t object = tree_.objects().at(main->name);
  const double p =
      probability(config_.object_right,
                  {logit(main->confidence, kUnseen), std::log(std::max(main->share, kLeastShare))});
  const bool same = best.meaning && tree_.is_a(*best.meaning, object);
  if (same && !noun.empty()) {
    const double kind = probability(config_.kind_right, {logit(masses[object], kLeastMass)});
    best = {{main->name, std::max({best.answer.probability, p, kind})}, object};
  } else if (!same && p > best.answer.probability) {
    best = {{main->name, p}, object};
  }
}

/// What is left of the probability lies on the other classes, as the classifier has it.
NameAnswerer::Named NameAnswerer::with_others(const Candidate& best,
                                              const std::vector<std::size_t>& classes,
                                              const std::vector<double>& probabilities) const {
  const double sure = best.answer.probability;
  Named out{{best.answer}, sure};
  double others = 0;
  std::vector<std::size_t> other;
  for (const std::size_t one : classes)
    if (!tree_.is_a(tree_.of_class(one), *best.meaning)) {
      other.push_back(one);
      others += probabilities[one];
    }
  for (const std::size_t one : other) {
    const std::string& word = tree_.word(tree_.of_class(one));
    const double p = (1 - sure) * probabilities[one] / std::max(others, 1e-12);
    // Two classes of one name, as the two cranes, are one answer.
    const auto same = std::find_if(out.answers.begin(), out.answers.end(),
                                   [&](const ScoredAnswer& it) { return it.answer == word; });
    if (same != out.answers.end())
      same->probability += same == out.answers.begin() ? 0 : p;
    else if (out.answers.size() < kMostAnswers)
      out.answers.push_back({word, p});
  }
  return out;
}

}  // namespace beholder::scene
