#include "convert/convert_model.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "convert/quantise.hpp"
#include "core/check.hpp"
#include "core/output_folder.hpp"
#include "io/checksums.hpp"
#include "io/half.hpp"
#include "models/registry.hpp"
#include "models/verify.hpp"

namespace beholder::convert {
namespace fs = std::filesystem;

namespace {

/// Float values of a stored tensor.
std::vector<float> floats_of(const std::string& name, const io::TensorView& view) {
  if (view.dtype != io::DType::kF32 && view.dtype != io::DType::kF16 &&
      view.dtype != io::DType::kBF16)
    fail(ErrorCode::kModelFormat, "tensor '", name, "' is stored as ", io::name(view.dtype),
         "; only F32, F16 and BF16 are converted: start from the original checkpoint");
  std::vector<float> out(view.bytes / io::size_of(view.dtype));
  io::read_floats(view, 0, out.size(), out.data());
  return out;
}

void add(io::SafetensorsWriter& writer, const std::string& name, const io::TensorView& view,
         Precision precision) {
  const std::vector<float> values = floats_of(name, view);
  if (precision == Precision::kInt8 && becomes_int8(name, view))
    return add_int8(writer, name, view.shape, values.data());
  if (precision == Precision::kFloat32) {
    writer.add_copy(name, io::DType::kF32, view.shape, values.data(), values.size() * 4);
    return;
  }
  std::vector<std::uint16_t> halves(values.size());
  const bool brain = precision == Precision::kBFloat16;
  (brain ? io::bfloat16s_from_floats : io::halves_from_floats)(values.data(), halves.data(),
                                                               halves.size());
  for (const float value : values)
    check(brain || std::abs(value) < 65520.0F, ErrorCode::kModelFormat, "tensor '", name,
          "' holds ", value, ", which fp16 cannot; use bf16 or fp32");
  writer.add_copy(name, brain ? io::DType::kBF16 : io::DType::kF16, view.shape, halves.data(),
                  halves.size() * 2);
}

}  // namespace

void convert_model(const fs::path& from, const fs::path& to, Precision precision) {
  std::error_code ignored;
  check(!fs::equivalent(from, to, ignored), ErrorCode::kUsage, to.string(),
        ": is the model itself; name another folder");
  const models::Family& family = models::family_of(from);
  check(family.published, ErrorCode::kUnsupported, from.string(),
        ": only published models are converted; `beholder model export` stores one of this format");
  models::WeightReport report = models::verify_model(from);
  // An odd range is said by `model verify`; only what cannot be stored stops here.
  report.damage.erase(std::remove_if(report.damage.begin(), report.damage.end(),
                                     [](const auto& one) { return !one.not_finite; }),
                      report.damage.end());
  check(report.good(), ErrorCode::kModelFormat, from.string(),
        ": the weights are damaged or do not fit the configuration: ", report.first_fault(),
        "; `beholder model verify` lists all that is wrong");
  const io::SafetensorsFile file = family.weights(from);
  io::SafetensorsWriter writer;
  for (const std::string& name : file.names()) {
    add(writer, name, file.at(name), precision);
    file.release_pages(name);
  }
  OutputFolder out(to);
  std::vector<std::string> texts = family.companions;
  texts.insert(texts.end(), {"README.md", "LICENSE"});
  for (const std::string& text : texts)
    if (fs::exists(from / text)) fs::copy_file(from / text, out.temporary() / text);
  writer.write(out.temporary() / "model.safetensors");
  io::write_checksums(out.temporary());
  out.publish();
}

}  // namespace beholder::convert
