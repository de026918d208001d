// Self-critical training of captions: samples that score above their siblings become likelier.
#pragma once

#include <ATen/ATen.h>

#include <string>
#include <vector>

#include "eval/metric_caption.hpp"
#include "fusion/fusion_decoder.hpp"
#include "text/output_vocabulary.hpp"

namespace beholder::train {

/// CIDEr-D of token sequences against each picture's captions. The end of a caption counts as a
/// word, so that one that breaks off ("a man in a") loses by it.
class CaptionReward {
 public:
  /// @param captions of each picture; one without captions gives 0 always
  explicit CaptionReward(const std::vector<std::vector<std::string>>& captions);

  double score(std::int64_t picture, const std::string& caption, bool finished) const;

 private:
  std::vector<std::int64_t> rows_;  // of the scorer, -1 where a picture has no captions
  eval::CiderScorer scorer_;
};

/// Result of one self-critical step on a sub-batch.
struct SelfCritical {
  at::Tensor loss;         ///< scalar with a gradient
  double mean_reward = 0;  ///< of the samples, 0 to 10
};

/// Draws `samples` captions a picture and weighs the log-probability of each by its reward minus
/// the mean reward of the picture's other samples (Rennie et al. 2017 with the baseline of Luo
/// 2020), the mean over all tokens.
/// @param memory of P pictures; its graph is followed backward
/// @param pictures the reward's numbers of the P pictures
/// Draws from torch's default generator.
SelfCritical self_critical(const fusion::FusionDecoder& decoder,
                           const fusion::DecoderMemory& memory,
                           const std::vector<std::int64_t>& pictures,
                           const text::OutputVocabulary& vocabulary, const CaptionReward& reward,
                           std::int64_t samples, std::int64_t max_tokens);

}  // namespace beholder::train
