// Answers as lines of text, as JSON, and drawn.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "beholder/types.hpp"

namespace beholder::cli {

/// What rows of every verb say of an answer: {"answer", "confidence", "abstained", "method",
/// "top_k", "timing_ms"}.
nlohmann::ordered_json answer_json(const Answer& answer);

/// What is shown besides the answer.
struct AnswerView {
  bool json = false;
  bool several = false;                      ///< pictures or questions: each is named
  int top_k = 1;                             ///< answers that were asked for
  nlohmann::ordered_json heatmap;            ///< null: none
  const Explanation* explanation = nullptr;  ///< null: none
};

/// @throws OutputClosed
void print_answer(const std::string& picture, const std::string& question, const Answer& answer,
                  const AnswerView& view);

/// Draws the objects of all steps on a picture file, each step in its own colour; what several
/// steps hold has the last one's. @throws Error as `draw_boxes`
void draw_steps(const Explanation& explanation, const std::string& picture,
                const std::string& output);

}  // namespace beholder::cli
