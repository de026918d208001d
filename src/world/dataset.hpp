// A folder of scenes: pictures, scene graphs, questions with programs and traces, captions.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace beholder::world {

struct DatasetOptions {
  std::string style = "clevr";  ///< "clevr", "open", "flat" or "boxes"
  std::size_t scenes = 100;
  std::uint64_t seed = 0;
  std::size_t questions = 10;  ///< a scene, at most
  int width = 320, height = 240;
  /// Off: scenes and questions alone, without the visible box of each object; flat styles are drawn
  /// all the same.
  bool pictures = true;
  std::size_t threads = 1;
};

struct DatasetSummary {
  std::size_t scenes = 0, objects = 0, questions = 0;
};

/// Writes `images/*.png`, `scenes.jsonl`, `questions.jsonl` and `captions.jsonl` into a new folder,
/// which appears whole or not at all. The same options give the same bytes, whatever `threads` is.
/// @param stop asked after each scene  @param progress scenes done so far; by one thread at a time
/// @throws Error kUsage (options out of range, a folder that is there already), kFileAccess,
/// kCancelled
DatasetSummary render_dataset(const DatasetOptions& options, const std::filesystem::path& folder,
                              const std::function<bool()>& stop,
                              const std::function<void(std::size_t)>& progress);

}  // namespace beholder::world
