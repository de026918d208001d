#include "nn/kernels/convolution.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <thread>
#include <vector>

#include "beholder/error.hpp"
#include "reference.hpp"

namespace beholder::nn::kernels {
namespace {

using reference::random_floats;
using reference::worst_error;

struct Input {
  std::int64_t n, height, width;
};

// The definition, with the padding written out: (N, H, W, C) in and out, weights (O, I / G, KH,
// KW).
std::vector<double> naive(const std::vector<float>& x, const Input& in,
                          const std::vector<float>& weight, const float* bias,
                          const Conv2dOptions& o, Padding rows, Padding columns,
                          const float* residual) {
  const std::int64_t width_stride = o.width_stride > 0 ? o.width_stride : o.stride;
  const std::int64_t out_height =
      (in.height + rows.begin + rows.end - o.kernel_height) / o.stride + 1;
  const std::int64_t out_width =
      (in.width + columns.begin + columns.end - o.kernel_width) / width_stride + 1;
  const std::int64_t group_in = o.in_channels / o.groups, group_out = o.out_channels / o.groups;
  std::vector<double> y;
  for (std::int64_t n = 0; n < in.n; ++n)
    for (std::int64_t oy = 0; oy < out_height; ++oy)
      for (std::int64_t ox = 0; ox < out_width; ++ox)
        for (std::int64_t c = 0; c < o.out_channels; ++c) {
          double sum = bias == nullptr ? 0 : bias[c];
          for (std::int64_t i = 0; i < group_in; ++i)
            for (std::int64_t ky = 0; ky < o.kernel_height; ++ky)
              for (std::int64_t kx = 0; kx < o.kernel_width; ++kx) {
                const std::int64_t iy = oy * o.stride + ky - rows.begin;
                const std::int64_t ix = ox * width_stride + kx - columns.begin;
                if (iy < 0 || iy >= in.height || ix < 0 || ix >= in.width) continue;
                const std::int64_t channel = c / group_out * group_in + i;
                sum += double(x[((n * in.height + iy) * in.width + ix) * o.in_channels + channel]) *
                       weight[((c * group_in + i) * o.kernel_height + ky) * o.kernel_width + kx];
              }
          y.push_back(o.scale * reference::activate(o.activation, sum) + o.shift);
          if (residual != nullptr) y.back() += residual[y.size() - 1];
        }
  return y;
}

Conv2dOptions options(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride,
                      std::int64_t groups, Activation activation = Activation::kNone) {
  Conv2dOptions result;
  result.in_channels = in;
  result.out_channels = out;
  result.kernel_height = result.kernel_width = kernel;
  result.stride = stride;
  result.groups = groups;
  result.activation = activation;
  return result;
}

// Every kind of layer of EfficientNet-Lite, and odd ones.
const Conv2dOptions kLayers[] = {options(3, 32, 3, 2, 1, Activation::kRelu6),
                                 options(32, 32, 3, 1, 32, Activation::kRelu6),
                                 options(32, 16, 1, 1, 1),
                                 options(16, 96, 1, 1, 1, Activation::kRelu6),
                                 options(96, 96, 3, 2, 96, Activation::kRelu6),
                                 options(144, 144, 5, 2, 144, Activation::kRelu6),
                                 options(144, 144, 5, 1, 144, Activation::kSilu),
                                 options(144, 24, 1, 1, 1),
                                 options(48, 88, 1, 1, 1),
                                 options(88, 208, 1, 1, 1, Activation::kGelu),
                                 options(7, 5, 3, 1, 1),
                                 options(1, 1, 2, 2, 1),
                                 options(13, 13, 3, 1, 13, Activation::kRelu),
                                 options(12, 18, 3, 2, 6),
                                 options(9, 20, 4, 3, 1, Activation::kGeluTanh),
                                 options(20, 33, 1, 2, 1)};
const Input kInputs[] = {{1, 1, 1}, {1, 5, 4}, {2, 9, 12}, {1, 17, 16}, {3, 8, 7}};

TEST(SamePadding, FollowsTensorFlow) {
  const auto expect = [](std::int64_t in, std::int64_t kernel, std::int64_t stride,
                         std::int64_t begin, std::int64_t end) {
    const Padding padding = same_padding(in, kernel, stride);
    EXPECT_EQ(padding.begin, begin) << in << " " << kernel << " " << stride;
    EXPECT_EQ(padding.end, end) << in << " " << kernel << " " << stride;
  };
  expect(320, 3, 2, 0, 1);
  expect(321, 3, 2, 1, 1);
  expect(80, 5, 2, 1, 2);
  expect(81, 5, 2, 2, 2);
  expect(10, 3, 1, 1, 1);
  expect(10, 4, 1, 1, 2);
  expect(10, 1, 1, 0, 0);
  expect(10, 1, 2, 0, 0);
  expect(1, 5, 2, 2, 2);
  expect(2, 5, 2, 1, 2);
  expect(10, 2, 5, 0, 0);
  EXPECT_THROW(same_padding(0, 3, 1), Error);
  EXPECT_THROW(same_padding(4, 3, 0), Error);
}

TEST(PackedConv2d, EqualsLoopsWithSamePadding) {
  unsigned seed = 0;
  for (const Conv2dOptions& layer : kLayers) {
    const std::int64_t taps =
        layer.in_channels / layer.groups * layer.kernel_height * layer.kernel_width;
    const auto weight =
        random_floats(layer.out_channels * taps, ++seed, 3 / std::sqrt(float(taps)));
    const auto bias = random_floats(layer.out_channels, ++seed);
    const PackedConv2d convolution(weight.data(), bias.data(), layer);
    EXPECT_GE(convolution.bytes(), weight.size() * sizeof(float));
    for (const Input& in : kInputs) {
      const auto x = random_floats(in.n * in.height * in.width * layer.in_channels, ++seed);
      const MapSize size = convolution.output_size(in.height, in.width);
      EXPECT_EQ(size.height, (in.height + layer.stride - 1) / layer.stride);
      EXPECT_EQ(size.width, (in.width + layer.stride - 1) / layer.stride);
      const std::int64_t items = in.n * size.height * size.width * layer.out_channels;
      const auto residual = random_floats(items, ++seed);
      const Padding rows = same_padding(in.height, layer.kernel_height, layer.stride);
      const Padding columns = same_padding(in.width, layer.kernel_width, layer.stride);
      for (const float* added : {static_cast<const float*>(nullptr), residual.data()}) {
        const auto expected = naive(x, in, weight, bias.data(), layer, rows, columns, added);
        std::vector<float> y(items, NAN);
        convolution.forward(x.data(), in.n, in.height, in.width, y.data(), added);
        EXPECT_LT(worst_error(y, expected), 5e-6)
            << layer.in_channels << "->" << layer.out_channels << " kernel " << layer.kernel_height
            << " stride " << layer.stride << " groups " << layer.groups << " input " << in.n << "x"
            << in.height << "x" << in.width << (added ? " residual" : "");
        if (added == nullptr) continue;
        y = residual;
        convolution.forward(x.data(), in.n, in.height, in.width, y.data(), y.data());
        EXPECT_LT(worst_error(y, expected), 5e-6) << "in place";
      }
    }
  }
}

TEST(PackedConv2d, EqualsLoopsWithGivenPaddingAndNoBias) {
  Conv2dOptions layer = options(6, 10, 3, 2, 1, Activation::kRelu6);
  layer.kernel_width = 5;
  layer.same = false;
  layer.height_padding = {2, 0};
  layer.width_padding = {1, 3};
  const auto weight = random_floats(10 * 6 * 15, 1, 0.3f);
  const PackedConv2d convolution(weight.data(), nullptr, layer);
  const Input in{2, 11, 8};
  const auto x = random_floats(2 * 11 * 8 * 6, 2);
  const MapSize size = convolution.output_size(11, 8);
  EXPECT_EQ(size.height, 6);
  EXPECT_EQ(size.width, 4);
  std::vector<float> y(2 * 6 * 4 * 10, NAN);
  convolution.forward(x.data(), in.n, in.height, in.width, y.data());
  EXPECT_LT(worst_error(y, naive(x, in, weight, nullptr, layer, layer.height_padding,
                                 layer.width_padding, nullptr)),
            5e-6);
  EXPECT_THROW(convolution.output_size(0, 8), Error);
  EXPECT_THROW(convolution.output_size(11, 0), Error);
  layer.width_padding = {0, 0};
  const PackedConv2d narrow(weight.data(), nullptr, layer);
  EXPECT_THROW(narrow.output_size(11, 4), Error);  // five columns do not fit into four
  EXPECT_EQ(narrow.output_size(11, 5).width, 1);
}

// Rows and columns may have strides of their own, and what comes out of the activation is scaled
// and shifted before the residual is added.
TEST(PackedConv2d, EqualsLoopsWithTwoStridesAndAScale) {
  for (const auto& [in_channels, out_channels, groups] :
       {std::array<std::int64_t, 3>{24, 24, 24}, {5, 16, 1}, {16, 12, 1}})
    for (const auto& [rows, columns] : {std::pair{2, 1}, std::pair{1, 2}, std::pair{3, 2}}) {
      Conv2dOptions layer =
          options(in_channels, out_channels, 5, rows, groups, Activation::kHardSwish);
      layer.width_stride = columns;
      layer.same = false;
      layer.height_padding = layer.width_padding = {2, 2};
      layer.scale = 0.6f;
      layer.shift = -0.25f;
      const std::int64_t taps = in_channels / groups * 25;
      const auto weight = random_floats(out_channels * taps, 1, 3 / std::sqrt(float(taps)));
      const auto bias = random_floats(out_channels, 2);
      const PackedConv2d convolution(weight.data(), bias.data(), layer);
      const Input in{2, 12, 10};
      const auto x = random_floats(in.n * in.height * in.width * in_channels, 3);
      const MapSize size = convolution.output_size(in.height, in.width);
      EXPECT_EQ(size.height, (12 + rows - 1) / rows);
      EXPECT_EQ(size.width, (10 + columns - 1) / columns);
      const std::int64_t items = in.n * size.height * size.width * out_channels;
      const auto residual = random_floats(items, 4);
      for (const float* added : {static_cast<const float*>(nullptr), residual.data()}) {
        std::vector<float> y(static_cast<std::size_t>(items), NAN);
        convolution.forward(x.data(), in.n, in.height, in.width, y.data(), added);
        EXPECT_LT(worst_error(y, naive(x, in, weight, bias.data(), layer, layer.height_padding,
                                       layer.width_padding, added)),
                  5e-6)
            << in_channels << " strides " << rows << "x" << columns;
      }
    }
}

// The weights serve any size, whichever size their layout was chosen for.
TEST(PackedConv2d, ServesSizesOtherThanTheTypicalOne) {
  for (Conv2dOptions layer :
       {options(24, 144, 1, 1, 1), options(40, 40, 5, 2, 40), options(3, 16, 3, 2, 1)}) {
    const std::int64_t taps =
        layer.in_channels / layer.groups * layer.kernel_height * layer.kernel_width;
    const auto weight = random_floats(layer.out_channels * taps, 1, 0.3f);
    for (const std::int64_t typical : {1, 2, 10, 320}) {
      layer.typical_height = layer.typical_width = typical;
      const PackedConv2d convolution(weight.data(), nullptr, layer);
      for (const Input& in : {Input{1, 40, 40}, Input{1, 2, 3}, Input{5, 1, 1}}) {
        const auto x = random_floats(in.n * in.height * in.width * layer.in_channels, 2);
        const auto expected =
            naive(x, in, weight, nullptr, layer,
                  same_padding(in.height, layer.kernel_height, layer.stride),
                  same_padding(in.width, layer.kernel_width, layer.stride), nullptr);
        std::vector<float> y(expected.size(), NAN);
        convolution.forward(x.data(), in.n, in.height, in.width, y.data());
        EXPECT_LT(worst_error(y, expected), 5e-6) << layer.in_channels << " typical " << typical;
      }
    }
  }
}

TEST(PackedConv2d, TakesNoMapsAndRefusesBadArguments) {
  const std::vector<float> weight(27, 1.0f);
  std::vector<float> y(75, 7.0f);
  const PackedConv2d convolution(weight.data(), nullptr, options(3, 1, 3, 1, 1));
  convolution.forward(nullptr, 0, 5, 5, nullptr);
  convolution.forward(weight.data(), 0, 5, 5, y.data());
  EXPECT_EQ(y, std::vector<float>(75, 7.0f));
  const auto code_of = [](auto&& body) {
    try {
      body();
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::kInternal;
  };
  const auto built = [&](const float* data, const Conv2dOptions& layer) {
    return code_of([&] { PackedConv2d(data, nullptr, layer); });
  };
  EXPECT_EQ(built(nullptr, options(3, 1, 3, 1, 1)), ErrorCode::kUsage);
  EXPECT_EQ(built(weight.data(), options(0, 1, 3, 1, 1)), ErrorCode::kUsage);
  EXPECT_EQ(built(weight.data(), options(3, 1, 3, 0, 1)), ErrorCode::kUsage);
  EXPECT_EQ(built(weight.data(), options(3, 1, 3, 1, 2)), ErrorCode::kUsage);
  Conv2dOptions negative = options(3, 1, 3, 1, 1);
  negative.height_padding.end = -1;
  EXPECT_EQ(built(weight.data(), negative), ErrorCode::kUsage);
  EXPECT_EQ(code_of([&] { convolution.forward(weight.data(), -1, 3, 3, y.data()); }),
            ErrorCode::kUsage);
  EXPECT_EQ(code_of([&] { convolution.forward(nullptr, 1, 3, 3, y.data()); }), ErrorCode::kUsage);
  EXPECT_EQ(code_of([&] { convolution.forward(weight.data(), 1, 3, 3, nullptr); }),
            ErrorCode::kUsage);
}

TEST(PackedConv2d, SaysWhetherItsWeightsAreNumbers) {
  std::vector<float> weight = random_floats(24 * 16 * 9, 1), bias(24, 0.5f);
  const Conv2dOptions layer = options(16, 24, 3, 2, 1, Activation::kRelu6);
  EXPECT_TRUE(PackedConv2d(weight.data(), bias.data(), layer).finite());
  EXPECT_TRUE(PackedConv2d(weight.data(), nullptr, layer).finite());
  bias[23] = std::numeric_limits<float>::infinity();
  EXPECT_FALSE(PackedConv2d(weight.data(), bias.data(), layer).finite());
  weight.back() = std::numeric_limits<float>::quiet_NaN();
  EXPECT_FALSE(PackedConv2d(weight.data(), nullptr, layer).finite());
}

TEST(PackedConv2d, ServesManyThreadsAtOnce) {
  const Conv2dOptions layer = options(16, 24, 3, 2, 1, Activation::kRelu6);
  const auto weight = random_floats(24 * 16 * 9, 1, 0.3f);
  const auto x = random_floats(30 * 30 * 16, 2);
  const PackedConv2d convolution(weight.data(), nullptr, layer);
  // More sizes than the cache holds, met by the threads in different orders.
  const auto run = [&](int offset, std::vector<double>& sums) {
    std::vector<float> y(15 * 15 * 24);
    for (int i = 0; i < 60; ++i) {
      const std::int64_t side = 1 + (i * 7 + offset) % 30;
      convolution.forward(x.data(), 1, side, 30, y.data());
      double sum = 0;
      for (std::int64_t k = 0; k < (side + 1) / 2 * 15 * 24; ++k) sum += y[k];
      sums[side - 1] = sum;
    }
  };
  std::vector<double> alone(30), first(30), second(30);
  run(0, alone);
  std::thread a(run, 3, std::ref(first)), b(run, 17, std::ref(second));
  a.join();
  b.join();
  for (int i = 0; i < 30; ++i) {
    EXPECT_GT(alone[i], 0);
    EXPECT_NEAR(first[i], alone[i], 1e-3);
    EXPECT_NEAR(second[i], alone[i], 1e-3);
  }
}

}  // namespace
}  // namespace beholder::nn::kernels
