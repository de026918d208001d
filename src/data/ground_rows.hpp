// Rows that say which kind each picture is of: photo, solids, shapes or neither.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace beholder::data {

/// What a row may call its picture, in the order of `scene::PictureKind`.
constexpr const char* kGroundNames[] = {"photo", "solids", "shapes", "neither"};

struct GroundRow {
  std::filesystem::path image;  ///< resolved as in `QaRow`
  std::size_t ground = 0;       ///< index into kGroundNames
  std::string kind;             ///< the set's own name for such pictures; may be empty
};

/// Reads JSON Lines of {"image": path, "ground": "photo", "solids", "shapes" or "neither"}, with an
/// optional "kind". @throws Error as `read_qa_jsonl`
std::vector<GroundRow> read_grounds_jsonl(const std::filesystem::path& path);

}  // namespace beholder::data
