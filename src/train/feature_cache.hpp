// Outputs of the frozen encoders, cached on disk: picture cells and question tokens.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "io/memory_file.hpp"
#include "models/native/checkpoint.hpp"

namespace beholder::train {

/// Called after each piece of a long computation: pieces done, of all.
using Progress = std::function<void(std::int64_t done, std::int64_t all)>;

/// The stem's cells of several views of each picture, as fp16 in one memory-mapped file. View 0 is
/// the whole picture, the next ones are crops of 60 to 100 % of its area with sides up to a fifth
/// longer or shorter against each other, fixed by the file's name; odd views are mirrored (view 1
/// is the whole picture mirrored). Rows are appended in order and the file is complete when it has
/// all of them, so a stopped run goes on where it was.
class PictureCache {
 public:
  /// Opens or completes `folder`/<fingerprint of the pictures, their sizes in bytes, the
  /// configuration and the weights>.cells.
  /// @throws Error kDataFormat naming every picture that cannot be read
  static PictureCache build(const std::filesystem::path& folder,
                            const std::vector<std::filesystem::path>& pictures, std::int64_t views,
                            const vision::VisionEncoder& encoder, const vision::Grid& grid,
                            const vision::ImageProcessorConfig& image,
                            const std::string& weights_fingerprint, const Progress& progress);

  /// @param pictures indices into the list given to `build`; @param views one each
  /// @return (P, N, C) float
  at::Tensor cells(const std::vector<std::int64_t>& pictures,
                   const std::vector<std::int64_t>& views) const;

  const vision::Grid& grid() const { return grid_; }  ///< of every picture

 private:
  std::shared_ptr<const io::MappedFile> file_;
  std::int64_t count_ = 0, views_ = 0, width_ = 0;
  vision::Grid grid_;
};

/// Whether a view of `PictureCache` shows the picture mirrored.
inline bool mirrored_view(std::int64_t view) { return view % 2 == 1; }

/// The text encoder's outputs of distinct questions, as fp16.
class QuestionCache {
 public:
  static QuestionCache build(const std::filesystem::path& folder,
                             const std::vector<std::string>& questions,
                             const models::native::Networks& networks,
                             const text::Tokenizer& tokenizer, std::int64_t max_tokens,
                             const std::string& weights_fingerprint, const Progress& progress);

  /// Index of a question given to `build`. @throws Error kInternal if it was not
  std::int64_t index(const std::string& question) const;

  /// Outputs of questions padded to the longest: embeds (S, L, D) and attention mask (S, L) int64.
  std::pair<at::Tensor, at::Tensor> embeds(const std::vector<std::int64_t>& questions) const;

 private:
  std::shared_ptr<const io::MappedFile> file_;
  std::vector<std::int64_t> offsets_;  // token at which each question starts, and the end
  std::unordered_map<std::string, std::int64_t> index_;
  std::int64_t width_ = 0;
};

/// 64-bit FNV-1a of text, in hexadecimal; names cache files by what went into them.
std::string fingerprint(const std::string& text);

}  // namespace beholder::train
