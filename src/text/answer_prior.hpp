// What people answer to a question whose picture nobody has seen.
#pragma once

#include <ATen/ATen.h>

#include <string>
#include <vector>

#include "nn/embedding.hpp"
#include "nn/linear.hpp"

namespace beholder::text {

/// A language prior: a bag of the question's n-grams, each with a vector, summed, rectified, and
/// read by a linear classifier over a list of answers. How far such priors go without a picture,
/// and why answers need to be held against one, is what VQA v2 was made to show (Goyal et al.
/// 2017).
class AnswerPrior {
 public:
  /// @param width of an n-gram's vector
  AnswerPrior(nn::ParameterSource& source, const std::string& name, std::int64_t ngrams,
              std::int64_t width, std::int64_t answers);

  /// @param questions Q lists of n-grams (`NGramVocabulary::ids`), each maybe empty
  /// @param dropout of the summed vectors, for training
  /// @return (Q, A) logits
  at::Tensor forward(const std::vector<std::vector<std::int64_t>>& questions,
                     double dropout = 0) const;

 private:
  nn::Embedding table_;
  at::Tensor bias_;  // of the sum, (width)
  nn::Linear output_;
};

}  // namespace beholder::text
