#include "vision/vision_encoder.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "beholder/error.hpp"
#include "support/gradients.hpp"

namespace beholder::vision {
namespace {

VisionConfig patch_config() {
  VisionConfig out;
  out.kind = "patch";
  out.image_size = 16;
  out.patch_size = 4;
  out.hidden_size = 8;
  out.num_attention_heads = 2;
  out.intermediate_size = 16;
  out.num_hidden_layers = 1;
  return out;
}

VisionConfig hybrid_config(std::int64_t max_cells) {
  VisionConfig out = patch_config();
  out.kind = "hybrid";
  out.image_size = 64;
  out.patch_size = 32;
  out.max_cells = max_cells;
  return out;
}

ErrorCode code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::kInternal;
}

TEST(VisionConfig, GridFollowsThePicture) {
  VisionConfig config;  // 320 px: 10 x 10
  const auto expect = [&](std::int64_t width, std::int64_t height, std::int64_t rows,
                          std::int64_t columns) {
    const Grid grid = config.grid_of(width, height);
    EXPECT_EQ(grid.rows, rows) << width << "x" << height;
    EXPECT_EQ(grid.columns, columns) << width << "x" << height;
  };
  expect(4000, 3000, 10, 10);
  config.max_cells = 192;
  expect(224, 224, 10, 10);    // no more cells than pixels can fill
  expect(560, 425, 12, 16);    // a landscape photo
  expect(3000, 4000, 16, 12);  // a portrait
  expect(10000, 10, 6, 17);    // at most 3 to 1
  for (std::int64_t width = 1; width < 2000; width += 37)
    for (std::int64_t height = 1; height < 2000; height += 41) {
      const Grid grid = config.grid_of(width, height);
      EXPECT_LE(grid.cells(), 192);
      EXPECT_GE(grid.cells(), 90);
    }
}

TEST(PatchVisionEncoder, CellsArePatchesRowByRow) {
  nn::TrainableParameters source({}, {}, 1);
  const PatchVisionEncoder encoder(source, "v", patch_config());
  const at::Tensor pixels = at::rand({2, 3, 16, 16});
  const at::Tensor cells = encoder.cells(pixels);
  ASSERT_EQ(cells.sizes(), (std::vector<std::int64_t>{2, 16, 48}));
  // Cell 6 of a 4 x 4 grid: row 1, column 2.
  EXPECT_TRUE(at::equal(cells[1][6], pixels[1].slice(1, 4, 8).slice(2, 8, 12).reshape({48})));
}

TEST(VisionEncoder, LeavesOutCellsButKeepsTheirPlaces) {
  nn::TrainableParameters source({}, {}, 1);
  VisionConfig config = patch_config();
  config.num_hidden_layers = 0;  // so that no token sees another
  const PatchVisionEncoder encoder(source, "v", config);
  const at::Tensor cells = at::rand({2, 16, 48});
  const at::Tensor all = encoder.encode(cells, {4, 4});
  const at::Tensor kept = at::tensor({1, 7, 12}, at::kLong);
  EXPECT_TRUE(at::allclose(encoder.encode(cells, {4, 4}, kept), all.index_select(1, kept)));
}

TEST(VisionEncoder, PlacesStretchToTheGrid) {
  nn::TrainableParameters source({}, {}, 1);
  VisionConfig config = hybrid_config(12);
  config.num_hidden_layers = 0;
  const HybridVisionEncoder encoder(source, "v", config);
  const at::Tensor cells = at::zeros({1, 1, encoder.cell_size()});
  const auto encode = [&](std::int64_t rows, std::int64_t columns) {
    return encoder.encode(cells.expand({1, rows * columns, -1}), {rows, columns})[0];
  };
  const at::Tensor square = encode(2, 2), wide = encode(2, 6);
  // Nothing in any cell: what is left is the place. Edges keep theirs.
  EXPECT_TRUE(at::allclose(wide[0], square[0], 1e-4, 1e-5));
  EXPECT_TRUE(at::allclose(wide[11], square[3], 1e-4, 1e-5));
  EXPECT_FALSE(at::allclose(wide[2], square[0], 1e-2, 1e-2));
  EXPECT_FALSE(at::allclose(wide[2], wide[3], 1e-3, 1e-3));
}

TEST(HybridVisionEncoder, JoinsBothStrides) {
  StemFeatures features;
  features.stride16 = at::rand({1, 120, 4, 6});
  features.stride32 = at::rand({1, 1280, 2, 3});
  const at::Tensor cells = join_cells(features);
  ASSERT_EQ(cells.sizes(), (std::vector<std::int64_t>{1, 6, 1280 + 480}));
  const at::Tensor cell = cells[0][5];  // row 1, column 2
  EXPECT_TRUE(at::equal(cell.slice(0, 0, 1280), features.stride32[0].select(1, 1).select(1, 2)));
  for (int part = 0; part < 4; ++part)
    EXPECT_TRUE(at::equal(cell.slice(0, 1280 + 120 * part, 1280 + 120 * (part + 1)),
                          features.stride16[0].select(1, 2 + part / 2).select(1, 4 + part % 2)));
}

TEST(VisionEncoder, RefusesWhatDoesNotFit) {
  nn::TrainableParameters source({}, {}, 1);
  const PatchVisionEncoder encoder(source, "v", patch_config());
  EXPECT_EQ(code_of([&] { encoder.cells(at::rand({1, 3, 16, 20})); }), ErrorCode::kShape);
  EXPECT_EQ(code_of([&] { encoder.encode(at::rand({1, 15, 48}), {4, 4}); }), ErrorCode::kShape);
  VisionConfig config = patch_config();
  config.max_cells = 100;
  EXPECT_EQ(code_of([&] { make_vision_encoder(source, "w", config); }), ErrorCode::kModelFormat);
  config.kind = "other";
  config.max_cells = 0;
  EXPECT_EQ(code_of([&] { make_vision_encoder(source, "x", config); }), ErrorCode::kModelFormat);
  config = patch_config();
  config.patch_size = 5;
  EXPECT_EQ(code_of([&] { make_vision_encoder(source, "y", config); }), ErrorCode::kModelFormat);
}

TEST(VisionEncoder, GradientsFlowThroughFrozenLayers) {
  const auto run = [](const VisionConfig& config, const Grid& grid) {
    return [=](nn::ParameterSource& source, const at::Tensor& pixels) {
      const auto encoder = make_vision_encoder(source, "v", config);
      return encoder->encode(encoder->cells(pixels), grid);
    };
  };
  at::manual_seed(1);
  tests::expect_gradients_through_frozen(run(patch_config(), {4, 4}), at::randn({2, 3, 16, 16}));
  tests::expect_gradients_through_frozen(run(hybrid_config(6), {2, 3}), at::randn({1, 3, 64, 96}));
}

}  // namespace
}  // namespace beholder::vision
