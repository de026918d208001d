// The things of photos, by a detector of their own with weights in a file of their own.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "io/safetensors.hpp"
#include "vision/intake/image.hpp"
#include "vision/merge_boxes.hpp"
#include "vision/ssd_detector.hpp"

namespace beholder::scene {

/// The `photo_objects` section of a model's config.json.
struct PhotoObjectsConfig {
  std::vector<std::string> names;  ///< of the kinds, in the order of the detector's scores
  double min_confidence = 0.5;     ///< less certain objects are left out, unless asked for
  /// How often a thing is there (with an IoU of 0.5 or more) of which the looks' highest scores are
  /// s: sigmoid(offset + the sum of slope · logit(s)), a slope a look: the whole picture, its
  /// mirror image, its parts, their mirror images. Parts do not show large things.
  struct Calibration {
    std::vector<double> slopes;
    double offset = 0;

    /// @param evidence `evidence_of`
    double logit(const std::vector<double>& evidence) const;
  };
  Calibration small, large;
};

/// A thing in a photo.
struct PhotoObject {
  std::array<float, 4> box{};  ///< left, top, right, bottom, as shares of the picture
  std::size_t kind = 0;        ///< place in `PhotoObjectsConfig::names`
  double confidence = 0;       ///< that it is there, 0..1
};

/// Looks at the whole of a photo and, for small things, at four overlapping parts, and at the
/// mirror images of all. The network is made when it is first asked. Any number of threads may ask.
class PhotoObjects {
 public:
  /// Beside the model's other weights.
  static constexpr const char* kFileName = "photo_objects.safetensors";
  /// Looks at small things and at large ones.
  static constexpr std::size_t kSmallLooks = 4, kLargeLooks = 2;
  /// Sides of what is looked at, whatever the photo's shape, px.
  static constexpr int kSide = 500;

  /// @param folder of the model  @throws Error kFileNotFound, kFileAccess, kModelFormat
  PhotoObjects(const std::filesystem::path& folder, PhotoObjectsConfig config);

  /// Most certain first.
  /// @param photo kSide x kSide px  @param mirror looks at the mirror images too
  /// @throws Error kModelFormat for weights that do not fit or are not finite
  std::vector<PhotoObject> find(const vision::Image& photo, bool mirror) const;
  /// What they are found from, the highest score first.
  std::vector<vision::MergedBox> claims(const vision::Image& photo, bool mirror) const;

  /// Makes the network, so that weights that do not fit are found. @throws Error kModelFormat
  void load() const { network(); }

  const PhotoObjectsConfig& config() const { return config_; }
  const io::SafetensorsFile& file() const { return file_; }

 private:
  const vision::SsdDetector& network() const;

  PhotoObjectsConfig config_;
  io::SafetensorsFile file_;
  mutable std::mutex mutex_;
  mutable std::unique_ptr<const vision::SsdDetector> network_;
};

/// Whether a thing counts as small.
bool is_small(const vision::MergedBox& thing);
/// logit(score) of each look that shows such things.
std::vector<double> evidence_of(const vision::MergedBox& thing);

}  // namespace beholder::scene
