// How well an engine finds objects, and what it says of how they stand to one another.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "beholder/engine.hpp"
#include "data/object_rows.hpp"
#include "eval/rows.hpp"

namespace beholder::eval {

/// Precision, recall and their harmonic mean.
struct Detected {
  std::size_t right = 0, found = 0, there = 0;
  double precision() const { return share(right, found); }  ///< 0 to 1; 0 where there is none
  double recall() const { return share(right, there); }
  double f1() const { return share(2 * right, found + there); }

 private:
  static double share(std::size_t part, std::size_t all) {
    return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
  }
};

struct ObjectFigures {
  std::size_t pictures = 0;
  /// Greedy one-to-one match of boxes at IoU 0.5 or more; by name, most certain first.
  Detected boxes;
  bool has_boxes = false;  ///< the rows say boxes
  /// Name and all attributes right, and the centre within 8 pixels, each to the nearest.
  Detected attributes;
  bool has_centers = false;                        ///< the rows say centres
  std::map<std::string, std::size_t> wrong;        ///< attributes of objects found in place
  std::size_t relations = 0, relations_right = 0;  ///< left/right/front/behind of found pairs
  std::vector<std::string> unreadable;
};

constexpr std::size_t kUnmatched = static_cast<std::size_t>(-1);

/// Which found objects are true ones of the same name, at an IoU of 0.5 or more; each takes the one
/// that it overlaps most, and none is taken twice. @param found in the order in which they take
std::vector<bool> match_boxes(const std::vector<Object>& found, const data::PictureObjects& row);

/// For each true object the found one whose centre is nearest to its own, within 8 pixels, or
/// kUnmatched; none is taken twice.
std::vector<std::size_t> match_centers(const std::vector<Object>& found,
                                       const data::PictureObjects& row);

/// Whether a found object's name and attributes are the true ones.
bool same_attributes(const Object& found, const data::ObjectRow& truth);

/// Rows as `data::read_objects_jsonl` reads them.
/// @param min_confidence as in ObjectsOptions  @param limit rows at most; 0: all  @param progress
/// may return false to stop
ObjectFigures evaluate_objects(const Engine& engine, const std::filesystem::path& rows,
                               double min_confidence, std::int64_t limit, const Progress& progress);

}  // namespace beholder::eval
