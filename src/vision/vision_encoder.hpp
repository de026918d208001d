// From pixel values to image tokens: one interface, an encoder class a kind of patches.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "nn/encoder_layer.hpp"
#include "nn/positional_encoding.hpp"
#include "vision/efficientnet_stem.hpp"

namespace beholder::vision {

/// Rows and columns of the cells that a picture is cut into.
struct Grid {
  std::int64_t rows = 0, columns = 0;
  std::int64_t cells() const { return rows * columns; }
};

/// The `vision` section of a model's config.json.
struct VisionConfig {
  std::string kind = "hybrid";           ///< "hybrid" (convolutional cells) or "patch" (plain ViT)
  std::int64_t image_size = 320;         ///< side of the square picture, pixels; the smallest size
  std::int64_t patch_size = 32;          ///< side of the square that one token covers, pixels
  std::int64_t hidden_size = 256;        ///< D
  std::int64_t num_attention_heads = 8;  ///< H
  std::int64_t intermediate_size = 1024;
  std::int64_t num_hidden_layers = 2;
  double layer_norm_eps = 1e-5;
  std::int64_t max_cells =
      0;  ///< above grid()²: larger pictures get more cells, in their own shape

  std::int64_t grid() const { return image_size / patch_size; }  ///< tokens along a side

  /// The cells of a picture of that size: always the square without `max_cells`; else as many as
  /// its pixels fill, from grid()² to `max_cells`, rows to columns nearly as height to width (at
  /// most 3 to 1).
  Grid grid_of(std::int64_t width, std::int64_t height) const;
};

/// What is computed first from a picture and may be cached while it is frozen: (B, N, C).
/// Then `encode` makes tokens of them.
class VisionEncoder {
 public:
  VisionEncoder(nn::ParameterSource& source, const std::string& name, const VisionConfig& config,
                std::int64_t cell_size);
  virtual ~VisionEncoder() = default;

  /// @param pixel_values (B, 3, rows * patch_size, columns * patch_size)
  /// @return (B, N, C) row by row from the top left
  virtual at::Tensor cells(const at::Tensor& pixel_values) const = 0;

  /// The maps that an object detector reads. @throws Error kUnsupported for a kind without them
  virtual PyramidFeatures pyramid(const at::Tensor& pixel_values) const;

  /// @param cells (B, N, C)  @param grid their arrangement, N = rows * columns
  /// @param kept indices (M) of the cells to look at, undefined for all of them (training drops
  ///        some: cheaper and a regulariser)
  /// @return image_embeds (B, N or M, D)
  at::Tensor encode(const at::Tensor& cells, const Grid& grid, const at::Tensor& kept = {},
                    double dropout = 0) const;

  std::int64_t cell_size() const { return cell_size_; }  ///< C
  const VisionConfig& config() const { return config_; }

 private:
  VisionConfig config_;
  std::int64_t cell_size_;
  nn::Linear projection_;
  nn::GridPositions positions_;
  std::vector<nn::EncoderLayer> layers_;
  nn::LayerNorm norm_;
};

/// Plain patches (Dosovitskiy et al. 2021): a cell is the patch_size² pixels themselves.
class PatchVisionEncoder final : public VisionEncoder {
 public:
  PatchVisionEncoder(nn::ParameterSource& source, const std::string& name,
                     const VisionConfig& config);
  at::Tensor cells(const at::Tensor& pixel_values) const override;
};

/// The hybrid of the same paper: a cell is EfficientNet-Lite2's stride-32 features beside the four
/// stride-16 cells that it covers.
class HybridVisionEncoder final : public VisionEncoder {
 public:
  HybridVisionEncoder(nn::ParameterSource& source, const std::string& name,
                      const VisionConfig& config);
  at::Tensor cells(const at::Tensor& pixel_values) const override;
  PyramidFeatures pyramid(const at::Tensor& pixel_values) const override;

  static constexpr std::int64_t kCellSize =
      EfficientNetStem::kStride32Channels + 4 * EfficientNetStem::kStride16Channels;

 private:
  EfficientNetStem stem_;
};

/// The encoder that `config.kind` names. @throws Error kModelFormat on another kind.
std::unique_ptr<VisionEncoder> make_vision_encoder(nn::ParameterSource& source,
                                                   const std::string& name,
                                                   const VisionConfig& config);

/// Joins both stem maps to cells: (B, N, C) with N = (H/32)(W/32).
at::Tensor join_cells(const StemFeatures& features);

}  // namespace beholder::vision
