// Checks, before any work is done, that a run overwrites nothing it should not.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "batch/picture_list.hpp"

namespace beholder::batch {

/// @param read files that the run reads: pictures, lists, shards
/// @throws Error kUsage when `output` has no name, is a folder, a pipe or a device, is called as
///   journals are, or is one of the files that are read
void check_output(const std::filesystem::path& output, const std::vector<std::string>& read);

/// Whether every picture has a number for COCO's form; otherwise all of them go by their names, so
/// that the ids of a file are of one kind.
/// @throws Error kUsage when two of the pictures would have one id
bool coco_numbers(const std::vector<ListedPicture>& pictures);

}  // namespace beholder::batch
