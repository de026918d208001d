#include "eval/save_weights.hpp"

#include <algorithm>

#include "core/file.hpp"
#include "io/checksums.hpp"
#include "io/safetensors.hpp"

namespace beholder::eval {

void save_weights(const std::filesystem::path& from, const std::filesystem::path& to,
                  const std::vector<std::string>& dropped,
                  const std::map<std::string, at::Tensor>& added) {
  std::filesystem::create_directories(to);
  const io::SafetensorsFile file = io::SafetensorsFile::open(from / "model.safetensors");
  io::SafetensorsWriter writer;
  for (const std::string& name : file.names()) {
    if (std::any_of(dropped.begin(), dropped.end(),
                    [&](const std::string& prefix) { return name.rfind(prefix, 0) == 0; }))
      continue;
    const io::TensorView& view = file.at(name);
    writer.add(name, view.dtype, view.shape, view.data, view.bytes);
  }
  for (const auto& [name, value] : added) {
    const at::Tensor plain = value.contiguous();
    writer.add_copy(name, io::DType::kF32, plain.sizes().vec(), plain.data_ptr<float>(),
                    static_cast<std::size_t>(plain.numel()) * sizeof(float));
  }
  writer.write(to / "model.safetensors");
}

void save_config(const std::filesystem::path& to, const models::native::ModelConfig& config) {
  write_file_atomic(to / "config.json", models::native::write_model_config(config));
  io::write_checksums(to);
}

void save_model(const std::filesystem::path& from, const std::filesystem::path& to,
                const models::native::ModelConfig& config, const std::vector<std::string>& dropped,
                const std::map<std::string, at::Tensor>& added) {
  save_weights(from, to, dropped, added);
  models::native::copy_companions(from, to);
  save_config(to, config);
}

}  // namespace beholder::eval
