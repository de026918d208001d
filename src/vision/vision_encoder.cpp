#include "vision/vision_encoder.hpp"

#include <algorithm>
#include <cmath>

#include "core/check.hpp"
#include "nn/shape.hpp"
#include "vision/patches.hpp"

namespace beholder::vision {

using nn::kAny;

Grid VisionConfig::grid_of(std::int64_t width, std::int64_t height) const {
  const std::int64_t least = grid() * grid();
  if (max_cells <= least) return {grid(), grid()};
  const double cell = static_cast<double>(patch_size * patch_size);
  const double cells = std::clamp(static_cast<double>(width) * static_cast<double>(height) / cell,
                                  static_cast<double>(least), static_cast<double>(max_cells));
  const double shape =
      std::clamp(static_cast<double>(width) / static_cast<double>(height), 1.0 / 3, 3.0);
  Grid out{std::max<std::int64_t>(1, std::llround(std::sqrt(cells / shape))),
           std::max<std::int64_t>(1, std::llround(std::sqrt(cells * shape)))};
  while (out.cells() > max_cells) --(out.rows > out.columns ? out.rows : out.columns);
  return out;
}

VisionEncoder::VisionEncoder(nn::ParameterSource& source, const std::string& name,
                             const VisionConfig& config, std::int64_t cell_size)
    : config_(config),
      cell_size_(cell_size),
      projection_(source, name + ".projection", cell_size, config.hidden_size),
      positions_(source, name, config.grid(), config.hidden_size),
      norm_(source, name + ".norm", config.hidden_size, config.layer_norm_eps) {
  for (std::int64_t i = 0; i < config.num_hidden_layers; ++i)
    layers_.emplace_back(source, nn::encoder_names(name + ".layers." + std::to_string(i)),
                         nn::layer_config(config, nn::NormOrder::kPre));
}

at::Tensor VisionEncoder::encode(const at::Tensor& cells, const Grid& grid, const at::Tensor& kept,
                                 double dropout) const {
  nn::check_shape(cells, {kAny, grid.cells(), cell_size_}, "VisionEncoder::encode");
  at::Tensor places = positions_.forward(grid.rows, grid.columns);
  at::Tensor input = cells;
  if (kept.defined()) {
    input = cells.index_select(1, kept);    // (B, M, C)
    places = places.index_select(0, kept);  // (M, D)
  }
  at::Tensor x = projection_.forward(input, nn::Activation::kNone,
                                     places.unsqueeze(0));  // (B, N, C) -> (B, N, D)
  for (const nn::EncoderLayer& layer : layers_) x = layer.forward(x, dropout);
  return norm_.forward(x);
}

PyramidFeatures VisionEncoder::pyramid(const at::Tensor&) const {
  fail(ErrorCode::kUnsupported, "a vision encoder of kind '", config_.kind,
       "' has no maps of several sizes; objects need the kind 'hybrid'");
}

PatchVisionEncoder::PatchVisionEncoder(nn::ParameterSource& source, const std::string& name,
                                       const VisionConfig& config)
    : VisionEncoder(source, name, config, 3 * config.patch_size * config.patch_size) {}

at::Tensor PatchVisionEncoder::cells(const at::Tensor& pixel_values) const {
  const std::int64_t side = config().image_size;
  nn::check_shape(pixel_values, {kAny, 3, side, side}, "PatchVisionEncoder");
  return patches_of(pixel_values, config().patch_size);
}

HybridVisionEncoder::HybridVisionEncoder(nn::ParameterSource& source, const std::string& name,
                                         const VisionConfig& config)
    : VisionEncoder(source, name, config, kCellSize), stem_(source, name + ".stem") {
  check(config.patch_size == 32, ErrorCode::kModelFormat,
        "vision: the hybrid encoder's cells are 32 pixels wide; patch_size is ", config.patch_size);
}

at::Tensor HybridVisionEncoder::cells(const at::Tensor& pixel_values) const {
  nn::check_shape(pixel_values, {kAny, 3, kAny, kAny}, "HybridVisionEncoder");
  check(pixel_values.size(2) % 32 == 0 && pixel_values.size(3) % 32 == 0, ErrorCode::kShape,
        "HybridVisionEncoder: sides must be multiples of 32 px, got ", pixel_values.sizes());
  return join_cells(stem_.forward(pixel_values));
}

PyramidFeatures HybridVisionEncoder::pyramid(const at::Tensor& pixel_values) const {
  return stem_.pyramid(pixel_values);
}

at::Tensor join_cells(const StemFeatures& features) {
  const std::int64_t batch = features.stride32.size(0);
  const std::int64_t height = features.stride32.size(2), width = features.stride32.size(3);
  const std::int64_t fine = features.stride16.size(1);
  nn::check_shape(features.stride16, {batch, fine, 2 * height, 2 * width}, "join_cells");
  const at::Tensor coarse =
      features.stride32.permute({0, 2, 3, 1}).reshape({batch, height * width, -1});
  const at::Tensor four = features.stride16.reshape({batch, fine, height, 2, width, 2})
                              .permute({0, 2, 4, 3, 5, 1})  // (B, h, w, 2, 2, c)
                              .reshape({batch, height * width, 4 * fine});
  return at::cat({coarse, four}, -1);  // (B, N, 1280 + 4·120)
}

std::unique_ptr<VisionEncoder> make_vision_encoder(nn::ParameterSource& source,
                                                   const std::string& name,
                                                   const VisionConfig& config) {
  check(config.patch_size > 0 && config.image_size % config.patch_size == 0,
        ErrorCode::kModelFormat, "vision: image_size ", config.image_size,
        " is not a multiple of patch_size ", config.patch_size);
  if (config.kind == "hybrid") return std::make_unique<HybridVisionEncoder>(source, name, config);
  check(config.max_cells == 0, ErrorCode::kModelFormat, "vision: max_cells is ", config.max_cells,
        "; only the hybrid kind takes pictures of several sizes");
  if (config.kind == "patch") return std::make_unique<PatchVisionEncoder>(source, name, config);
  fail(ErrorCode::kModelFormat, "vision: kind '", config.kind, "' is not one of hybrid, patch");
}

}  // namespace beholder::vision
