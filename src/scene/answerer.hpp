// Answers about scenes: by a program that is run on the objects, and directly.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "beholder/types.hpp"
#include "fusion/reasoner.hpp"
#include "program/executor.hpp"
#include "program/grammar.hpp"
#include "program/lexicon.hpp"
#include "scene/scene_view.hpp"
#include "text/output_vocabulary.hpp"
#include "text/text_encoder.hpp"
#include "text/tokenizer.hpp"

namespace beholder::scene {

/// From this confidence on a program's answer is given without asking for a direct one.
constexpr double kTrustedProgram = 0.5;

/// What is left of the confidence when the question has words that the reasoner never saw.
constexpr double kUnknownWords = 0.1;

/// What questions are reasoned about with.
struct ReasoningParts {
  const text::Tokenizer& tokenizer;
  const text::TextEncoder& text;  ///< for the vectors of its words
  const fusion::Reasoner& reasoner;
  const text::OutputVocabulary& vocabulary;  ///< what the reasoner writes
  const program::Grammar& grammar;           ///< over the same words
  const program::Lexicon& lexicon;           ///< what objects are told by
  double slope, offset;                      ///< of a program's confidence (core/logistic.hpp)
};

/// An answer with how it was found.
struct Found {
  std::vector<ScoredAnswer> answers;  ///< likeliest first; empty: this way gives none
  double confidence = 0;              ///< that the first one is right, 0..1
};

/// A program and what it gave.
struct Reasoned {
  Found found;
  SceneView view;                     ///< the objects that it ran on
  std::optional<TraceStep> supposed;  ///< what was read otherwise there, for the program to end
  program::Program program;
  program::Execution execution;
  bool meant = true;  ///< some program that was tried means what was asked
};

/// What is left of a direct answer's confidence when no program meant what was asked: then the
/// question is none of those that the reasoner was taught.
constexpr double kNoProgramMeans = 0.5;

/// Whether the reasoner was trained on the content words of a question, and on its "why" or "who".
/// What it says to others is no answer. True where the model does not say its words.
bool knows_words(const ReasoningParts& parts, const std::string& question);

/// One way to answer a question about the objects of a picture, of which those count that are there
/// rather than not.
class Answerer {
 public:
  virtual ~Answerer() = default;
  /// @throws Error kQuestionTooLong, kCancelled
  virtual Found answer(const SceneView& view, const std::string& question,
                       const std::atomic<bool>* cancel) const = 0;
};

/// Writes a program from the question and runs it on the objects.
class ProgramAnswerer final : public Answerer {
 public:
  explicit ProgramAnswerer(const ReasoningParts& parts) : parts_(parts) {}
  Found answer(const SceneView& view, const std::string& question,
               const std::atomic<bool>* cancel) const override;
  /// The same with the program: of those that the search finds, on the objects as they were read or
  /// with one of them read otherwise, the likeliest that comes to its end. A question about "the
  /// red cube" supposes that there is exactly one.
  Reasoned reason(const SceneView& view, const std::string& question,
                  const std::atomic<bool>* cancel) const;

 private:
  ReasoningParts parts_;
};

/// Reads question and objects and says the answer at once.
class DirectAnswerer final : public Answerer {
 public:
  explicit DirectAnswerer(const ReasoningParts& parts) : parts_(parts) {}
  Found answer(const SceneView& view, const std::string& question,
               const std::atomic<bool>* cancel) const override;

 private:
  ReasoningParts parts_;
};

/// The steps of a program that came to its end, with the objects that each holds; first, when an
/// object was read otherwise, what was supposed.
std::vector<TraceStep> steps_of(const Reasoned& reasoned);

}  // namespace beholder::scene
