#include "json/results.hpp"

#include <cmath>

namespace beholder {
namespace {

double tenth(double pixels) { return std::round(pixels * 10) / 10; }

}  // namespace

void to_json(Json& out, const Timing& timing) {
  out = {{"decode", timing.decode},
         {"vision", timing.vision},
         {"text", timing.text},
         {"fusion", timing.fusion}};
}

const char* method_name(Method method) {
  return method == Method::kProgram ? "program" : method == Method::kRead ? "read" : "direct";
}

void to_json(Json& out, const ScoredAnswer& candidate) {
  out = {{"answer", candidate.answer}, {"probability", candidate.probability}};
}

void to_json(Json& out, const Answer& answer) {
  out = {{"answer", answer.text},
         {"confidence", answer.confidence},
         {"abstained", answer.abstained},
         {"familiar", answer.familiar},
         {"method", method_name(answer.method)},
         {"top_k", answer.top_k},
         {"timing_ms", answer.timing}};
}

void to_json(Json& out, const DescribedWord& word) {
  out = {{"word", word.word}, {"probability", word.probability}};
}

void to_json(Json& out, const Description& description) {
  out = {{"text", description.text},
         {"probability", description.probability},
         {"confidence", description.confidence},
         {"abstained", description.abstained},
         {"guess", description.guess},
         {"words", description.words}};
}

void to_json(Json& out, const Descriptions& descriptions) {
  out = {{"descriptions", descriptions.list}, {"timing_ms", descriptions.timing}};
}

void to_json(Json& out, const Object& object) {
  const Box& box = object.box;
  out = {{"name", object.name},
         {"attributes", object.attributes},
         {"box", {tenth(box.left), tenth(box.top), tenth(box.right), tenth(box.bottom)}},
         {"center", {tenth(object.center_x), tenth(object.center_y)}},
         {"confidence", object.confidence}};
}

void to_json(Json& out, const Objects& objects) {
  out = {{"objects", objects.list}, {"timing_ms", objects.timing}};
}

void to_json(Json& out, const Relation& relation) {
  out = {{"subject", relation.subject},
         {"relation", relation.relation},
         {"object", relation.object},
         {"confidence", relation.confidence}};
}

void to_json(Json& out, const Relations& relations) {
  out = {{"relations", relations.list}, {"timing_ms", relations.timing}};
}

void to_json(Json& out, const TextLine& line) {
  out = {{"text", line.text}, {"corners", Json::array()}, {"confidence", line.confidence}};
  for (const Point& corner : line.corners)
    out["corners"].push_back({tenth(corner.x), tenth(corner.y)});
}

void to_json(Json& out, const Reading& reading) {
  out = {{"lines", reading.list}, {"timing_ms", reading.timing}};
}

void to_json(Json& out, const TraceStep& step) {
  out = {{"operation", step.operation},
         {"text", step.text},
         {"objects", step.objects},
         {"value", step.value}};
}

void to_json(Json& out, const Explanation& explanation) {
  out = explanation.answer;
  out["program"] = explanation.program;
  out["steps"] = explanation.steps;
  out["failure"] = explanation.failure.empty() ? Json() : Json(explanation.failure);
}

void to_json(Json& out, const AttentionMap& map) {
  out = {{"rows", map.rows}, {"columns", map.columns}, {"weights", map.overall}};
  out["words"] = Json::array();
  for (const AttentionMap::Word& word : map.words)
    out["words"].push_back({{"word", word.text}, {"weights", word.weights}});
}

}  // namespace beholder
