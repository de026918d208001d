// Weights written once more with some of their values changed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "io/model_weights.hpp"
#include "io/safetensors.hpp"

namespace beholder::tests {

using Bytes = std::vector<std::uint8_t>;

/// Hands each tensor's bytes to `change`, which may spoil them, and writes all to `to`.
inline void write_edited(
    const io::SafetensorsFile& file, const std::filesystem::path& to,
    const std::function<void(const std::string& name, io::DType dtype, Bytes& bytes)>& change) {
  io::SafetensorsWriter writer;
  for (const std::string& name : file.names()) {
    const io::TensorView& view = file.at(name);
    Bytes bytes(view.data, view.data + view.bytes);
    change(name, view.dtype, bytes);
    writer.add_copy(name, view.dtype, view.shape, bytes.data(), bytes.size());
  }
  writer.write(to);
}

/// Makes element `at` of a tensor stored in floating point NaN.
inline void make_nan(io::DType dtype, Bytes& bytes, std::size_t at) {
  const std::size_t width = io::size_of(dtype);
  // All ones are a NaN in every one of these types.
  for (std::size_t i = 0; i < width; ++i) bytes.at(at * width + i) = 0xff;
}

/// A copy of the model folder `from` whose tensor `tensor` has a NaN at `at`.
inline void copy_with_nan(const std::filesystem::path& from, const std::filesystem::path& to,
                          const std::string& tensor, std::size_t at = 0) {
  std::filesystem::create_directories(to);
  bool found = false;
  for (const auto& entry : std::filesystem::directory_iterator(from)) {
    const std::string ending = entry.path().extension().string();
    const bool companion =
        ending == ".safetensors" && entry.path().filename() != "model.safetensors";
    if (ending == ".json" || ending == ".txt" || companion)
      std::filesystem::copy_file(entry.path(), to / entry.path().filename(),
                                 std::filesystem::copy_options::overwrite_existing);
  }
  write_edited(io::open_weights(from), to / "model.safetensors",
               [&](const std::string& name, io::DType dtype, Bytes& bytes) {
                 if (name != tensor) return;
                 make_nan(dtype, bytes, at);
                 found = true;
               });
  if (!found) throw std::runtime_error("no tensor " + tensor);
}

}  // namespace beholder::tests
