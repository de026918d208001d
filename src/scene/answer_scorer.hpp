// Answers to everyday questions about photos: what people usually answer, held against what the
// photo shows.
#pragma once

#include <ATen/ATen.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "beholder/types.hpp"
#include "io/safetensors.hpp"
#include "nn/linear.hpp"
#include "scene/answer_evidence.hpp"
#include "text/answer_prior.hpp"
#include "text/name_tree.hpp"
#include "text/question_ngrams.hpp"

namespace beholder::scene {

/// How a kind of answer becomes a confidence: sigmoid(offset + slope · logit(p)).
struct AnswerCalibration {
  double slope = 1, offset = 0;
  double min_confidence = 0.5;  ///< less certain answers are withheld
};

/// A score is a weighted sum of evidence; probabilities are the softmax over all answers that fit
/// the question.
using EvidenceWeights = std::array<std::array<double, kEvidences>, kAnswerForms>;

/// What answer_scorer.json holds.
struct AnswerScorerConfig {
  std::int64_t width = 128;          ///< of an n-gram's vector
  std::int64_t picture_size = 0;     ///< of a photo's vector
  std::vector<std::string> answers;  ///< in the form of VQA's normalisation
  std::vector<std::string> ngrams;   ///< of questions, see text::question_ngrams
  std::vector<std::string> words;    ///< concepts that photos are scored by
  UsualPhoto usual;
  EvidenceWeights weights{};
  AnswerCalibration yes_no, number, other;

  const AnswerCalibration& calibration(std::string_view answer) const;

  /// @throws Error kFileNotFound, kFileAccess, kModelFormat
  static AnswerScorerConfig load(const std::filesystem::path& path);
  std::string to_json() const;
};

/// The language prior, and what gives a photo's unit features standardised scores of words.
text::AnswerPrior answer_prior(nn::ParameterSource& source, const AnswerScorerConfig& config);
nn::Linear photo_words(nn::ParameterSource& source, const AnswerScorerConfig& config);

/// A photo's features scaled to length 1, as `photo_words` takes them.
/// @param pooled (…, C)
at::Tensor unit_features(const at::Tensor& pooled);

/// Everything is made when it is first asked. Any number of threads may ask.
class AnswerScorer {
 public:
  /// Beside the model's other files.
  static constexpr const char* kFileName = "answer_scorer.safetensors";
  static constexpr const char* kListsName = "answer_scorer.json";

  struct Scored {
    std::vector<ScoredAnswer> answers;  ///< likeliest first; empty: none fits the question
    double confidence = 0;              ///< that the first one is right, 0..1
    /// The model's own threshold for such an answer; of one that nothing in the photo speaks for or
    /// against, that of yes and no.
    double min_confidence = 0.5;
    bool familiar = true;  ///< most of the question's words are known
  };

  /// @param folder of the model  @param tree must outlive this
  /// @throws Error kFileNotFound, kFileAccess, kModelFormat
  AnswerScorer(const std::filesystem::path& folder, const text::NameTree& tree);

  /// Its weights alone. @throws Error kFileNotFound, kFileAccess, kModelFormat
  static io::SafetensorsFile open(const std::filesystem::path& folder);

  /// Whether a photo is like those that the model's decoder learned questions about, so that its
  /// answer is the better one. @param pooled (C) mean of the photo's cells
  bool leaves_to_decoder(const at::Tensor& pooled) const;
  /// Whether the photo's objects matter to the answer.
  bool wants_things(std::string_view question) const;
  /// The scores that `PhotoFacts::words` holds. @param pooled (C) mean of a photo's cells
  std::vector<float> words(const at::Tensor& pooled) const;

  /// @param most answers listed  @throws Error kModelFormat for weights that are not finite
  Scored answer(const std::string& question, const PhotoFacts& facts, std::size_t most) const;
  /// The probability of each choice among them all; empty unless every choice is a known answer.
  std::vector<ScoredAnswer> rank(const std::string& question, const PhotoFacts& facts,
                                 const std::vector<std::string>& choices) const;

  /// Makes the networks, so that weights that do not fit are found. @throws Error kModelFormat
  void load() const { parts(); }
  const io::SafetensorsFile& file() const { return file_; }

 private:
  struct Parts;
  /// Of every answer; one that does not fit the question has minus infinity.
  struct Scores {
    std::vector<double> all;
    std::vector<bool> looked_at;  ///< the photo says something for or against the answer
  };
  const Parts& parts() const;
  Scores scores(const std::string& question, const PhotoFacts& facts) const;

  AnswerScorerConfig config_;
  const text::NameTree& tree_;
  io::SafetensorsFile file_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const Parts> parts_;
};

}  // namespace beholder::scene
