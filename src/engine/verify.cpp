#include "engine/verify.hpp"

#include <set>

#include "core/check.hpp"
#include "engine/imported.hpp"
#include "engine/model.hpp"
#include "io/config.hpp"
#include "io/model_weights.hpp"
#include "nn/parameters.hpp"

namespace beholder::engine {
namespace fs = std::filesystem;

namespace {

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
  nn::StoredParameters* packed(const std::string&) override { return nullptr; }
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

void verify_published(const fs::path& directory, WeightReport& out) {
  const io::SafetensorsFile file = imported_weights(directory);  // refuses other architectures
  out.family = io::Config::load(directory / "config.json").strings("architectures").at(0);
  Declarations source(file, out);
  declare_imported(directory, source);
  std::vector<std::string> declared;
  for (const std::string& name : file.names())
    (source.declared(name) ? declared : out.left_over).push_back(name);
  out.damage = find_damage(file, declared);
}

/// Our own are strict when they are loaded, vocabularies included: what is missing is thrown.
void verify_own(const fs::path& directory, WeightReport& out) {
  out.family = kOwnModelType;
  if (const std::unique_ptr<Model> model = load_model(directory); model->photo_objects)
    model->photo_objects->load();
  const io::SafetensorsFile file = model_weights(directory);
  out.tensors = file.names().size();
  out.damage = find_damage(file, file.names());
}

}  // namespace

std::string WeightReport::first_fault() const {
  std::vector<std::string> all = missing;
  for (const std::string& name : left_over) all.push_back(name + ": is not declared");
  for (const TensorDamage& one : damage) all.push_back(one.tensor + ": " + one.what);
  all.insert(all.end(), checksums.differing.begin(), checksums.differing.end());
  if (all.empty()) return "";
  return all.size() == 1 ? all[0] : concat(all[0], " (and ", all.size() - 1, " more)");
}

WeightReport verify_model(const fs::path& directory) {
  WeightReport out;
  if (is_imported(directory))
    verify_published(directory, out);
  else
    verify_own(directory, out);
  out.checksums = io::compare_checksums(directory);
  return out;
}

void store_checksums(const fs::path& directory) {
  WeightReport report = verify_model(directory);
  report.checksums = {};
  check(report.good(), ErrorCode::kModelFormat, directory.string(), ": ", report.first_fault(),
        "; damaged weights get no checksums: fetch or write them again");
  io::write_checksums(directory);
}

}  // namespace beholder::engine
