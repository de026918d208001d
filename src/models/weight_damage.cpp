#include "models/weight_damage.hpp"

#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "core/check.hpp"
#include "nn/parameters.hpp"

namespace beholder::models {
namespace {

using io::DType;

constexpr std::size_t kBlock = 4096;  // values read at a time
constexpr int kBias = 127;            // of the exponents of floats
constexpr int kNotFinite = 255;

std::int64_t row_width(const io::TensorView& view) {
  std::int64_t width = 1;
  for (std::size_t i = 1; i < view.shape.size(); ++i) width *= view.shape[i];
  return std::max<std::int64_t>(1, width);
}

std::string shown(float value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", static_cast<double>(value));
  return text;
}

/// What one pass over a tensor's values tells.
class Survey {
 public:
  explicit Survey(std::int64_t width) : width_(width) {}

  void add(const float* values, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) add(values[i]);
  }
  void end() { end_run(0); }

  std::int64_t count() const { return count_; }
  std::int64_t not_finite() const { return exponents_[kNotFinite]; }
  std::int64_t first_not_finite() const { return first_bad_; }
  float largest() const { return float_of(largest_); }
  bool constant() const { return constant_; }
  float first() const { return float_of(first_bits_); }
  std::int64_t zeros() const { return zeros_; }
  std::int64_t negative() const { return negative_; }

  /// A long run of zeros that begins or ends within a row.
  struct TornRun {
    std::int64_t length;
    int edge;  ///< exponent of what stands beside it in its row: the smaller, of two
  };
  const std::vector<TornRun>& torn_runs() const { return torn_runs_; }
  /// Zeros in long runs, torn or not.
  std::int64_t long_zeros() const { return long_zeros_; }

  /// The exponent below which `share` of the values lie that are finite and not zero, as a power of
  /// 2; nothing when there are fewer than `least`.
  std::optional<int> exponent_at(double share, std::int64_t least) const {
    const std::int64_t all = count_ - zeros_ - not_finite();
    if (all < least) return std::nullopt;
    auto wanted = static_cast<std::int64_t>(share * static_cast<double>(all - 1)) + 1;
    // Zero itself has the exponent field 0, as have subnormals.
    for (int e = 0; e < kNotFinite; ++e)
      if ((wanted -= exponents_[e] - (e == 0 ? zeros_ : 0)) <= 0) return e - kBias;
    return kNotFinite - 1 - kBias;
  }

 private:
  static float float_of(std::uint32_t bits) {
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }

  void add(float value) {
    std::uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    const std::uint32_t magnitude = bits & 0x7fffffff;
    const std::uint32_t exponent = magnitude >> 23;
    ++exponents_[exponent];
    if (count_ == 0) first_bits_ = bits;
    constant_ = constant_ && bits == first_bits_;
    if (exponent == kNotFinite) {
      if (first_bad_ < 0) first_bad_ = count_;
    } else {
      largest_ = std::max(largest_, magnitude);
    }
    if (magnitude == 0) {
      ++zeros_;
      ++run_;
    } else {
      if (run_ > 0) end_run(magnitude);
      negative_ += bits >> 31;
      last_ = magnitude;
    }
    ++count_;
  }

  /// @param next the magnitude behind the run
  void end_run(std::uint32_t next) {
    constexpr std::int64_t kLong = 64;
    constexpr std::size_t kMostRuns = 64;
    if (run_ >= kLong) {
      long_zeros_ += run_;
      const bool begins_torn = (count_ - run_) % width_ != 0, ends_torn = count_ % width_ != 0;
      const std::uint32_t edge =
          std::min(begins_torn ? last_ : 0x7fffffff, ends_torn ? next : 0x7fffffff);
      if ((begins_torn || ends_torn) && torn_runs_.size() < kMostRuns)
        torn_runs_.push_back({run_, static_cast<int>(edge >> 23) - kBias});
    }
    run_ = 0;
  }

