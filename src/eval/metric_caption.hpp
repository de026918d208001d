// Caption metrics: BLEU-1 … 4 and CIDEr-D on PTB-like tokens.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace beholder::eval {

using Tokens = std::vector<std::string>;

/// A caption as the COCO caption evaluation has it: lower case, split as the Penn Treebank does
/// ("isn't" → "is n't", "dog's" → "dog 's", "cannot" → "can not"; "t-shirt", "3:30", "1,000" and
/// "mr." stay whole), then the punctuation tokens of its list left out. Brackets stay as "-lrb-",
/// "-rrb-", which that list misses in lower case. Rare cases of Stanford's tokenizer are left out.
Tokens caption_tokens(std::string_view caption);

/// Corpus BLEU-1 … BLEU-4, each 0 to 1 (Papineni et al. 2002): n-gram counts clipped by the
/// largest of the references, summed over all pictures; the length penalty takes for each
/// picture the reference closest in length (of two the shorter). Smoothed by the 1e-15 and 1e-9 of
/// pycocoevalcap's bleu_scorer.py, whose figures these are.
/// @throws Error kDataFormat on no pictures, another number of reference lists, a picture without
/// references (naming the row, from 1).
std::array<double, 4> corpus_bleu(const std::vector<Tokens>& captions,
                                  const std::vector<std::vector<Tokens>>& references);

struct Cider {
  double mean = 0;
  std::vector<double> per_picture;
};

/// CIDEr-D (Vedantam et al. 2015; pycocoevalcap's cider_scorer.py), 0 to 10, where 1.0 is what
/// papers print as 100: n-grams of 1 to 4, length penalty with sigma 6, document frequencies from
/// `references`. With a single picture every weight is log(1) = 0, and so is the score.
/// @throws Error as `corpus_bleu`.
Cider cider_d(const std::vector<Tokens>& captions,
              const std::vector<std::vector<Tokens>>& references);

/// CIDEr-D of one caption at a time against fixed references, for rewards while training.
/// The same figures as `cider_d` with these references.
class CiderScorer {
 public:
  /// @throws Error as `corpus_bleu`.
  explicit CiderScorer(std::vector<std::vector<Tokens>> references);

  /// @param row of the references, from 0
  double score(std::size_t row, const Tokens& caption) const;

 private:
  std::vector<std::vector<Tokens>> references_;
  std::array<std::unordered_map<std::string, double>, 4> frequency_;  // documents with an n-gram
  double log_pictures_ = 0;
};

}  // namespace beholder::eval
