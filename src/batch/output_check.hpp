// What a run would overwrite, found out before anything is done.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace beholder::batch {

/// @param read files that the run reads: pictures, lists, shards
/// @throws Error kUsage when `output` has no name, is a folder, a pipe or a device, is called as
///   journals are, or is one of the files that are read
void check_output(const std::filesystem::path& output, const std::vector<std::string>& read);

/// @throws Error kUsage when `output` holds something that no batch wrote: it is not empty and has
///   no journal beside it
void check_not_foreign(const std::filesystem::path& output);

/// @throws Error kUsage when two of the pictures would have one text file, or a text file is there
///   already and `journal` has no row of its picture, so that no batch wrote it
void check_text_files(const std::vector<std::string>& pictures,
                      const std::filesystem::path& journal);

/// @throws Error kUsage when two of the pictures would have one number or name in COCO's form
void check_coco_ids(const std::vector<std::string>& pictures);

}  // namespace beholder::batch
