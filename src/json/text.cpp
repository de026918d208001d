#include "json/text.hpp"

namespace beholder {

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string printable(const std::string& text) {
  return Json::parse(dumped(text)).get<std::string>();
}

void put_name(Json& object, const std::string& name, const std::string& key) {
  const std::string text = printable(name);
  object[key] = text;
  if (text == name) return;
  static const char digits[] = "0123456789abcdef";
  std::string bytes;
  for (const unsigned char c : name) {
    bytes += digits[c >> 4];
    bytes += digits[c & 15];
  }
  object[key + "_bytes"] = bytes;
}

std::string get_name(const Json& object, const std::string& key) {
  if (!object.contains(key + "_bytes")) return object.at(key).get<std::string>();
  const auto bytes = object.at(key + "_bytes").get<std::string>();
  std::string name;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2)
    name += static_cast<char>(std::stoi(bytes.substr(i, 2), nullptr, 16));
  return name;
}

}  // namespace beholder
