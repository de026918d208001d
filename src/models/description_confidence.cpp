#include "models/description_confidence.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/logistic.hpp"
#include "nn/finite.hpp"
#include "text/caption_lexicon.hpp"
#include "text/content_words.hpp"

namespace beholder::models {
namespace {

constexpr double kLeastLog = -8;
constexpr double kUnfamiliar = 0.5;  // as of answers

std::set<std::string> concepts_of(const Wording& text) {
  std::set<std::string> out;
  for (const std::string& word : text.words)
    if (text::is_content_word(word)) out.insert(text::concept_of(word));
  return out;
}

/// Features 10 to 19.
void set_kind(const std::string& word, WordFeatures& out) {
  const text::CaptionLexicon& lexicon = text::CaptionLexicon::instance();
  if (const text::NounForm* noun = lexicon.noun(word))
    out[13 + static_cast<std::size_t>(noun->kind)] = 1;
  else if (lexicon.verb(word) != nullptr)
    out[10] = 1;
  else if (!lexicon.color(word).empty() || lexicon.is_adjective(word))
    out[11] = 1;
  else if (lexicon.number(word) > 0)
    out[12] = 1;
}

}  // namespace

Wording wording_of(const text::OutputVocabulary& vocabulary,
                   const generation::Hypothesis& hypothesis) {
  Wording out;
  out.log_probability = hypothesis.log_probability;
  for (std::size_t t = 0; t < hypothesis.tokens.size(); ++t) {
    const std::string& token = vocabulary.token(hypothesis.tokens[t]);
    if (token.rfind("##", 0) == 0 && !out.words.empty()) {
      out.words.back() += token.substr(2);
      out.log_probabilities.back() += hypothesis.token_log_probabilities[t];
      continue;
    }
    out.words.push_back(token);
    out.log_probabilities.push_back(hypothesis.token_log_probabilities[t]);
    out.rarity.push_back(hypothesis.tokens[t]);
  }
  return out;
}

std::vector<WordEvidence> word_evidence(const Wording& text, const std::vector<Wording>& all,
                                        double novelty) {
  std::vector<std::set<std::string>> said;
  std::vector<double> weights;
  double likeliest = -1e300, total = 0;
  for (const Wording& one : all) likeliest = std::max(likeliest, one.log_probability);
  for (const Wording& one : all) {
    said.push_back(concepts_of(one));
    weights.push_back(std::exp(one.log_probability - likeliest));
    total += weights.back();
  }
  std::vector<WordEvidence> out;
  double sum = 0, least = 1;
  for (std::size_t i = 0; i < text.words.size(); ++i) {
    const std::string& word = text.words[i];
    if (!text::is_content_word(word)) continue;
    const std::string what = text::concept_of(word);
    WordEvidence one{word, {}};
    WordFeatures& f = one.features;
    for (std::size_t h = 0; h < said.size(); ++h)
      if (said[h].count(what) > 0) {
        f[0] += 1 / static_cast<double>(said.size());
        f[1] += weights[h] / total;
      }
    sum += f[0];
    least = std::min(least, f[0]);
    f[4] = std::max(kLeastLog, text.log_probabilities[i]);
    f[5] = text.log_probability / static_cast<double>(text.words.size() + 1);
    f[6] = static_cast<double>(i) / static_cast<double>(text.words.size());
    f[7] = std::log(1 + static_cast<double>(text.rarity[i]));
    set_kind(word, f);
    f[8] = novelty * f[5];
    f[9] = novelty;
    out.push_back(std::move(one));
  }
  for (WordEvidence& one : out) {
    one.features[2] = sum / static_cast<double>(out.size());
    one.features[3] = least;
  }
  return out;
}

Description plain_description(const std::string& text, const generation::Hypothesis& hypothesis) {
  Description out;
  out.text = out.guess = text;
  out.confidence = out.probability =
      std::exp(hypothesis.log_probability / static_cast<double>(hypothesis.tokens.size() + 1));
  return out;
}

double word_probability(const WordFeatures& features, const WordModel& model) {
  double sum = model.offset;
  for (std::size_t i = 0; i < features.size(); ++i) sum += model.weights[i] * features[i];
  if (!std::isfinite(sum)) nn::fail_not_finite("confidence of a description");
  return sigmoid(sum);
}

double mean_probability(const std::vector<DescribedWord>& words) {
  double sum = 0;
  for (const DescribedWord& word : words) sum += word.probability;
  return words.empty() ? 0 : sum / static_cast<double>(words.size());
}

void set_confidence(const Written& written, const DescriptionCalibration& calibration,
                    bool familiar, Description& out) {
  const WordModel& model = written.hypotheses >= kAgreeing ? calibration.search : calibration.alone;
  out.words.clear();
  // Nothing is known about how often words are right on other ground: at most half of it.
  for (const WordEvidence& one : written.evidence)
    out.words.push_back(
        {one.word, word_probability(one.features, model) * (familiar ? 1 : kUnfamiliar)});
  out.confidence = mean_probability(out.words);
}

void withhold(std::vector<Description>& list, double threshold, bool familiar) {
  for (Description& one : list) {
    one.abstained = !familiar || one.confidence < threshold;
    if (one.abstained) one.text = kUnsure;
  }
  std::stable_partition(list.begin(), list.end(),
                        [](const Description& one) { return !one.abstained; });
}

}  // namespace beholder::models
