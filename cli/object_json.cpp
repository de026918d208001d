#include "object_json.hpp"

#include <cmath>
#include <cstdio>

#include "picture_input.hpp"

namespace beholder::cli {
namespace {

double tenth(double pixels) { return std::round(pixels * 10) / 10; }

}  // namespace

nlohmann::ordered_json object_json(const Object& object) {
  return {{"name", printable(object.name)},
          {"attributes", object.attributes},
          {"box",
           {tenth(object.box.left), tenth(object.box.top), tenth(object.box.right),
            tenth(object.box.bottom)}},
          {"center", {tenth(object.center_x), tenth(object.center_y)}},
          {"confidence", object.confidence}};
}

nlohmann::ordered_json step_json(const TraceStep& step) {
  nlohmann::ordered_json objects = nlohmann::ordered_json::array();
  for (const Object& object : step.objects) objects.push_back(object_json(object));
  return {{"operation", step.operation},
          {"text", step.text},
          {"objects", std::move(objects)},
          {"value", step.value}};
}

std::string object_name(const Object& object) {
  std::string out;
  for (const std::string& attribute : object.attributes) out += attribute + " ";
  return out + object.name;
}

std::string box_text(const Box& box) {
  char text[96];
  std::snprintf(text, sizeof text, "[%.0f,%.0f,%.0f,%.0f]", box.left, box.top, box.right,
                box.bottom);
  return text;
}

}  // namespace beholder::cli
