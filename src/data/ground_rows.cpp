#include "data/ground_rows.hpp"

#include <algorithm>
#include <iterator>

#include "core/check.hpp"
#include "data/json_lines.hpp"

namespace beholder::data {

std::vector<GroundRow> read_grounds_jsonl(const std::filesystem::path& path) {
  constexpr const char* kForm = R"({"image": "a.png", "ground": "neither"})";
  std::vector<GroundRow> rows;
  for_each_json_row(path, [&](const nlohmann::json& row, const RowPlace& place) {
    GroundRow out;
    out.image = picture_of_row(row, "image", place, kForm);
    const std::string ground = required_string(row, "ground", place, kForm);
    const auto found = std::find(std::begin(kGroundNames), std::end(kGroundNames), ground);
    check(found != std::end(kGroundNames), ErrorCode::kDataFormat, place.str(), ": the ground \"",
          ground, "\" is none of photo, solids, shapes, neither; expected ", kForm);
    out.ground = static_cast<std::size_t>(found - std::begin(kGroundNames));
    if (row.contains("kind")) out.kind = required_string(row, "kind", place, kForm);
    rows.push_back(std::move(out));
    return true;
  });
  return rows;
}

}  // namespace beholder::data
