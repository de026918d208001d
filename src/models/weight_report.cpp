#include "models/weight_report.hpp"

#include <set>

#include "core/check.hpp"

namespace beholder::models {
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

}  // namespace

std::string WeightReport::first_fault() const {
  std::vector<std::string> all = missing;
  for (const std::string& name : left_over) all.push_back(name + ": is not declared");
  for (const TensorDamage& one : damage) all.push_back(one.tensor + ": " + one.what);
  all.insert(all.end(), checksums.differing.begin(), checksums.differing.end());
  if (all.empty()) return "";
  return all.size() == 1 ? all[0] : concat(all[0], " (and ", all.size() - 1, " more)");
}

void compare_weights(const io::SafetensorsFile& stored,
                     const std::function<void(nn::ParameterSource&)>& declare, WeightReport& out) {
  Declarations source(stored, out);
  declare(source);
  std::vector<std::string> declared;
  for (const std::string& name : stored.names())
    (source.declared(name) ? declared : out.left_over).push_back(name);
  out.damage = find_damage(stored, declared);
}

}  // namespace beholder::models
