#include "convert/average_models.hpp"

#include <map>
#include <string>

#include "convert/quantise.hpp"
#include "core/check.hpp"
#include "core/file.hpp"
#include "core/output_folder.hpp"
#include "io/checksums.hpp"
#include "io/safetensors.hpp"
#include "models/native/checkpoint.hpp"

namespace beholder::convert {
namespace fs = std::filesystem;

namespace {

/// A model's configuration but for what is fit after training.
std::string shape_of(const fs::path& folder) {
  models::native::ModelConfig config = models::native::load_model_config(folder);
  config.calibration = {};
  config.description_calibration.reset();
  return models::native::write_model_config(config);
}

}  // namespace

void average_models(const std::vector<fs::path>& from, const fs::path& to) {
  check(from.size() >= 2, ErrorCode::kUsage, "averaging needs two models or more, ", from.size(),
        " given");
  std::vector<io::SafetensorsFile> files;
  for (const fs::path& folder : from)
    files.push_back(io::SafetensorsFile::open(folder / "model.safetensors"));
  std::map<std::string, std::string> texts = models::native::companions(from[0]);
  const std::string first = shape_of(from[0]);
  for (std::size_t i = 1; i < from.size(); ++i) {
    bool same = shape_of(from[i]) == first;
    for (const auto& [name, text] : texts)
      same = same && fs::exists(from[i] / name) && read_file_text(from[i] / name) == text;
    check(same, ErrorCode::kModelFormat, from[i].string(), " has another configuration than ",
          from[0].string(), "; only models of one configuration can be averaged");
  }
  texts["config.json"] = read_file_text(from[0] / "config.json");
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
    check_weights(name, means.data(), means.size());
    writer.add_copy(name, io::DType::kF32, view.shape, means.data(), view.bytes);
  }
  OutputFolder out(to);
  writer.write(out.temporary() / "model.safetensors");
  for (const auto& [name, text] : texts) write_file_atomic(out.temporary() / name, text);
  io::write_checksums(out.temporary());
  out.publish();
}

}  // namespace beholder::convert
