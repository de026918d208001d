#include "nn/parameters.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/check.hpp"

namespace beholder::nn {
namespace {

std::int64_t element_count(at::IntArrayRef shape) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) count *= size;
  return count;
}

void check_stored_shape(const io::SafetensorsFile& file, const std::string& name,
                        const io::TensorView& view, at::IntArrayRef shape) {
  const at::IntArrayRef stored(view.shape.data(), view.shape.size());
  check(stored == shape, ErrorCode::kModelFormat, file.path().string(), ": tensor '", name,
        "': expected shape ", shape, ", got ", stored);
}

/// One scale a row for an int8 tensor, checked against its row count.
std::vector<float> read_scales(const io::SafetensorsFile& file, const std::string& name,
                               std::int64_t rows) {
  const io::TensorView& view = file.at(scale_name(name));
  check_stored_shape(file, scale_name(name), view, {rows});
  check(view.dtype == io::DType::kF32, ErrorCode::kModelFormat, file.path().string(), ": tensor '",
        scale_name(name), "': expected F32 scales");
  std::vector<float> scales(rows);
  std::memcpy(scales.data(), view.data, view.bytes);
  return scales;
}

/// The first of the rules whose prefix `name` begins with, or null.
template <typename Rule>
const Rule* rule_of(const std::vector<Rule>& rules, const std::string& name) {
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) {
    return name.compare(0, rule.prefix.size(), rule.prefix) == 0;
  });
  return found == rules.end() ? nullptr : &*found;
}

}  // namespace

std::string scale_name(const std::string& name) { return name + "_scale"; }

RowTable::RowTable(io::SafetensorsFile file, const std::string& name, std::int64_t rows,
                   std::int64_t width)
    : file_(std::move(file)), rows_(file_.at(name)), width_(width) {
  check_stored_shape(file_, name, rows_, {rows, width});
  if (rows_.dtype == io::DType::kI8) scales_ = read_scales(file_, name, rows);
}

at::Tensor RowTable::lookup(const at::Tensor& ids) const {
  const at::Tensor flat = ids.reshape({-1}).to(at::kLong).contiguous();  // (n)
  at::Tensor out = at::empty({flat.numel(), width_});                    // (n, width)
  const std::int64_t* id = flat.data_ptr<std::int64_t>();
  float* row = out.data_ptr<float>();
  for (std::int64_t i = 0; i < flat.numel(); ++i, row += width_) {
    check(id[i] >= 0 && id[i] < rows_.shape[0], ErrorCode::kShape, "embedding: id ", id[i],
          " is outside the table of ", rows_.shape[0], " rows");
    io::read_floats(rows_, id[i] * width_, width_, row);
    if (scales_.empty()) continue;
    for (std::int64_t j = 0; j < width_; ++j) row[j] *= scales_[id[i]];
  }
  std::vector<std::int64_t> shape = ids.sizes().vec();
  shape.push_back(width_);
  return out.reshape(shape);
}

TrainableParameters::TrainableParameters(std::optional<io::SafetensorsFile> initial,
                                         std::vector<StateRule> rules, std::uint64_t seed,
                                         at::Device device)
    : initial_(std::move(initial)),
      rules_(std::move(rules)),
      generator_(at::detail::createCPUGenerator(seed)),
      device_(device) {
  check(rules_.empty() || initial_, ErrorCode::kDataFormat,
        "parameters that are not trained need a file of starting weights");
  if (initial_) stored_ = std::make_unique<StoredParameters>(*initial_);
}

ParameterState TrainableParameters::state(const std::string& name) const {
  const StateRule* const rule = rule_of(rules_, name);
  return rule == nullptr ? ParameterState::kTrained : rule->state;
}

StoredParameters* TrainableParameters::packed(const std::string& name) {
  return state(name) == ParameterState::kPacked ? stored_.get() : nullptr;
}

at::Tensor TrainableParameters::tensor(const std::string& name, at::IntArrayRef shape, Init init) {
  const ParameterState state = this->state(name);
  if (state == ParameterState::kPacked) return stored_->tensor(name, shape, init);
  if (state == ParameterState::kFrozen) return stored_->tensor(name, shape, init).to(device_);
  const auto found = parameters_.find(name);
  if (found != parameters_.end()) return found->second;
  at::Tensor value = initial_ && initial_->contains(name) ? stored_->tensor(name, shape, init)
                                                          : fresh(shape, init);
  value = value.to(device_);
  value.set_requires_grad(true);
  parameters_.emplace(name, value);
  return value;
}

at::Tensor TrainableParameters::fresh(at::IntArrayRef shape, Init init) {
  at::Tensor value = at::empty(shape);
  switch (init) {
    case Init::kZeros: return value.zero_();
    case Init::kOnes: return value.fill_(1);
    case Init::kNormal02: return value.normal_(0, 0.02, generator_);
    case Init::kXavier: break;
  }
  const std::int64_t receptive = value.numel() / (shape[0] * shape[1]);
  const double fan = static_cast<double>((shape[0] + shape[1]) * receptive);
  const double limit = std::sqrt(6.0 / fan);
  return value.uniform_(-limit, limit, generator_);
}

