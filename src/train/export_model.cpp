#include <cmath>
#include <vector>

#include "core/check.hpp"
#include "core/file.hpp"
#include "io/half.hpp"
#include "io/safetensors.hpp"
#include "nn/parameters.hpp"
#include "train/trainer.hpp"

namespace beholder::train {
namespace fs = std::filesystem;

namespace {

/// A matrix with many rows and columns; position tables and convolutions stay in floating point.
bool becomes_int8(const std::string& name, const io::TensorView& view) {
  return view.shape.size() == 2 && view.shape[0] >= 64 && view.shape[1] >= 64 &&
         name.find("position_embeddings") == std::string::npos;
}

/// Symmetric quantisation with one scale a row: value ~ integer * scale, |integer| <= 127.
void add_int8(io::SafetensorsWriter& writer, const std::string& name, const io::TensorView& view) {
  const std::int64_t rows = view.shape[0], width = view.shape[1];
  const auto* values = reinterpret_cast<const float*>(view.data);
  std::vector<std::int8_t> integers(rows * width);
  std::vector<float> scales(rows);
  for (std::int64_t r = 0; r < rows; ++r) {
    float largest = 0;
    for (std::int64_t i = 0; i < width; ++i)
      largest = std::max(largest, std::abs(values[r * width + i]));
    scales[r] = largest > 0 ? largest / 127 : 1;
    for (std::int64_t i = 0; i < width; ++i)
      integers[r * width + i] =
          static_cast<std::int8_t>(std::lround(values[r * width + i] / scales[r]));
  }
  writer.add_copy(name, io::DType::kI8, view.shape, integers.data(), integers.size());
  writer.add_copy(nn::scale_name(name), io::DType::kF32, {rows}, scales.data(), rows * 4);
}

}  // namespace

void export_model(const fs::path& from, const fs::path& to, StorageType storage) {
  const io::SafetensorsFile file = io::SafetensorsFile::open(from / "model.safetensors");
  fs::create_directories(to);
  io::SafetensorsWriter writer;
  for (const std::string& name : file.names()) {
    const io::TensorView& view = file.at(name);
    check(view.dtype == io::DType::kF32, ErrorCode::kModelFormat, file.path().string(),
          ": tensor '", name, "' is not F32; export from the trained float model");
    if (storage == StorageType::kFloat32) {
      writer.add(name, view.dtype, view.shape, view.data, view.bytes);
    } else if (becomes_int8(name, view)) {
      add_int8(writer, name, view);
    } else {
      std::vector<std::uint16_t> halves(view.bytes / 4);
      io::halves_from_floats(reinterpret_cast<const float*>(view.data), halves.data(),
                             halves.size());
      writer.add_copy(name, io::DType::kF16, view.shape, halves.data(), halves.size() * 2);
    }
  }
  writer.write(to / "model.safetensors");
  for (const char* name : {"config.json", "vocab.txt", "tokenizer_config.json", "output_vocab.txt"})
    write_file_atomic(to / name, read_file_text(from / name));
}

}  // namespace beholder::train
