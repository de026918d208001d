// Where the parameters of a module come from: trained, frozen but differentiable, or packed.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "io/safetensors.hpp"
#include "nn/kernels/convolution.hpp"
#include "nn/kernels/linear.hpp"

namespace beholder::nn {

/// How a parameter starts when no stored value is given.
enum class Init { kZeros, kOnes, kNormal02, kXavier };

/// Geometry of a two-dimensional convolution; `groups == in_channels` is depthwise.
struct ConvShape {
  std::int64_t in_channels = 0;
  std::int64_t out_channels = 0;
  std::int64_t kernel = 1;
  std::int64_t stride = 1;
  std::int64_t groups = 1;
};

/// Rows of a stored embedding table, dequantised on lookup so that the table is never expanded.
class RowTable {
 public:
  RowTable(io::SafetensorsFile file, const std::string& name, std::int64_t rows,
           std::int64_t width);
  /// @param ids int64 of any shape; returns float (…, width). @throws Error kShape on an id
  /// outside.
  at::Tensor lookup(const at::Tensor& ids) const;

 private:
  io::SafetensorsFile file_;  // keeps the mapping alive
  io::TensorView rows_;
  std::vector<float> scales_;  // one a row; empty unless int8
  std::int64_t width_ = 0;
};

class StoredParameters;

/// Every module declares each of its parameters here, by the name and shape that the file has.
class ParameterSource {
 public:
  virtual ~ParameterSource() = default;

  /// The parameter as a float tensor of `shape`.
  virtual at::Tensor tensor(const std::string& name, at::IntArrayRef shape, Init init) = 0;

  /// Who packs the parameters of module `name`; null when it shall keep plain tensors, through
  /// which gradients flow.
  virtual StoredParameters* packed(const std::string& name) = 0;

  /// Whether several modules may be made from it at once, on threads of their own.
  virtual bool concurrent() const { return false; }
};

/// How int8 weights are multiplied whose names begin with `prefix`.
struct Int8Rule {
  std::string prefix;
  kernels::Int8Compute compute;
};

/// Stored parameters for inference: matrices packed for their kernels, the file's pages given back.
class StoredParameters final : public ParameterSource {
 public:
  /// @param int8_rules the first one that fits holds; without one products are as exact as floats
  explicit StoredParameters(io::SafetensorsFile file, std::vector<Int8Rule> int8_rules = {});

  at::Tensor tensor(const std::string& name, at::IntArrayRef shape, Init init) override;
  StoredParameters* packed(const std::string&) override { return this; }
  bool concurrent() const override { return true; }

  /// `name` (out, in) with the bias `bias_name` (out), "" for none.
  std::shared_ptr<const kernels::PackedLinear> linear(const std::string& name,
                                                      const std::string& bias_name, std::int64_t in,
                                                      std::int64_t out);
  /// `name.weight` and `name.bias`.
  std::shared_ptr<const kernels::PackedConv2d> convolution(const std::string& name,
                                                           const ConvShape& shape,
                                                           kernels::Activation activation);
  /// The same of any geometry. @param options sizes and what is fused
  std::shared_ptr<const kernels::PackedConv2d> convolution(const std::string& name,
                                                           const kernels::Conv2dOptions& options);
  std::shared_ptr<const RowTable> row_table(const std::string& name, std::int64_t rows,
                                            std::int64_t width);

  /// @throws Error kModelFormat naming the tensors of the file that no module declared.
  void check_all_used() const;

 private:
  std::vector<float> floats(const std::string& name, at::IntArrayRef shape);
  void mark_used(const std::string& name);
  kernels::Int8Compute int8_compute(const std::string& name) const;

  io::SafetensorsFile file_;
  std::vector<Int8Rule> int8_rules_;
  std::mutex mutex_;
  std::set<std::string> used_;
};

enum class ParameterState {
  kTrained,  ///< a plain tensor with a gradient of its own
  kFrozen,   ///< a plain tensor without one; gradients flow through to what comes before it
  kPacked    ///< in the form of its inference kernel; no gradient flows through
};

/// The state of parameters whose names begin with `prefix`.
struct StateRule {
  std::string prefix;
  ParameterState state;
};

/// Float parameters that a trainer may change, started from a file where it has them.
class TrainableParameters final : public ParameterSource {
 public:
  /// @param initial stored starting values (a name that it lacks is initialised); may be empty
  /// @param rules the first one that fits holds, without one a parameter is trained; the file must
  /// have what is not
  /// @param seed of the initialisation; the same seed gives the same values
  /// @param device where the parameters live; packed ones stay on the CPU
  explicit TrainableParameters(std::optional<io::SafetensorsFile> initial = {},
                               std::vector<StateRule> rules = {}, std::uint64_t seed = 0,
                               at::Device device = at::kCPU);

  at::Tensor tensor(const std::string& name, at::IntArrayRef shape, Init init) override;
  StoredParameters* packed(const std::string& name) override;

  /// All trained parameters by name, as registered.
  const std::map<std::string, at::Tensor>& all() const { return parameters_; }

  ParameterState state(const std::string& name) const;

 private:
  at::Tensor fresh(at::IntArrayRef shape, Init init);

  std::optional<io::SafetensorsFile> initial_;
  std::unique_ptr<StoredParameters> stored_;  // serves what is packed; null without a file
  std::vector<StateRule> rules_;
  at::Generator generator_;
  at::Device device_;
  std::map<std::string, at::Tensor> parameters_;
};

/// Name of the float scales (one a row) that go with the int8 tensor `name`.
std::string scale_name(const std::string& name);

}  // namespace beholder::nn