StoredParameters::StoredParameters(io::SafetensorsFile file, std::vector<Int8Rule> int8_rules)
    : file_(std::move(file)), int8_rules_(std::move(int8_rules)) {}

kernels::Int8Compute StoredParameters::int8_compute(const std::string& name) const {
  const Int8Rule* const rule = rule_of(int8_rules_, name);
  return rule == nullptr ? kernels::Int8Compute::kInt24 : rule->compute;
}

void StoredParameters::mark_used(const std::string& name) {
  const std::lock_guard<std::mutex> lock(mutex_);
  used_.insert(name);
}

std::vector<float> StoredParameters::floats(const std::string& name, at::IntArrayRef shape) {
  const io::TensorView& view = file_.at(name);
  check_stored_shape(file_, name, view, shape);
  mark_used(name);
  const std::int64_t count = element_count(shape);
  std::vector<float> values(count);
  io::read_floats(view, 0, count, values.data());
  if (view.dtype == io::DType::kI8) {
    const std::vector<float> scales = read_scales(file_, name, shape[0]);
    mark_used(scale_name(name));
    const std::int64_t width = count / shape[0];
    for (std::int64_t i = 0; i < count; ++i) values[i] *= scales[i / width];
  }
  file_.release_pages(name);
  return values;
}

at::Tensor StoredParameters::tensor(const std::string& name, at::IntArrayRef shape, Init) {
  const std::vector<float> values = floats(name, shape);
  at::Tensor out = at::empty(shape);
  std::memcpy(out.data_ptr<float>(), values.data(), values.size() * sizeof(float));
  return out;
}

std::shared_ptr<const kernels::PackedLinear> StoredParameters::linear(const std::string& name,
                                                                      const std::string& bias_name,
                                                                      std::int64_t in,
                                                                      std::int64_t out) {
  std::vector<float> bias;
  if (!bias_name.empty()) bias = floats(bias_name, {out});
  const float* bias_data = bias.empty() ? nullptr : bias.data();
  const io::TensorView& view = file_.at(name);
  if (view.dtype == io::DType::kI8) {
    check_stored_shape(file_, name, view, {out, in});
    const std::vector<float> scales = read_scales(file_, name, out);
    mark_used(name);
    mark_used(scale_name(name));
    auto packed = std::make_shared<kernels::PackedLinear>(
        kernels::PackedLinear::from_int8(reinterpret_cast<const std::int8_t*>(view.data),
                                         scales.data(), bias_data, in, out, int8_compute(name)));
    file_.release_pages(name);
    return packed;
  }
  if (view.dtype == io::DType::kF32 &&
      reinterpret_cast<std::uintptr_t>(view.data) % alignof(float) == 0) {
    // Packed from where it lies in the file: large models are bound by memory while they load.
    check_stored_shape(file_, name, view, {out, in});
    mark_used(name);
    auto packed = std::make_shared<kernels::PackedLinear>(reinterpret_cast<const float*>(view.data),
                                                          bias_data, in, out);
    file_.release_pages(name);
    return packed;
  }
  const std::vector<float> weight = floats(name, {out, in});
  return std::make_shared<kernels::PackedLinear>(weight.data(), bias_data, in, out);
}

std::shared_ptr<const kernels::PackedConv2d> StoredParameters::convolution(
    const std::string& name, const ConvShape& shape, kernels::Activation activation) {
  kernels::Conv2dOptions options;
  options.in_channels = shape.in_channels;
  options.out_channels = shape.out_channels;
  options.kernel_height = options.kernel_width = shape.kernel;
  options.stride = shape.stride;
  options.groups = shape.groups;
  options.activation = activation;
  return convolution(name, options);
}

std::shared_ptr<const kernels::PackedConv2d> StoredParameters::convolution(
    const std::string& name, const kernels::Conv2dOptions& options) {
  const std::vector<float> weight =
      floats(name + ".weight", {options.out_channels, options.in_channels / options.groups,
                                options.kernel_height, options.kernel_width});
  const std::vector<float> bias = floats(name + ".bias", {options.out_channels});
  return std::make_shared<kernels::PackedConv2d>(weight.data(), bias.data(), options);
}

std::shared_ptr<const RowTable> StoredParameters::row_table(const std::string& name,
                                                            std::int64_t rows, std::int64_t width) {
  auto table = std::make_shared<RowTable>(file_, name, rows, width);
  mark_used(name);
  if (file_.at(name).dtype == io::DType::kI8) mark_used(scale_name(name));
  return table;
}

void StoredParameters::check_all_used() const {
  std::string left;
  for (const std::string& name : file_.names())
    if (used_.count(name) == 0) left += (left.empty() ? "'" : ", '") + name + "'";
  check(left.empty(), ErrorCode::kModelFormat, file_.path().string(),
        ": tensors that this model has no place for: ", left,
        "; the file belongs to another version or configuration");
}

}  // namespace beholder::nn
