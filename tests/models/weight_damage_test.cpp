#include "models/weight_damage.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "convert/quantise.hpp"
#include "io/half.hpp"
#include "io/model_weights.hpp"
#include "io/temporary_folder.hpp"
#include "models/registry.hpp"
#include "models/verify.hpp"
#include "nn/parameters.hpp"
#include "support/edited_weights.hpp"

namespace beholder::models {
namespace {

namespace fs = std::filesystem;
using io::DType;

const fs::path kRoot = BEHOLDER_SOURCE_DIR;
constexpr std::int64_t kRows = 96, kWidth = 100;
constexpr const char* kMatrix = "layer.weight";

/// Weights as training leaves them: normal, with a row of small ones and a large outlier.
std::vector<float> trained(std::uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  std::normal_distribution<float> normal(0, 0.03f);
  std::vector<float> out(kRows * kWidth);
  for (float& value : out) value = normal(random);
  for (std::int64_t i = 0; i < kWidth; ++i) out[3 * kWidth + i] *= 1e-12f;  // a dead channel
  out[500] = 37;
  return out;
}

using Spoil = std::function<void(std::vector<std::uint8_t>& bytes)>;

/// What is found in one tensor of `dtype` after `spoil`; "" for nothing.
std::string found(DType dtype, const Spoil& spoil, std::vector<float> values = trained(),
                  const std::string& name = kMatrix,
                  const std::vector<std::int64_t>& shape = {kRows, kWidth}) {
  std::vector<std::uint8_t> bytes(values.size() * io::size_of(dtype));
  switch (dtype) {
    case DType::kF32: std::memcpy(bytes.data(), values.data(), bytes.size()); break;
    case DType::kF64: {
      const std::vector<double> wide(values.begin(), values.end());
      std::memcpy(bytes.data(), wide.data(), bytes.size());
      break;
    }
    default: {
      std::vector<std::uint16_t> halves(values.size());
      (dtype == DType::kF16 ? io::halves_from_floats : io::bfloat16s_from_floats)(
          values.data(), halves.data(), halves.size());
      std::memcpy(bytes.data(), halves.data(), bytes.size());
    }
  }
  if (spoil) spoil(bytes);
  const io::TemporaryFolder folder;
  io::SafetensorsWriter writer;
  writer.add(name, dtype, shape, bytes.data(), bytes.size());
  writer.write(folder / "w");
  const auto damage = find_damage(io::SafetensorsFile::open(folder / "w"), {name});
  return damage.empty() ? "" : damage.at(0).what;
}

const DType kFloats[] = {DType::kF32, DType::kF16, DType::kBF16, DType::kF64};

Spoil random_bytes(std::size_t from, std::size_t count, std::uint64_t seed) {
  return [=](std::vector<std::uint8_t>& bytes) {
    std::mt19937_64 random(seed);
    for (std::size_t i = 0; i < count; ++i)
      bytes.at(from + i) = static_cast<std::uint8_t>(random() & 255);
  };
}

TEST(WeightDamage, SoundWeightsOfEveryTypePass) {
  for (const DType dtype : kFloats) {
    EXPECT_EQ(found(dtype, {}), "") << io::name(dtype);
    EXPECT_EQ(found(dtype, {}, std::vector<float>(96, 0), "layer.bias", {96}), "");
    EXPECT_EQ(found(dtype, {}, std::vector<float>(96, 1), "layer.norm.weight", {96}), "");
  }
  // As some checkpoints have them: a padding row of zeros, a fused bias whose middle third is zero.
  std::vector<float> padded = trained();
  std::fill(padded.begin(), padded.begin() + kWidth, 0.0f);
  EXPECT_EQ(found(DType::kF32, {}, padded), "");
  const std::vector<float> all = trained();
  std::vector<float> bias(all.begin(), all.begin() + 300);
  std::fill(bias.begin() + 100, bias.begin() + 200, 0.0f);
  EXPECT_EQ(found(DType::kF32, {}, bias, "qkv.bias", {300}), "");
  // Pruned: most values are zero.
  std::vector<float> pruned = trained();
  for (std::size_t i = 0; i < pruned.size(); ++i)
    if (i % 500 > 9) pruned[i] = 0;
  EXPECT_EQ(found(DType::kF32, {}, pruned), "");
}

TEST(WeightDamage, OneValueThatIsNotFinite) {
  for (const DType dtype : kFloats)
    for (const bool infinite : {false, true}) {
      const std::string what = found(dtype, [&](std::vector<std::uint8_t>& bytes) {
        tests::make_nan(dtype, bytes, 777);
        if (!infinite) return;
        const std::size_t width = io::size_of(dtype);
        const std::vector<std::vector<std::uint8_t>> infinities = {
            {0x00, 0x7c}, {0x80, 0x7f}, {0, 0, 0x80, 0xff}, {0, 0, 0, 0, 0, 0, 0xf0, 0x7f}};
        const auto& bits = infinities[width == 8 ? 3 : width == 4 ? 2 : dtype == DType::kBF16];
        std::copy(bits.begin(), bits.end(), bytes.begin() + 777 * width);
      });
      EXPECT_EQ(what, "1 of 9600 values are not finite, the first at 777") << io::name(dtype);
    }
}

TEST(WeightDamage, RandomBytes) {
  for (const DType dtype : kFloats) {
    const std::size_t width = io::size_of(dtype);
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      EXPECT_NE(found(dtype, random_bytes(0, 9600 * width, seed)), "") << io::name(dtype);
      EXPECT_NE(found(dtype, random_bytes(2000 * width, 256 * width, seed)), "")
          << io::name(dtype) << " in part " << seed;
      EXPECT_NE(found(dtype, random_bytes(0, 96 * width, seed), std::vector<float>(96, 1),
                      "layer.norm.weight", {96}),
                "")
          << io::name(dtype) << " of a norm " << seed;
    }
  }
  // By its range alone: all that is not finite taken out.
  const std::string what = found(DType::kF32, [](std::vector<std::uint8_t>& bytes) {
    random_bytes(0, bytes.size(), 5)(bytes);
    for (std::size_t i = 3; i < bytes.size(); i += 4) bytes[i] &= 0xbf;
    bytes[403] = 0x7e;
  });
  EXPECT_EQ(what.find("values reach "), 0u) << what;
}

TEST(WeightDamage, ZerosWhereThereWereWeights) {
  for (const DType dtype : kFloats) {
    const std::size_t width = io::size_of(dtype);
    const auto zeros = [&](std::size_t from, std::size_t count) {
      return [=](std::vector<std::uint8_t>& bytes) {
        std::fill_n(bytes.begin() + from * width, count * width, std::uint8_t{0});
      };
    };
    EXPECT_EQ(found(dtype, zeros(0, 9600)), "all values are zero");
    EXPECT_NE(found(dtype, zeros(1030, 512)).find("512 of 9600"), std::string::npos);
    EXPECT_NE(found(dtype, zeros(0, 1030)), "") << "from the start";
    EXPECT_NE(found(dtype, zeros(9000 + 30, 570)), "") << "to the end";
    EXPECT_EQ(found(dtype, zeros(0, 96), std::vector<float>(96, 1), "a.LayerNorm.weight", {96}),
              "all values are zero");
    EXPECT_NE(found(dtype, [](auto& bytes) { std::fill(bytes.begin(), bytes.end(), 0x41); }), "")
        << "one value everywhere";
  }
}

/// What is found in an int8 matrix and its scales after `spoil`.
std::string found_in_int8(const Spoil& spoil, const Spoil& spoil_scales = {}) {
  const io::TemporaryFolder folder;
  io::SafetensorsWriter writer;
  std::vector<float> values = trained();
  std::fill(values.begin(), values.begin() + kWidth, 0.0f);  // whose scale is 1
  convert::add_int8(writer, kMatrix, {kRows, kWidth}, values.data());
  writer.write(folder / "sound");
  tests::write_edited(io::SafetensorsFile::open(folder / "sound"), folder / "w",
                      [&](const std::string& name, DType, tests::Bytes& bytes) {
                        const Spoil& its = name == kMatrix ? spoil : spoil_scales;
                        if (its) its(bytes);
                      });
  const io::SafetensorsFile file = io::SafetensorsFile::open(folder / "w");
  std::string out;
  for (const TensorDamage& one : find_damage(file, file.names())) out += one.what + "\n";
  return out;
}

TEST(WeightDamage, Int8AndItsScales) {
  EXPECT_EQ(found_in_int8({}), "");
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    EXPECT_NE(found_in_int8(random_bytes(0, 9600, seed)), "");
    EXPECT_NE(found_in_int8(random_bytes(3000, 2048, seed)), "") << seed;
    EXPECT_NE(found_in_int8({}, random_bytes(0, 96 * 4, seed)), "") << seed;
  }
  const auto zeros = [](std::size_t from, std::size_t count) {
    return [=](tests::Bytes& bytes) { std::fill_n(bytes.begin() + from, count, std::uint8_t{0}); };
  };
  EXPECT_NE(found_in_int8(zeros(4096, 512)).find(" of 96 rows are zero"), std::string::npos)
      << found_in_int8(zeros(4096, 512));
  EXPECT_NE(found_in_int8(zeros(0, 9600)), "");
  EXPECT_NE(found_in_int8({}, zeros(40, 4)).find("not above 0"), std::string::npos);
  EXPECT_NE(found_in_int8({}, [](tests::Bytes& bytes) { tests::make_nan(DType::kF32, bytes, 5); })
                .find("not finite"),
            std::string::npos);
  EXPECT_NE(
      found_in_int8({}, [](tests::Bytes& bytes) { bytes.at(43) |= 0x80; }).find("not above 0"),
      std::string::npos)
      << "a negative scale";
}

