// From what a search says of a description's words to a confidence that means what it says.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "beholder/types.hpp"
#include "generation/generation.hpp"
#include "text/output_vocabulary.hpp"

namespace beholder::models {

/// Numbers of `word_evidence` for each content word.
constexpr std::size_t kWordFeatures = 20;
using WordFeatures = std::array<double, kWordFeatures>;

/// Of the features, the first so many compare hypotheses, and say nothing where there are too few.
constexpr std::size_t kAgreementFeatures = 4;
constexpr std::size_t kAgreeing = 5;  ///< hypotheses that it takes

/// A logistic regression on a word's features.
struct WordModel {
  WordFeatures weights{};
  double offset = 0;
};

/// How the words of descriptions get their probabilities, and when a description is withheld.
struct DescriptionCalibration {
  WordModel search;           ///< of `kAgreeing` hypotheses or more
  WordModel alone;            ///< of fewer: its weights of agreement are 0
  double min_confidence = 0;  ///< below it the text is `kUnsure`
};

/// A hypothesis as words.
struct Wording {
  std::vector<std::string> words;         ///< pieces joined; punctuation marks are words, too
  std::vector<double> log_probabilities;  ///< of each word's pieces together
  std::vector<std::int64_t> rarity;       ///< place of each word's first piece in the vocabulary
  double log_probability = 0;             ///< of all tokens and the end
};
Wording wording_of(const text::OutputVocabulary& vocabulary,
                   const generation::Hypothesis& hypothesis);

/// What is known of one content word.
struct WordEvidence {
  std::string word;
  WordFeatures features{};
};

/// The content words of `text` (`text::is_content_word`), in order. The features: 0 share of the
/// hypotheses that have the word's concept; 1 the same, weighed by their probabilities; 2 mean of 0
/// over the text's words; 3 the least of them; 4 log-probability of the word, -8 to 0; 5 mean
/// log-probability of the text, a word; 6 place in the text, 0 to 1; 7 logarithm of the word's
/// rarity; 8 the picture's novelty times 5; 9 the novelty; 10 to 12 whether it is a verb, a colour
/// or adjective, a number; 13 on a noun of each `text::NounKind`.
/// @param all hypotheses of the search, `text` among them  @param novelty see models/confidence.hpp
std::vector<WordEvidence> word_evidence(const Wording& text, const std::vector<Wording>& all,
                                        double novelty);

/// Probability that the word is supported, 0 to 1.
double word_probability(const WordFeatures& features, const WordModel& model);

/// A text with the geometric mean of its tokens' probabilities, which is its confidence where
/// nothing is known of how often such words are right.
Description plain_description(const std::string& text, const generation::Hypothesis& hypothesis);

/// A description with what its confidence hangs on.
struct Written {
  Description description;
  std::vector<WordEvidence> evidence;
  std::size_t hypotheses = 0;  ///< that it was compared with, itself among them
};

/// The share of its content words that a description can be expected to have supported: the mean of
/// their probabilities. 0 without words: it says nothing.
double mean_probability(const std::vector<DescribedWord>& words);

/// Sets `words` and `confidence`, without the threshold.
/// @param familiar the picture is a photo like those trained on; otherwise half of each probability
void set_confidence(const Written& written, const DescriptionCalibration& calibration,
                    bool familiar, Description& out);

/// Withholds the texts of descriptions below the threshold; those that are given come first.
/// @param threshold 0..1  @param familiar false: none is given, whatever its confidence
void withhold(std::vector<Description>& list, double threshold, bool familiar);

}  // namespace beholder::models
