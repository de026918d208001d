#include "nn/kernels/linear.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <thread>
#include <vector>

#include "beholder/error.hpp"
#include "reference.hpp"

namespace beholder::nn::kernels {
namespace {

using reference::kActivations;
using reference::random_floats;
using reference::worst_error;

std::vector<double> naive(const std::vector<float>& x, const std::vector<float>& weight,
                          const float* bias, std::int64_t rows, std::int64_t in, std::int64_t out,
                          Activation activation, const float* residual) {
  std::vector<double> y(static_cast<std::size_t>(rows * out));
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t o = 0; o < out; ++o) {
      double sum = bias == nullptr ? 0.0 : bias[o];
      for (std::int64_t i = 0; i < in; ++i) sum += double(x[r * in + i]) * weight[o * in + i];
      y[r * out + o] =
          reference::activate(activation, sum) + (residual == nullptr ? 0 : residual[r * out + o]);
    }
  }
  return y;
}

struct Quantised {
  std::vector<std::int8_t> weight;
  std::vector<float> scales;
  std::vector<float> expanded;  // weight * scales
};

Quantised random_int8(std::int64_t in, std::int64_t out, unsigned seed) {
  std::mt19937 generator(seed);
  std::uniform_int_distribution<int> integer(-127, 127);
  Quantised q;
  for (std::int64_t o = 0; o < out; ++o) {
    q.scales.push_back(0.5f / (127.0f * std::sqrt(float(in))) * (1 + float(o % 3)));
    for (std::int64_t i = 0; i < in; ++i) {
      q.weight.push_back(static_cast<std::int8_t>(integer(generator)));
      q.expanded.push_back(q.weight.back() * q.scales.back());
    }
  }
  return q;
}

constexpr Int8Compute kIntegers[] = {Int8Compute::kInt24, Int8Compute::kInt16, Int8Compute::kInt8};

struct Shape {
  std::int64_t in, out;
};
constexpr Shape kShapes[] = {{1, 1},   {3, 5},     {16, 64},   {17, 33},  {64, 16},
                             {96, 97}, {250, 131}, {256, 384}, {768, 40}, {1000, 3}};

TEST(PackedLinear, EqualsLoopsOverManyShapes) {
  unsigned seed = 1;
  for (const Shape& shape : kShapes) {
    const auto weight = random_floats(shape.in * shape.out, ++seed, 1 / std::sqrt(float(shape.in)));
    const auto bias = random_floats(shape.out, ++seed);
    const PackedLinear linear(weight.data(), bias.data(), shape.in, shape.out);
    EXPECT_EQ(linear.in(), shape.in);
    EXPECT_EQ(linear.out(), shape.out);
    EXPECT_FALSE(linear.computes_int8());
    EXPECT_GE(linear.bytes(), weight.size() * sizeof(float));
    for (const std::int64_t rows : {1, 2, 3, 5, 7, 16, 33, 130}) {
      const auto x = random_floats(rows * shape.in, ++seed);
      std::vector<float> y(rows * shape.out, NAN);
      linear.forward(x.data(), rows, y.data());
      EXPECT_LT(worst_error(y, naive(x, weight, bias.data(), rows, shape.in, shape.out,
                                     Activation::kNone, nullptr)),
                2e-6)
          << rows << "x" << shape.in << "x" << shape.out;
    }
  }
}

TEST(PackedLinear, AppliesEveryActivationThenTheResidual) {
  const std::int64_t in = 48, out = 37;
  const auto weight = random_floats(in * out, 1, 0.5f);  // sums reach about +-12
  const auto bias = random_floats(out, 2);
  const PackedLinear linear(weight.data(), bias.data(), in, out);
  for (const Activation activation : kActivations) {
    for (const std::int64_t rows : {1, 4, 29}) {
      const auto x = random_floats(rows * in, 3);
      const auto residual = random_floats(rows * out, 4);
      std::vector<float> y(rows * out, NAN);
      linear.forward(x.data(), rows, y.data(), activation);
      EXPECT_LT(worst_error(y, naive(x, weight, bias.data(), rows, in, out, activation, nullptr)),
                3e-6)
          << int(activation);
      const auto expected =
          naive(x, weight, bias.data(), rows, in, out, activation, residual.data());
      std::fill(y.begin(), y.end(), NAN);
      linear.forward(x.data(), rows, y.data(), activation, residual.data());
      EXPECT_LT(worst_error(y, expected), 3e-6) << int(activation);
      y = residual;
      linear.forward(x.data(), rows, y.data(), activation, y.data());
      EXPECT_LT(worst_error(y, expected), 3e-6) << int(activation) << " in place";
    }
  }
}

