// Rejection sampling: keeps those of a model's captions that agree best with people's.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "data/dataset_row.hpp"

namespace beholder::train {

/// What a model wrote about pictures, by their canonical paths.
using Candidates = std::map<std::filesystem::path, std::vector<std::string>>;

/// Reads rows of `beholder caption --num N`: {"image", "descriptions": [{"text"}, …]}; paths are
/// taken as they were given to it. Failed rows are left out. @throws Error kDataFormat naming file
/// and line
Candidates read_candidates(const std::filesystem::path& path);

/// For each picture the `keep` candidates with the highest CIDEr-D against its captions (document
/// frequencies from all of them), best first. Training on them together with
/// people's captions has the aim of self-critical training: the model learns which of its own
/// sentences are good, while people's captions keep its vocabulary wide.
/// @throws Error kDataFormat when no picture has candidates
std::vector<data::CaptionRow> choose_captions(const std::vector<data::CaptionRow>& captions,
                                              const Candidates& candidates, std::size_t keep);

/// JSON Lines, for a file in `folder`.
std::string caption_jsonl(const std::vector<data::CaptionRow>& rows,
                          const std::filesystem::path& folder);

}  // namespace beholder::train
