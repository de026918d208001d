// Where the parameters of a module come from: fresh and trainable, or stored and packed.
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

/// Parameters in the form that their inference kernels want.
class PackedParameters {
 public:
  virtual ~PackedParameters() = default;

  /// `name.weight` (out, in) and, with `bias`, `name.bias` (out).
  virtual std::shared_ptr<const kernels::PackedLinear> packed_linear(const std::string& name,
                                                                     std::int64_t in,
                                                                     std::int64_t out,
                                                                     bool bias) = 0;
  /// `name` (rows, width) with the bias `bias_name`, as the output matrix of tied embeddings.
  virtual std::shared_ptr<const kernels::PackedLinear> packed_matrix(const std::string& name,
                                                                     const std::string& bias_name,
                                                                     std::int64_t in,
                                                                     std::int64_t out) = 0;
  virtual std::shared_ptr<const kernels::PackedConv2d> packed_conv(
      const std::string& name, const ConvShape& shape, kernels::Activation activation) = 0;
  virtual std::shared_ptr<const RowTable> row_table(const std::string& name, std::int64_t rows,
                                                    std::int64_t width) = 0;
};

/// Every module declares each of its parameters here, by the name and shape that the file has.
class ParameterSource {
 public:
  virtual ~ParameterSource() = default;

  /// The parameter as a float tensor of `shape`.
  virtual at::Tensor tensor(const std::string& name, at::IntArrayRef shape, Init init) = 0;

  /// Who packs the parameters of module `name`; null when it shall keep plain tensors (training).
  virtual PackedParameters* packed(const std::string& name) = 0;
};

/// How int8 weights are multiplied whose names begin with `prefix`.
struct Int8Rule {
  std::string prefix;
  kernels::Int8Compute compute;
};

/// Stored parameters for inference: matrices packed for their kernels, the file's pages given back.
/// Several modules may be made from it at once, on threads of their own.
class StoredParameters final : public ParameterSource, public PackedParameters {
 public:
  /// @param int8_rules the first one that fits holds; without one products are as exact as floats
  explicit StoredParameters(io::SafetensorsFile file, std::vector<Int8Rule> int8_rules = {});

  at::Tensor tensor(const std::string& name, at::IntArrayRef shape, Init init) override;
  PackedParameters* packed(const std::string&) override { return this; }
  std::shared_ptr<const kernels::PackedLinear> packed_linear(const std::string& name,
                                                             std::int64_t in, std::int64_t out,
                                                             bool bias) override;
  std::shared_ptr<const kernels::PackedLinear> packed_matrix(const std::string& name,
                                                             const std::string& bias_name,
                                                             std::int64_t in,
                                                             std::int64_t out) override;
  std::shared_ptr<const kernels::PackedConv2d> packed_conv(const std::string& name,
                                                           const ConvShape& shape,
                                                           kernels::Activation activation) override;
  std::shared_ptr<const RowTable> row_table(const std::string& name, std::int64_t rows,
                                            std::int64_t width) override;

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

/// Float parameters that a trainer may change, started from a file where it has them; frozen ones
/// are stored parameters in their packed form, without gradients.
class TrainableParameters final : public ParameterSource {
 public:
  /// @param initial stored starting values (a name that it lacks is initialised); may be empty
  /// @param frozen prefixes of names that are not trained; the file must have them
  /// @param seed of the initialisation; the same seed gives the same values
  /// @param device where the trained parameters live; frozen ones stay on the CPU
  explicit TrainableParameters(std::optional<io::SafetensorsFile> initial = {},
                               std::vector<std::string> frozen = {}, std::uint64_t seed = 0,
                               at::Device device = at::kCPU);

  at::Tensor tensor(const std::string& name, at::IntArrayRef shape, Init init) override;
  PackedParameters* packed(const std::string& name) override;

  /// All trained parameters by name, as registered.
  const std::map<std::string, at::Tensor>& all() const { return parameters_; }

  bool frozen(const std::string& name) const;

 private:
  std::optional<io::SafetensorsFile> initial_;
  std::unique_ptr<StoredParameters> stored_;  // serves the frozen names; null when there are none
  std::vector<std::string> frozen_;
  at::Generator generator_;
  at::Device device_;
  std::map<std::string, at::Tensor> parameters_;
};

/// Name of the float scales (one a row) that go with the int8 tensor `name`.
std::string scale_name(const std::string& name);

}  // namespace beholder::nn