TEST(PackedLinear, TakesNoBiasAndNoRows) {
  const auto weight = random_floats(6, 1);
  const auto x = random_floats(4, 2);
  const PackedLinear linear(weight.data(), nullptr, 2, 3);
  std::vector<float> y(6, 7.0f);
  linear.forward(nullptr, 0, nullptr);
  linear.forward(x.data(), 0, y.data(), Activation::kGelu, y.data());
  EXPECT_EQ(y, std::vector<float>(6, 7.0f));
  linear.forward(x.data(), 2, y.data());
  EXPECT_LT(worst_error(y, naive(x, weight, nullptr, 2, 2, 3, Activation::kNone, nullptr)), 1e-6);
}

TEST(PackedLinear, RefusesBadArguments) {
  const std::vector<float> weight(6, 1.0f);
  const std::vector<std::int8_t> int8_weight(6, 1);
  const auto code_of = [](auto&& body) {
    try {
      body();
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::kInternal;
  };
  EXPECT_EQ(code_of([&] { PackedLinear(weight.data(), nullptr, 0, 3); }), ErrorCode::kUsage);
  EXPECT_EQ(code_of([&] { PackedLinear(weight.data(), nullptr, 2, -3); }), ErrorCode::kUsage);
  EXPECT_EQ(code_of([&] { PackedLinear(nullptr, nullptr, 2, 3); }), ErrorCode::kUsage);
  EXPECT_EQ(code_of([&] {
              PackedLinear::from_int8(int8_weight.data(), nullptr, nullptr, 2, 3,
                                      Int8Compute::kInt8);
            }),
            ErrorCode::kUsage);
  EXPECT_EQ(code_of([&] {
              PackedLinear::from_int8(int8_weight.data(), weight.data(), nullptr, 65537, 1,
                                      Int8Compute::kInt8);
            }),
            ErrorCode::kUsage);
  const PackedLinear linear(weight.data(), nullptr, 2, 3);
  std::vector<float> y(3);
  EXPECT_EQ(code_of([&] { linear.forward(weight.data(), -1, y.data()); }), ErrorCode::kUsage);
  EXPECT_EQ(code_of([&] { linear.forward(nullptr, 1, y.data()); }), ErrorCode::kUsage);
  EXPECT_EQ(code_of([&] { linear.forward(weight.data(), 1, nullptr); }), ErrorCode::kUsage);
}

TEST(PackedLinear, ExpandsInt8WeightsToFloats) {
  const Quantised q = random_int8(70, 45, 1);
  const auto bias = random_floats(45, 2);
  const auto x = random_floats(9 * 70, 3);
  const auto expected = naive(x, q.expanded, bias.data(), 9, 70, 45, Activation::kSilu, nullptr);
  const std::pair<Int8Compute, double> bounds[] = {
      {Int8Compute::kFloat, 2e-6}, {Int8Compute::kInt24, 2e-6}, {Int8Compute::kInt16, 1e-4}};
  for (const auto& [compute, bound] : bounds) {
    const auto linear =
        PackedLinear::from_int8(q.weight.data(), q.scales.data(), bias.data(), 70, 45, compute);
    std::vector<float> y(9 * 45);
    linear.forward(x.data(), 9, y.data(), Activation::kSilu);
    EXPECT_LT(worst_error(y, expected), bound) << int(compute);
  }
}

TEST(PackedLinear, Int24EqualsFloatsOverManyShapesAndRanges) {
  unsigned seed = 60;
  for (const Shape& shape : kShapes) {
    const Quantised q = random_int8(shape.in, shape.out, ++seed);
    const auto bias = random_floats(shape.out, ++seed);
    const auto linear = PackedLinear::from_int8(q.weight.data(), q.scales.data(), bias.data(),
                                                shape.in, shape.out, Int8Compute::kInt24);
    for (const std::int64_t rows : {1, 5, 40, 131}) {
      auto x = random_floats(rows * shape.in, ++seed);
      for (std::int64_t i = 0; i < shape.in; ++i) x[i] = std::abs(x[i]);  // one-sided range
      // Whole rows far from zero, where the zero point is large.
      for (std::int64_t i = shape.in; i < 2 * shape.in && rows > 1; ++i) x[i] -= 5;
      const auto residual = random_floats(rows * shape.out, ++seed);
      std::vector<float> y = residual;
      linear.forward(x.data(), rows, y.data(), Activation::kGelu, y.data());
      EXPECT_LT(worst_error(y, naive(x, q.expanded, bias.data(), rows, shape.in, shape.out,
                                     Activation::kGelu, residual.data())),
                5e-6)
          << shape.in << " -> " << shape.out << ", " << rows << " rows";
    }
  }
}

// With weights that are exact, the error is that of the rounded inputs: at most half a step for
// each, a step being the row's range over 255 or (without VNNI) 127.
TEST(PackedLinear, Int8StaysWithinTheRoundingBound) {
  unsigned seed = 10;
  for (const Shape& shape : kShapes) {
    const Quantised q = random_int8(shape.in, shape.out, ++seed);
    const auto bias = random_floats(shape.out, ++seed);
    const auto linear = PackedLinear::from_int8(q.weight.data(), q.scales.data(), bias.data(),
                                                shape.in, shape.out, Int8Compute::kInt8);
    EXPECT_TRUE(linear.computes_int8());
    const auto wide = PackedLinear::from_int8(q.weight.data(), q.scales.data(), bias.data(),
                                              shape.in, shape.out, Int8Compute::kInt16);
    for (const std::int64_t rows : {1, 5, 40, 131}) {
      auto x = random_floats(rows * shape.in, ++seed);
      for (std::int64_t i = 0; i < shape.in; ++i) x[i] = std::abs(x[i]);  // one-sided range
      std::vector<float> y(rows * shape.out, NAN), fine(y);
      linear.forward(x.data(), rows, y.data());
      wide.forward(x.data(), rows, fine.data());
      const auto expected =
          naive(x, q.expanded, bias.data(), rows, shape.in, shape.out, Activation::kNone, nullptr);
      for (std::int64_t r = 0; r < rows; ++r) {
        float low = 0, high = 0;
        for (std::int64_t i = 0; i < shape.in; ++i) {
          low = std::min(low, x[r * shape.in + i]);
          high = std::max(high, x[r * shape.in + i]);
        }
        const double half_step = 0.5 * (high - low) / 127;
        for (std::int64_t o = 0; o < shape.out; ++o) {
          double weights = 0, square = 0;
          for (std::int64_t i = 0; i < shape.in; ++i) {
            weights += std::abs(q.expanded[o * shape.in + i]);
            square += std::pow(q.expanded[o * shape.in + i], 2);
          }
          const double error = std::abs(y[r * shape.out + o] - expected[r * shape.out + o]);
          ASSERT_LE(error, half_step * weights * 1.01 + 1e-5) << shape.in << " row " << r;
          // Rounding errors are independent: six standard deviations of their sum.
          ASSERT_LE(error, 6 * half_step / std::sqrt(3.0) * std::sqrt(square) * 1.01 + 1e-5);
          ASSERT_LE(std::abs(fine[r * shape.out + o] - expected[r * shape.out + o]),
                    half_step * 127 / 65535 * weights * 1.1 + 1e-5);
        }
      }
    }
  }
}

// The largest products of either sign, which 16-bit sums would clip.
TEST(PackedLinear, Int8DoesNotSaturate) {
  const std::int64_t in = 512, out = 80;
  for (const Int8Compute compute : kIntegers)
    for (const int extreme : {127, -127, -128}) {
      const std::vector<std::int8_t> weight(in * out, static_cast<std::int8_t>(extreme));
      const std::vector<float> scales(out, 1.0f);
      const auto linear =
          PackedLinear::from_int8(weight.data(), scales.data(), nullptr, in, out, compute);
      for (const std::int64_t rows : {1, 30}) {
        const std::vector<float> x(rows * in, 2.0f);
        std::vector<float> y(rows * out);
        linear.forward(x.data(), rows, y.data());
        for (const float value : y) ASSERT_NEAR(value, 2.0f * in * extreme, 1.0f);
      }
    }
}

TEST(PackedLinear, Int8AppliesEveryActivationThenTheResidual) {
  const std::int64_t in = 8, out = 51, rows = 21;
  Quantised q = random_int8(in, out, 3);
  for (float& scale : q.scales) scale *= 20;
  for (std::size_t i = 0; i < q.expanded.size(); ++i) q.expanded[i] *= 20;
  const auto bias = random_floats(out, 4);
  const auto linear = PackedLinear::from_int8(q.weight.data(), q.scales.data(), bias.data(), in,
                                              out, Int8Compute::kInt8);
  // Whole numbers in a range of 127 are quantised without an error on either kind of machine.
  std::mt19937 generator(5);
  std::uniform_int_distribution<int> step(-27, 100);
  std::vector<float> x(rows * in);
  for (float& value : x) value = float(step(generator)) / 64;
  for (std::int64_t r = 0; r < rows; ++r) x[r * in] = -27.0f / 64, x[r * in + 1] = 100.0f / 64;
  const auto residual = random_floats(rows * out, 6);
  std::vector<float> plain(rows * out);
  linear.forward(x.data(), rows, plain.data());
  for (const Activation activation : kActivations) {
    std::vector<double> expected(plain.size());
    for (std::size_t i = 0; i < plain.size(); ++i) {
      expected[i] = reference::activate(activation, plain[i]);
    }
    std::vector<float> y(rows * out, NAN);
    linear.forward(x.data(), rows, y.data(), activation);
    EXPECT_LT(worst_error(y, expected), 3e-6) << int(activation);
    for (std::size_t i = 0; i < y.size(); ++i) expected[i] += residual[i];
    y = residual;
    linear.forward(x.data(), rows, y.data(), activation, y.data());
    EXPECT_LT(worst_error(y, expected), 3e-6) << int(activation);
    std::fill(y.begin(), y.end(), NAN);
    linear.forward(x.data(), rows, y.data(), activation, residual.data());
    EXPECT_LT(worst_error(y, expected), 3e-6) << int(activation);
  }
}

TEST(PackedLinear, IntegerRowsDoNotDependOnTheirBatch) {
  const std::int64_t in = 200, out = 93, rows = 300;
  const Quantised q = random_int8(in, out, 3);
  const auto bias = random_floats(out, 4);
  const auto x = random_floats(rows * in, 5);
  for (const Int8Compute compute : kIntegers) {
    const auto linear =
        PackedLinear::from_int8(q.weight.data(), q.scales.data(), bias.data(), in, out, compute);
    if (!linear.computes_int8()) continue;  // floats: sums in another order
    std::vector<float> together(rows * out);
    linear.forward(x.data(), rows, together.data(), Activation::kGelu);
    for (const std::int64_t size : {1, 3, 129}) {
      std::vector<float> apart(rows * out);
      for (std::int64_t first = 0; first < rows; first += size) {
        linear.forward(x.data() + first * in, std::min(size, rows - first),
                       apart.data() + first * out, Activation::kGelu);
      }
      EXPECT_EQ(apart, together) << size << " of kind " << int(compute);
    }
  }
}

TEST(PackedLinear, IntegersKeepZeroRowsAndMarkRowsThatAreNotFinite) {
  const std::int64_t in = 40, out = 10;
  const Quantised q = random_int8(in, out, 3);
  const auto bias = random_floats(out, 4);
  for (const Int8Compute compute : kIntegers) {
    const auto linear =
        PackedLinear::from_int8(q.weight.data(), q.scales.data(), bias.data(), in, out, compute);
    std::vector<float> x(4 * in, 0.0f);
    x[1 * in + 7] = std::numeric_limits<float>::infinity();
    x[2 * in + 9] = std::numeric_limits<float>::quiet_NaN();
    x[3 * in + 9] = -std::numeric_limits<float>::denorm_min();
    std::vector<float> y(4 * out);
    linear.forward(x.data(), 4, y.data());
    for (std::int64_t o = 0; o < out; ++o) {
      EXPECT_EQ(y[o], bias[o]);
      EXPECT_FALSE(std::isfinite(y[out + o]));
      EXPECT_TRUE(std::isnan(y[2 * out + o]));
      EXPECT_EQ(y[3 * out + o], bias[o]);
    }
  }
}

TEST(PackedLinear, ServesManyThreadsAtOnce) {
  const std::int64_t in = 90, out = 70;
  const Quantised q = random_int8(in, out, 3);
  const auto x = random_floats(80 * in, 5);
  for (const Int8Compute compute : {Int8Compute::kFloat, Int8Compute::kInt24, Int8Compute::kInt8}) {
    const auto linear =
        PackedLinear::from_int8(q.weight.data(), q.scales.data(), nullptr, in, out, compute);
    // More row counts than the cache holds, met by the threads in different orders.
    const auto run = [&](int offset, std::vector<double>& sums) {
      std::vector<float> y(80 * out);
      for (int i = 0; i < 160; ++i) {
        const std::int64_t rows = 1 + (i * 7 + offset) % 80;
        linear.forward(x.data(), rows, y.data(), Activation::kGelu);
        double sum = 0;
        for (std::int64_t k = 0; k < rows * out; ++k) sum += y[k];
        sums[rows - 1] = sum;
      }
    };
    std::vector<double> alone(80), first(80), second(80);
    run(0, alone);
    std::thread a(run, 3, std::ref(first)), b(run, 41, std::ref(second));
    a.join();
    b.join();
    for (int i = 0; i < 80; ++i) {
      EXPECT_NEAR(first[i], alone[i], 1e-4);
      EXPECT_NEAR(second[i], alone[i], 1e-4);
    }
  }
}

TEST(PackedLinear, MovesWithItsWeights) {
  const auto weight = random_floats(12, 1);
  const auto x = random_floats(4, 2);
  PackedLinear first(weight.data(), nullptr, 4, 3);
  std::vector<float> before(3), after(3);
  first.forward(x.data(), 1, before.data());
  std::vector<PackedLinear> layers;
  layers.push_back(std::move(first));
  layers.emplace_back(weight.data(), nullptr, 4, 3);  // moves the first one again
  layers[0].forward(x.data(), 1, after.data());
  EXPECT_EQ(before, after);
}

}  // namespace
}  // namespace beholder::nn::kernels
