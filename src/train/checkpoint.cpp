#include "train/checkpoint.hpp"

#include <charconv>
#include <cstring>

#include "core/check.hpp"
#include "io/safetensors.hpp"

namespace beholder::train {
namespace {

using Tensors = std::map<std::string, at::Tensor>;

void read_all(const io::SafetensorsFile& file, const std::string& prefix, Tensors& tensors) {
  for (auto& [name, value] : tensors) {
    const io::TensorView& view = file.at(prefix + name);
    check(at::IntArrayRef(view.shape) == value.sizes() && view.dtype == io::DType::kF32,
          ErrorCode::kModelFormat, file.path().string(), ": tensor '", prefix, name,
          "' has another shape than this configuration's");
    value.copy_(at::from_blob(const_cast<std::uint8_t*>(view.data), value.sizes(), at::kFloat));
  }
}

}  // namespace

void add_tensors(io::SafetensorsWriter& writer, const std::string& prefix, const Tensors& tensors) {
  for (const auto& [name, value] : tensors) {
    check(value.is_contiguous() && value.scalar_type() == at::kFloat, ErrorCode::kInternal, name,
          " is not a plain float tensor");
    writer.add(prefix + name, io::DType::kF32, value.sizes().vec(), value.data_ptr<float>(),
               static_cast<std::size_t>(value.numel()) * sizeof(float));
  }
}

Tensors on_cpu(const Tensors& tensors) {
  Tensors out;
  for (const auto& [name, value] : tensors) out[name] = value.detach().to(at::kCPU);
  return out;
}

void save_checkpoint(const TrainState& state, const std::filesystem::path& path) {
  const Tensors values = on_cpu(state.values), average = on_cpu(state.average);
  const Tensors moment1 = on_cpu(state.moment1), moment2 = on_cpu(state.moment2);
  io::SafetensorsWriter writer;
  add_tensors(writer, "value.", values);
  add_tensors(writer, "average.", average);
  add_tensors(writer, "moment1.", moment1);
  add_tensors(writer, "moment2.", moment2);
  writer.set_metadata("step", std::to_string(state.step));
  writer.set_metadata("config", state.config_fingerprint);
  writer.write(path);
}

void load_checkpoint(const std::filesystem::path& path, TrainState& state) {
  const io::SafetensorsFile file = io::SafetensorsFile::open(path);
  const auto& metadata = file.metadata();
  check(
      metadata.count("config") == 1 && metadata.count("step") == 1 &&
          metadata.at("config") == state.config_fingerprint,
      ErrorCode::kModelFormat, path.string(),
      ": this checkpoint belongs to another configuration; name another 'run' folder or remove it");
  read_all(file, "value.", state.values);
  read_all(file, "average.", state.average);
  read_all(file, "moment1.", state.moment1);
  read_all(file, "moment2.", state.moment2);
  const std::string& step = metadata.at("step");
  const auto end = step.data() + step.size();
  const auto read = std::from_chars(step.data(), end, state.step);
  check(read.ec == std::errc() && read.ptr == end && state.step >= 0, ErrorCode::kModelFormat,
        path.string(), ": the step '", step, "' is not a whole number; remove this checkpoint");
}

}  // namespace beholder::train