TEST(WeightDamage, PublishedAndBundledModelsPass) {
  for (const char* folder : {"models/beholder", "tests/golden/blip/vqa",
                             "tests/golden/blip/caption", "tests/golden/blip/itm"}) {
    const io::SafetensorsFile file = io::open_weights(kRoot / folder);
    for (const TensorDamage& one : find_damage(file, file.names()))
      ADD_FAILURE() << folder << ": " << one.tensor << ": " << one.what;
  }
}

TEST(Quantise, NeverMakesNumbersOfWhatIsNone) {
  std::vector<float> values = trained();
  values[4000] = std::nanf("");
  io::SafetensorsWriter writer;
  EXPECT_THROW(convert::add_int8(writer, kMatrix, {kRows, kWidth}, values.data()), Error);
  // A row of numbers so small that they have no scale is a row of zeros.
  values = trained();
  for (std::int64_t i = 0; i < kWidth; ++i) values[i] = std::numeric_limits<float>::denorm_min();
  convert::add_int8(writer, kMatrix, {kRows, kWidth}, values.data());
  const io::TemporaryFolder folder;
  writer.write(folder / "w");
  const io::SafetensorsFile file = io::SafetensorsFile::open(folder / "w");
  EXPECT_TRUE(find_damage(file, file.names()).empty());
}

}  // namespace
}  // namespace beholder::models
