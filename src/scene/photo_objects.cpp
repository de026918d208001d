#include "scene/photo_objects.hpp"

#include <algorithm>
#include <cmath>

#include "core/check.hpp"
#include "core/logistic.hpp"
#include "nn/parameters.hpp"
#include "vision/preprocess/image_processor.hpp"

namespace beholder::scene {
namespace {

constexpr const char* kName = "photo_objects";
/// The side that the detector was trained on, px. Parts of it overlap by a fifth of the photo.
constexpr int kSeen = 300;
/// Claims below are not looked at; a look without a claim counts as one that just fails.
constexpr float kLeastScore = 0.1f;
/// What is larger, as a side's share of the photo, is too large for the parts, and partly outside.
constexpr float kLargestInPart = 0.25f;
/// From here on parts do not always show it.
constexpr float kSmall = 0.15f;
/// A box that ends so near to where a part ends, as a share of the part, goes on outside.
constexpr float kEdge = 0.01f;

/// Of a square of the same area.
float side_of(const std::array<float, 4>& box) {
  return std::sqrt(std::max(0.0f, (box[2] - box[0]) * (box[3] - box[1])));
}

io::SafetensorsFile opened(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / PhotoObjects::kFileName;
  check(std::filesystem::exists(path), ErrorCode::kFileNotFound, path.string(),
        ": no such file; the model's config.json has photo_objects, whose weights it holds: fetch "
        "the model again");
  return io::SafetensorsFile::open(path);
}

/// Of what a part of the photo shows, small things that lie inside it, in shares of the photo.
void add_part(std::vector<vision::ScoredBox> found, const vision::Image& photo, int left, int top,
              std::vector<vision::ScoredBox>& out) {
  constexpr auto kScale = static_cast<float>(kSeen) / PhotoObjects::kSide;
  for (vision::ScoredBox& one : found) {
    auto& [l, t, r, b] = one.box;
    const bool cut = (left > 0 && l < kEdge) || (top > 0 && t < kEdge) ||
                     (left + kSeen < photo.width && r > 1 - kEdge) ||
                     (top + kSeen < photo.height && b > 1 - kEdge);
    if (cut || side_of(one.box) * kScale >= kLargestInPart) continue;
    const float x = static_cast<float>(left) / static_cast<float>(photo.width),
                y = static_cast<float>(top) / static_cast<float>(photo.height);
    one.box = {x + l * kScale, y + t * kScale, x + r * kScale, y + b * kScale};
    out.push_back(one);
  }
}

}  // namespace

double PhotoObjectsConfig::Calibration::logit(const std::vector<double>& evidence) const {
  double sum = offset;
  for (std::size_t look = 0; look < evidence.size(); ++look) sum += slopes[look] * evidence[look];
  return sum;
}

bool is_small(const vision::MergedBox& thing) { return side_of(thing.box) < kSmall; }

std::vector<double> evidence_of(const vision::MergedBox& thing) {
  std::vector<double> out;
  const std::size_t looks = is_small(thing) ? PhotoObjects::kSmallLooks : PhotoObjects::kLargeLooks;
  for (std::size_t look = 0; look < looks; ++look) {
    const double score = std::clamp<double>(thing.scores[look], kLeastScore, 1 - 1e-4);
    out.push_back(std::log(score / (1 - score)));
  }
  return out;
}

PhotoObjects::PhotoObjects(const std::filesystem::path& folder, PhotoObjectsConfig config)
    : config_(std::move(config)), file_(opened(folder)) {}

const vision::SsdDetector& PhotoObjects::network() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!network_) {
    nn::StoredParameters parameters(file_);
    auto made = std::make_unique<vision::SsdDetector>(
        parameters, kName, static_cast<std::int64_t>(config_.names.size()));
    parameters.check_all_used();
    network_ = std::move(made);
  }
  return *network_;
}

std::vector<vision::MergedBox> PhotoObjects::claims(const vision::Image& photo, bool mirror) const {
  check(photo.width == kSide && photo.height == kSide, ErrorCode::kInternal, "a photo of ",
        photo.width, "x", photo.height, " px was given to the detector of photos");
  const vision::SsdDetector& detector = network();
  const vision::Image whole = vision::resize_image(photo, kSeen, kSeen, vision::Resample::kArea);
  std::vector<std::vector<vision::ScoredBox>> looks(kSmallLooks);
  looks[0] = detector.detect(whole, kLeastScore);
  // Not looked at, a mirror image counts as if it had shown the same.
  looks[1] = mirror ? detector.detect_mirrored(whole, kLeastScore) : looks[0];
  for (const int top : {0, kSide - kSeen})
    for (const int left : {0, kSide - kSeen}) {
      const vision::Image part = vision::crop_image(photo, left, top, kSeen, kSeen);
      add_part(detector.detect(part, kLeastScore, true), photo, left, top, looks[2]);
      if (mirror)
        add_part(detector.detect_mirrored(part, kLeastScore, true), photo, left, top, looks[3]);
    }
  if (!mirror) looks[3] = looks[2];
  return vision::merge_boxes(looks);
}

std::vector<PhotoObject> PhotoObjects::find(const vision::Image& photo, bool mirror) const {
  std::vector<PhotoObject> out;
  for (const vision::MergedBox& one : claims(photo, mirror)) {
    const PhotoObjectsConfig::Calibration& fit = is_small(one) ? config_.small : config_.large;
    out.push_back({one.box, one.kind, sigmoid(fit.logit(evidence_of(one)))});
  }
  std::stable_sort(out.begin(), out.end(), [](const PhotoObject& a, const PhotoObject& b) {
    return a.confidence > b.confidence;
  });
  return out;
}

}  // namespace beholder::scene
