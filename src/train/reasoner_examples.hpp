// Questions with programs, and the scenes they are about, as the reasoner learns from them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/random.hpp"
#include "program/executor.hpp"
#include "program/program.hpp"

namespace beholder::train {

/// A question about a world of things.
struct ReasonerExample {
  std::string question;
  program::Program program;
  std::string answer;
  program::World world;  ///< without things when the scene is not known
};

/// Reads folders of `questions.jsonl` and `scenes.jsonl` (each plain or with ".gz"), as `beholder
/// world render` and CLEVR's tools write them; a question names its scene by "image", or by
/// "scene", the scene's "image_index". Statements answer "yes" and "no" here.
/// @throws Error kDataFormat naming the row, also when a program does not give the row's answer
std::vector<ReasonerExample> read_reasoner_examples(const std::filesystem::path& folder);

/// The same question about a world in which colours, shapes, sizes, materials, and left and right
/// have changed places: words, program, things and answer alike. Places are shaken by up to `shake`
/// of the distances that matter.
ReasonerExample renamed(const ReasonerExample& example, Random& random, double shake);

/// The words that `renamed` may put into a question.
std::vector<std::string> exchangeable_words();

/// Asks the example's question about another world, drawn from `worlds`, and answers it by its
/// program.
/// @return false, and nothing changed, when the question supposes what none of those tried has
bool transplant(ReasonerExample& example, const std::vector<program::World>& worlds,
                Random& random);

}  // namespace beholder::train
