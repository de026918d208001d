// Joins the shards of a batch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "batch/output.hpp"
#include "batch/written_files.hpp"

namespace beholder::batch {

/// The rows of all shards, in the order of the whole list.
struct Merged {
  struct Place {
    std::uint32_t journal = 0;
    std::uint64_t offset = 0;
  };
  std::vector<std::filesystem::path> journals;
  std::vector<Place> rows;  ///< picture by picture, question by question
  std::size_t failed = 0;
  WrittenFiles written;  ///< by all shards
};

/// Reads the journals of all shards of one batch, whole and done.
/// @param journals or the outputs beside them, which must be unchanged since they were written:
///   people's edits in them would be lost silently
/// @throws Error kDataFormat when a journal is damaged or unfinished, when they come from different
///   options, questions or lists, when a shard is missing or there twice, or when two shards name
///   the same place of the list differently; kUsage when an output was changed; kFileNotFound,
///   kFileAccess
Merged merge_journals(const std::vector<std::filesystem::path>& journals);

/// The merged rows one after the other.
RowSource rows_of(const Merged& merged);

/// Where the journal of an output is kept.
std::filesystem::path journal_of(const std::filesystem::path& output);

}  // namespace beholder::batch
