// What kind of picture it is: a photo, a scene of solids or of flat shapes, or none of these.
#pragma once

#include <ATen/ATen.h>

#include <array>
#include <cstdint>
#include <vector>

namespace beholder::scene {

/// Rows of the gate's weights.
enum class PictureKind { kPhoto, kSolids, kShapes, kNeither };
constexpr std::int64_t kPictureKinds = 4;

/// Two linear classifiers with a softmax or logistic function. The first sees what is computed of
/// every picture anyway, and sends photos, pages and drawings away before the detector is asked;
/// the second sees how well the detector's objects explain the picture.
struct GroundGate {
  at::Tensor weight;           ///< (kPictureKinds, C), of the mean of a picture's cells
  at::Tensor bias;             ///< (kPictureKinds)
  at::Tensor evidence_weight;  ///< (2, kSceneEvidence + 1): solids, shapes; last the first's logit
  at::Tensor evidence_bias;    ///< (2)

  bool defined() const { return weight.defined(); }
};

/// Names of the gate's tensors begin so.
constexpr const char* kGroundGateName = "ground_gate";

/// Probabilities of the kinds by the first classifier, adding up to 1.
/// @param pooled (C) mean of the picture's cells
std::array<double, kPictureKinds> picture_kinds(const GroundGate& gate, const at::Tensor& pooled);

/// log(p / (1 - p)) of "a scene", solids and shapes together; within -12 and 12.
double scene_logit(const std::array<double, kPictureKinds>& kinds);

/// Probability that a picture is a scene, by the second classifier.
/// @param row 0: of solids, 1: of shapes  @param evidence `scene_evidence`, then `scene_logit`
double scene_probability(const GroundGate& gate, std::int64_t row,
                         const std::vector<double>& evidence);

}  // namespace beholder::scene
