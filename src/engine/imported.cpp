// The registry of published families, and what is common to them.
#include "engine/imported.hpp"

#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "core/check.hpp"
#include "engine/blip.hpp"
#include "engine/engine_impl.hpp"
#include "engine/model_config.hpp"
#include "io/config.hpp"
#include "io/torch_file.hpp"

namespace beholder::engine {
namespace fs = std::filesystem;

namespace {

struct Family {
  std::function<std::unique_ptr<ImportedModel>(const fs::path&)> load;
  /// Declares every parameter, and gives the weights under the names that it declares.
  std::function<io::SafetensorsFile(const fs::path&)> weights;
  std::function<void(const fs::path&, nn::ParameterSource&)> declare;
};

/// By the `model_type` of config.json. A new family is a new class and a line here
/// (docs/adding_a_model.md).
const std::map<std::string, Family>& families() {
  static const std::map<std::string, Family> all = {
      {"blip",
       {[](const fs::path& folder) -> std::unique_ptr<ImportedModel> {
          return std::make_unique<BlipModel>(folder);
        },
        [](const fs::path& folder) {
          return blip_weights(open_weights(folder), load_blip_config(folder));
        },
        [](const fs::path& folder, nn::ParameterSource& source) {
          BlipNetworks(source, load_blip_config(folder));
        }}}};
  return all;
}

const Family& family_of(const fs::path& directory) {
  const io::Config config = io::Config::load(directory / "config.json");
  const std::string type = config.string("model_type");
  const auto found = families().find(type);
  std::string known;
  for (const auto& [name, family] : families()) known += (known.empty() ? "" : ", ") + name;
  check(found != families().end(), ErrorCode::kUnsupported, config.name(), ": model_type '", type,
        "' is not a family that this version runs; it runs ", known, " and its own, ",
        kOwnModelType);
  return found->second;
}

[[noreturn]] void has_not(const char* what) {
  fail(ErrorCode::kUnsupported, "this model cannot ", what,
       "; use one that was trained to (beholder model info lists what a model can do)");
}

/// Compares what is declared with what is stored, and loads nothing.
class Declarations final : public nn::ParameterSource {
 public:
  Declarations(const io::SafetensorsFile& file, WeightReport& report)
      : file_(file), report_(report) {}

  at::Tensor tensor(const std::string& name, at::IntArrayRef shape, nn::Init) override {
    const std::vector<std::int64_t> expected = shape.vec();
    if (!file_.contains(name)) {
      if (seen_.insert(name).second)
        report_.missing.push_back(name + ": expected shape " + io::shape_text(expected));
    } else if (seen_.insert(name).second) {
      const io::TensorView& view = file_.at(name);
      if (view.shape != expected)
        report_.missing.push_back(name + ": expected shape " + io::shape_text(expected) + ", got " +
                                  io::shape_text(view.shape));
      else if (view.dtype != io::DType::kF32 && view.dtype != io::DType::kF16 &&
               view.dtype != io::DType::kBF16 && view.dtype != io::DType::kI8)
        report_.missing.push_back(name + ": expected F32, F16, BF16 or I8, got " +
                                  io::name(view.dtype));
      else
        ++report_.tensors;
      if (view.dtype == io::DType::kI8 && !view.shape.empty())
        check_scale(nn::scale_name(name), view.shape[0]);
    }
    return at::zeros(shape);
  }
  nn::PackedParameters* packed(const std::string&) override { return nullptr; }
  bool declared(const std::string& name) const { return seen_.count(name) != 0; }

 private:
  void check_scale(const std::string& name, std::int64_t rows) {
    seen_.insert(name);
    if (!file_.contains(name) || file_.at(name).dtype != io::DType::kF32 ||
        file_.at(name).shape != std::vector<std::int64_t>{rows})
      report_.missing.push_back(name + ": expected F32 of shape " + io::shape_text({rows}));
  }

  const io::SafetensorsFile& file_;
  WeightReport& report_;
  std::set<std::string> seen_;
};

bool all_finite(const io::TensorView& view) {
  if (view.dtype != io::DType::kF32 && view.dtype != io::DType::kF16 &&
      view.dtype != io::DType::kBF16)
    return true;
  constexpr std::size_t kBlock = 4096;
  const std::size_t count = view.bytes / io::size_of(view.dtype);
  std::vector<float> block(kBlock);
  for (std::size_t begin = 0; begin < count; begin += kBlock) {
    const std::size_t size = std::min(kBlock, count - begin);
    io::read_floats(view, begin, size, block.data());
    for (std::size_t i = 0; i < size; ++i)
      if (!std::isfinite(block[i])) return false;
  }
  return true;
}

}  // namespace

Answer ImportedModel::answer(const Picture::Encoded&, const std::string&,
                             const AnswerOptions&) const {
  has_not("answer questions");
}

std::vector<Description> ImportedModel::describe(const Picture::Encoded&,
                                                 const DescribeOptions&) const {
  has_not("describe pictures");
}

Match ImportedModel::match(const Picture::Encoded&, const std::string&) const {
  has_not("match texts with pictures");
}

std::vector<float> ImportedModel::embed(const Picture::Encoded&) const {
  has_not("embed pictures");
}

std::vector<float> ImportedModel::embed(const std::string&) const { has_not("embed texts"); }

void check_max_new_tokens(int max_new_tokens, bool published) {
  check(max_new_tokens >= (published ? 0 : 1), ErrorCode::kUsage, "max_new_tokens is ",
        max_new_tokens, "; it must be 1 or more");
}

bool is_imported(const fs::path& directory) {
  if (!fs::exists(directory / "config.json")) return false;
  const io::Config config = io::Config::load(directory / "config.json");
  return config.has("model_type") && config.string("model_type") != kOwnModelType;
}

io::SafetensorsFile open_weights(const fs::path& directory) {
  if (fs::exists(directory / "model.safetensors"))
    return io::SafetensorsFile::open(directory / "model.safetensors");
  if (fs::exists(directory / "pytorch_model.bin"))
    return io::open_torch_file(directory / "pytorch_model.bin");
  fail(ErrorCode::kFileNotFound, directory.string(),
       ": neither model.safetensors nor pytorch_model.bin; a checkpoint in several parts is not "
       "read: save it as one file");
}

io::SafetensorsFile imported_weights(const fs::path& directory) {
  return family_of(directory).weights(directory);
}

WeightReport verify_imported(const fs::path& directory) {
  const Family& family = family_of(directory);
  WeightReport out;
  const io::SafetensorsFile file = family.weights(directory);  // refuses other architectures
  out.family = io::Config::load(directory / "config.json").strings("architectures").at(0);
  Declarations source(file, out);
  family.declare(directory, source);
  for (const std::string& name : file.names()) {
    if (!source.declared(name))
      out.left_over.push_back(name);
    else if (!all_finite(file.at(name)))
      out.infinite.push_back(name);
  }
  return out;
}

std::unique_ptr<ImportedModel> load_imported(const fs::path& directory) {
  return family_of(directory).load(directory);
}

}  // namespace beholder::engine