  std::int64_t width_;
  std::array<std::int64_t, 256> exponents_{};
  std::int64_t count_ = 0, zeros_ = 0, negative_ = 0, first_bad_ = -1;
  std::int64_t run_ = 0, long_zeros_ = 0;
  std::vector<TornRun> torn_runs_;
  std::uint32_t first_bits_ = 0, largest_ = 0, last_ = 0;
  bool constant_ = true;
};

Survey survey(const io::TensorView& view) {
  Survey out(row_width(view));
  const std::size_t count = view.bytes / io::size_of(view.dtype);
  std::vector<float> block(kBlock);
  for (std::size_t begin = 0; begin < count; begin += kBlock) {
    const std::size_t size = std::min(kBlock, count - begin);
    if (view.dtype == DType::kF64) {
      for (std::size_t i = 0; i < size; ++i) {
        double value;
        std::memcpy(&value, view.data + (begin + i) * sizeof value, sizeof value);
        block[i] = static_cast<float>(value);  // what is too large is not finite here either
      }
    } else {
      io::read_floats(view, begin, size, block.data());
    }
    out.add(block.data(), size);
  }
  out.end();
  return out;
}

/// "…norm.weight", "…LayerNorm.weight", "…layer_norm1.weight": what a layer is scaled by.
bool scales_a_norm(const std::string& name) {
  std::string lower = name;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const std::size_t end = lower.rfind(".weight");
  return end != std::string::npos && end + 7 == lower.size() &&
         lower.find("norm", lower.rfind('.', end - 1) + 1) != std::string::npos;
}

/// A range that random bytes give and training does not; empty for a sane one.
std::string absurd_range(const Survey& seen, DType dtype) {
  constexpr std::int64_t kLeastForSpread = 16;
  const std::optional<int> middle = seen.exponent_at(0.5, 1);
  if (!middle) return "";
  const bool half = dtype == DType::kF16;
  // Powers of 2: 65,536 is more than fp16 holds; weights of models that were trained in it stay far
  // below. A thousandth above the middle is usual, a millionth is not.
  const int top = half ? 12 : 16, above_middle = half ? 16 : 20;
  const float largest = seen.largest();
  const bool outlier = largest >= std::ldexp(1.0f, top) &&
                       largest >= std::ldexp(1.0f, std::min(126, *middle + above_middle));
  const std::optional<int> high = seen.exponent_at(0.9, kLeastForSpread);
  const bool spread = high && *high >= 8 && *high - *middle >= 6;
  if (!outlier && !spread) return "";
  return concat("values reach ", shown(largest), ", where half of them lie below ",
                shown(std::ldexp(1.0f, *middle + 1)), ": these are not weights but random bytes");
}

/// Zeros that a lost block leaves; empty where zeros mean something.
std::string torn_zeros(const Survey& seen) {
  // Pruned matrices have zeros everywhere, masks have long runs in every row: neither is damage.
  constexpr std::size_t kFewRuns = 8;
  // Nor is a channel that died in training: what 16 bits leave of its row is as good as zero.
  constexpr int kFarBelowMiddle = 8;
  const std::int64_t elsewhere = seen.zeros() - seen.long_zeros();
  const std::optional<int> middle = seen.exponent_at(0.5, 1);
  if (!middle || elsewhere > (seen.count() - seen.long_zeros()) / 50) return "";
  std::int64_t zeros = 0;
  std::size_t runs = 0;
  for (const Survey::TornRun& run : seen.torn_runs()) {
    if (run.edge < *middle - kFarBelowMiddle) continue;
    zeros += run.length;
    ++runs;
  }
  if (runs == 0 || runs > kFewRuns) return "";
  return concat(zeros, " of ", seen.count(), " values are zeros in ", runs,
                runs == 1 ? " stretch that ends" : " stretches that end",
                " within rows of the matrix");
}

std::string damage_of_floats(const std::string& name, const io::TensorView& view,
                             const Survey& seen) {
  if (seen.not_finite() > 0)
    return concat(seen.not_finite(), " of ", seen.count(), " values are not finite, the first at ",
                  seen.first_not_finite());
  const bool matrix = view.shape.size() >= 2 && view.shape[0] > 1 && row_width(view) > 1;
  if ((matrix || scales_a_norm(name)) && seen.zeros() == seen.count()) return "all values are zero";
  constexpr std::int64_t kLeastForConstant = 16;
  if (matrix && seen.constant() && seen.count() >= kLeastForConstant)
    return concat("all values are ", shown(seen.first()));
  const std::string range = absurd_range(seen, view.dtype);
  if (!range.empty()) return range;
  return matrix || scales_a_norm(name) ? torn_zeros(seen) : "";
}

std::string damage_of_scales(const Survey& seen) {
  if (seen.zeros() + seen.negative() == 0) return "";
  return concat(seen.zeros() + seen.negative(), " of ", seen.count(),
                " scales of int8 rows are not above 0");
}

/// What the quantiser (convert/quantise.cpp) cannot have written.
/// @param scales one a row, or null when they cannot be read
std::string damage_of_int8(const io::TensorView& view, const io::TensorView* scales) {
  const auto* data = reinterpret_cast<const std::int8_t*>(view.data);
  const std::int64_t width = row_width(view);
  const std::int64_t rows = static_cast<std::int64_t>(view.bytes) / width;
  std::int64_t lowest = 0, weak = 0, zeroed = 0;
  for (std::int64_t r = 0; r < rows; ++r, data += width) {
    int low = 0, high = 0;
    for (std::int64_t i = 0; i < width; ++i) {
      low = std::min<int>(low, data[i]);
      high = std::max<int>(high, data[i]);
    }
    lowest += low == -128;
    const int largest = std::max(high, -low);
    if (largest > 0) {
      weak += largest < 127;
      continue;
    }
    float scale = 1;
    if (scales != nullptr)
      std::memcpy(&scale, scales->data + static_cast<std::size_t>(r) * sizeof scale, sizeof scale);
    zeroed += scale != 1;
  }
  if (lowest > 0) return concat(lowest, " of ", rows, " rows hold -128, which no int8 weight is");
  if (zeroed > 0) return concat(zeroed, " of ", rows, " rows are zero, which their scales deny");
  if (weak > 0)
    return concat(weak, " of ", rows, " rows nowhere reach the 127 that each is scaled to");
  return "";
}

std::optional<TensorDamage> examine(const io::SafetensorsFile& file, const std::string& name) {
  const io::TensorView& view = file.at(name);
  if (view.bytes == 0) return std::nullopt;
  if (view.dtype == DType::kI8) {
    const std::string scales = nn::scale_name(name);
    const bool readable = file.contains(scales) && file.at(scales).dtype == DType::kF32 &&
                          !view.shape.empty() &&
                          file.at(scales).shape == std::vector<std::int64_t>{view.shape[0]};
    const std::string what = damage_of_int8(view, readable ? &file.at(scales) : nullptr);
    if (what.empty()) return std::nullopt;
    return TensorDamage{name, what, false};
  }
  if (view.dtype != DType::kF32 && view.dtype != DType::kF16 && view.dtype != DType::kBF16 &&
      view.dtype != DType::kF64)
    return std::nullopt;
  const Survey seen = survey(view);
  std::string what = damage_of_floats(name, view, seen);
  const std::string of = name.size() > nn::scale_name("").size()
                             ? name.substr(0, name.size() - nn::scale_name("").size())
                             : "";
  if (what.empty() && nn::scale_name(of) == name && file.contains(of) &&
      file.at(of).dtype == DType::kI8)
    what = damage_of_scales(seen);
  if (what.empty()) return std::nullopt;
  return TensorDamage{name, what, seen.not_finite() > 0};
}

}  // namespace

std::vector<TensorDamage> find_damage(const io::SafetensorsFile& file,
                                      const std::vector<std::string>& names) {
  std::vector<std::optional<TensorDamage>> found(names.size());
  at::parallel_for(0, static_cast<std::int64_t>(names.size()), 1,
                   [&](std::int64_t begin, std::int64_t end) {
                     for (std::int64_t i = begin; i < end; ++i) {
                       found[i] = examine(file, names[i]);
                       file.release_pages(names[i]);
                     }
                   });
  std::vector<TensorDamage> out;
  for (std::optional<TensorDamage>& one : found)
    if (one) out.push_back(std::move(*one));
  return out;
}

}  // namespace beholder::models
