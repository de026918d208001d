#include "core/check.hpp"
#include "core/file.hpp"
#include "io/safetensors.hpp"
#include "train/trainer.hpp"

namespace beholder::train {
namespace fs = std::filesystem;

void average_models(const std::vector<fs::path>& from, const fs::path& to) {
  check(from.size() >= 2, ErrorCode::kUsage, "averaging needs two models or more, ", from.size(),
        " given");
  std::vector<io::SafetensorsFile> files;
  for (const fs::path& folder : from)
    files.push_back(io::SafetensorsFile::open(folder / "model.safetensors"));
  constexpr const char* kTexts[] = {"config.json", "vocab.txt", "tokenizer_config.json",
                                    "output_vocab.txt"};
  for (const char* name : kTexts) {
    const std::string first = read_file_text(from[0] / name);
    for (std::size_t i = 1; i < from.size(); ++i)
      check(read_file_text(from[i] / name) == first, ErrorCode::kModelFormat,
            (from[i] / name).string(), " differs from that of ", from[0].string(),
            "; only models of one configuration can be averaged");
  }
  const std::vector<std::string> names = files[0].names();
  io::SafetensorsWriter writer;
  for (std::size_t i = 1; i < files.size(); ++i)
    check(files[i].names() == names, ErrorCode::kModelFormat, files[i].path().string(),
          " has other tensors than ", files[0].path().string());
  for (const std::string& name : names) {
    const io::TensorView& view = files[0].at(name);
    std::vector<double> sums(view.bytes / 4, 0.0);
    for (const io::SafetensorsFile& file : files) {
      const io::TensorView& other = file.at(name);
      check(other.dtype == io::DType::kF32 && other.shape == view.shape, ErrorCode::kModelFormat,
            file.path().string(), ": tensor '", name, "' is not F32 of the first model's shape");
      const auto* values = reinterpret_cast<const float*>(other.data);
      for (std::size_t k = 0; k < sums.size(); ++k) sums[k] += values[k];
    }
    std::vector<float> means(sums.size());
    for (std::size_t k = 0; k < sums.size(); ++k)
      means[k] = static_cast<float>(sums[k] / static_cast<double>(files.size()));
    writer.add_copy(name, io::DType::kF32, view.shape, means.data(), view.bytes);
  }
  fs::create_directories(to);
  writer.write(to / "model.safetensors");
  for (const char* name : kTexts) write_file_atomic(to / name, read_file_text(from[0] / name));
}

}  // namespace beholder::train
