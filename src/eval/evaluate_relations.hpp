// Relations that the engine says hold in photos, against what people's captions say of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "beholder/engine.hpp"
#include "eval/rows.hpp"

namespace beholder::eval {

struct RelationFigures {
  std::size_t pictures = 0;
  std::size_t said = 0;   ///< relations that are no mere geometry, of all pictures
  std::size_t right = 0;  ///< of those: a caption has the same words between the same kinds
  std::size_t there = 0;  ///< different relations of the captions, between kinds of objects
  std::size_t found = 0;  ///< of those: said
  std::vector<std::string> unreadable;
};

/// Only what descriptions said counts ("person riding bicycle"): people seldom write down that one
/// thing lies left of another.
/// @param file rows of {"image", "captions"}  @param limit rows at most; 0: all
/// @throws Error as `data::read_caption_jsonl`
RelationFigures evaluate_relations(const Engine& engine, const std::filesystem::path& file,
                                   double min_confidence, std::int64_t limit,
                                   const Progress& progress);

}  // namespace beholder::eval
