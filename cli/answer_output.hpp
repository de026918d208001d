// Answers as lines of text, as JSON, and drawn.
#pragma once

#include <string>

#include "beholder/types.hpp"
#include "json/text.hpp"

namespace beholder::cli {

/// What is shown besides the answer.
struct AnswerView {
  bool json = false;
  bool several = false;                      ///< pictures or questions: each is named
  int top_k = 1;                             ///< answers that were asked for
  Json heatmap;                              ///< null: none
  const Explanation* explanation = nullptr;  ///< null: none
};

/// @throws OutputClosed
void print_answer(const std::string& picture, const std::string& question, const Answer& answer,
                  const AnswerView& view);

/// Draws the objects of all steps on a picture file, one colour a step; an object of several steps
/// has the colour of the last. @throws Error as `draw_boxes`
void draw_steps(const Explanation& explanation, const std::string& picture,
                const std::string& output);

}  // namespace beholder::cli
