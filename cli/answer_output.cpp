#include "answer_output.hpp"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "drawing.hpp"
#include "json/results.hpp"
#include "object_text.hpp"
#include "output.hpp"
#include "picture_input.hpp"
#include "terminal_text.hpp"

namespace beholder::cli {
namespace {

void print_row(const std::string& picture, const std::string& question, const Answer& answer,
               const AnswerView& view) {
  Json row = named_row(picture);
  row["question"] = question;
  row.update(view.explanation == nullptr ? Json(answer) : Json(*view.explanation));
  if (!view.heatmap.is_null()) row["heatmap"] = view.heatmap;
  print_json(row);
}

void print_steps(const Explanation& explanation) {
  std::size_t number = 0;
  for (const TraceStep& step : explanation.steps) {
    std::string boxes;
    for (const Object& object : step.objects) boxes += " " + box_text(object.box);
    const std::string left = step.value.empty() ? boxes : " " + step.value;
    std::printf("  %zu %-36s →%s\n", ++number, step.text.c_str(),
                left.empty() ? " nothing" : left.c_str());
  }
  if (!explanation.failure.empty())
    std::printf("  (no program came to an end: %s)\n", shown(explanation.failure).c_str());
  else if (explanation.steps.empty())
    std::printf("  (answered directly: no program was more certain)\n");
}

void print_text(const std::string& picture, const std::string& question, const Answer& answer,
                const AnswerView& view) {
  const std::string text = shown(answer.text);
  if (view.several) std::printf("%s  %s\n", shown(picture).c_str(), shown(question).c_str());
  if (view.explanation != nullptr) {
    print_steps(*view.explanation);
    std::printf("  answer %s   confidence %.2f\n", text.c_str(), answer.confidence);
    return;
  }
  std::printf("%s%-36s confidence %.2f\n", view.several ? "  " : "", text.c_str(),
              answer.confidence);
  if (view.top_k > 1)
    for (const ScoredAnswer& candidate : answer.top_k)
      std::printf("    %-32s probability %.2f\n", shown(candidate.answer).c_str(),
                  candidate.probability);
}

}  // namespace

void print_answer(const std::string& picture, const std::string& question, const Answer& answer,
                  const AnswerView& view) {
  if (view.json)
    print_row(picture, question, answer, view);
  else
    print_text(picture, question, answer, view);
  flush_output();
}

void draw_steps(const Explanation& explanation, const std::string& picture,
                const std::string& output) {
  std::vector<LabelledBox> boxes;
  for (std::size_t i = 0; i < explanation.steps.size(); ++i)
    for (const Object& object : explanation.steps[i].objects) {
      const auto same = std::find_if(boxes.begin(), boxes.end(), [&](const LabelledBox& other) {
        return other.box.left == object.box.left && other.box.top == object.box.top &&
               other.box.right == object.box.right && other.box.bottom == object.box.bottom;
      });
      const std::string step = std::to_string(i + 1);
      if (same == boxes.end()) {
        boxes.push_back({object.box, step, static_cast<int>(i)});
      } else {
        same->label += "," + step;
        same->color = static_cast<int>(i);
      }
    }
  draw_boxes(picture, boxes, output);
}

}  // namespace beholder::cli
