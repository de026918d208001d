// Objects, relations and steps as the program's JSON and as lines of text.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "beholder/types.hpp"

namespace beholder::cli {

/// {"name", "attributes", "box": [left, top, right, bottom], "center": [x, y], "confidence"}
nlohmann::ordered_json object_json(const Object& object);

/// {"operation", "text", "objects", "value"}
nlohmann::ordered_json step_json(const TraceStep& step);

/// "large red rubber cube"
std::string object_name(const Object& object);

/// "[212,88,250,140]"
std::string box_text(const Box& box);

}  // namespace beholder::cli
