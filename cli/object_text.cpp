#include "object_text.hpp"

#include <cstdio>

namespace beholder::cli {

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
