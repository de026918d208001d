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

/// False when the reasoner never saw a content word of the question, or its "why" or "who": then
/// what it says is worthless. True for a model without a list of `known_words`.
bool knows_words(const ReasoningParts& parts, const std::string& question);

/// Writes a program from the question and runs it on the objects that are there rather than not: of
/// the programs that the search finds, on the objects as they were read or with one of them read
/// otherwise, the likeliest that comes to its end. A question about "the red cube" supposes that
/// there is exactly one.
/// @throws Error kQuestionTooLong, kCancelled
Reasoned answer_by_program(const ReasoningParts& parts, const SceneView& view,
                           const std::string& question, const std::atomic<bool>* cancel);

/// Reads the question and the objects that are there rather than not, and says the answer at once.
/// @throws as `answer_by_program`
Found answer_directly(const ReasoningParts& parts, const SceneView& view,
                      const std::string& question, const std::atomic<bool>* cancel);

/// The steps of a program that came to its end, with the objects that each holds; first, when an
/// object was read otherwise, what was supposed.
std::vector<TraceStep> steps_of(const Reasoned& reasoned);

}  // namespace beholder::scene
