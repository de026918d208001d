#include "models/native/description_check.hpp"

#include <algorithm>
#include <cmath>

#include "core/logistic.hpp"
#include "models/description_confidence.hpp"
#include "scene/caption_relations.hpp"
#include "text/caption_lexicon.hpp"

namespace beholder::models::native {
namespace {

// Fit on 656 words of descriptions of 156 COCO and 250 Flickr8k dev photos; docs/training.md.
constexpr double kOwn = 0.533, kDetector = 0.300, kOffset = -0.306;
constexpr double kUnseen = 0.02;  // confidence of what the detector does not find
constexpr double kLeast = 0.001;  // probabilities are kept off 0 and 1 by this much

}  // namespace

void hold_against(const std::vector<std::string>& names, const std::vector<Object>& seen,
                  Description& description) {
  for (DescribedWord& word : description.words) {
    const text::NounForm* noun = text::CaptionLexicon::instance().noun(word.word);
    if (noun == nullptr) continue;
    bool known = false;
    double most = kUnseen;
    for (const std::string& kind : scene::kinds_meant(noun->concept_name)) {
      known = known || std::find(names.begin(), names.end(), kind) != names.end();
      for (const Object& object : seen)
        if (object.name == kind) most = std::max(most, object.confidence);
    }
    if (!known) continue;
    const double z =
        kOwn * logit(word.probability, kLeast) + kDetector * logit(most, kLeast) + kOffset;
    word.probability = sigmoid(z);
  }
  description.confidence = mean_probability(description.words);
}

}  // namespace beholder::models::native
