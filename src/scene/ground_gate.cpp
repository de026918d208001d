#include "scene/ground_gate.hpp"

#include <algorithm>
#include <cmath>

#include "core/logistic.hpp"
#include "nn/finite.hpp"

namespace beholder::scene {

std::array<double, kPictureKinds> picture_kinds(const GroundGate& gate, const at::Tensor& pooled) {
  const at::Tensor logits = at::mv(gate.weight, pooled) + gate.bias;
  nn::check_finite(logits, "gate of photos and scenes");
  const at::Tensor p = at::softmax(logits, 0).contiguous();
  std::array<double, kPictureKinds> out{};
  std::copy_n(p.data_ptr<float>(), kPictureKinds, out.begin());
  return out;
}

double scene_logit(const std::array<double, kPictureKinds>& kinds) {
  constexpr double kMost = 12;
  const double scene = kinds[1] + kinds[2], other = kinds[0] + kinds[3];
  return std::clamp(std::log(std::max(1e-9, scene) / std::max(1e-9, other)), -kMost, kMost);
}

double scene_probability(const GroundGate& gate, std::int64_t row,
                         const std::vector<double>& evidence) {
  const at::Tensor weight = gate.evidence_weight[row].contiguous();
  double sum = gate.evidence_bias[row].item<double>();
  for (std::size_t i = 0; i < evidence.size(); ++i)
    sum += weight.data_ptr<float>()[i] * evidence[i];
  if (!std::isfinite(sum)) nn::fail_not_finite("gate of photos and scenes");
  return sigmoid(sum);
}

}  // namespace beholder::scene
