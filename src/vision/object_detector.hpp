// What stands where in a picture: objects with attributes, boxes and places, read in one pass.
#pragma once

#include <ATen/ATen.h>

#include <array>
#include <string>
#include <vector>

#include "nn/convolution.hpp"
#include "nn/layer_norm.hpp"
#include "vision/efficientnet_stem.hpp"

namespace beholder::vision {

/// The `detector` section of a model's config.json.
struct DetectorConfig {
  std::int64_t width = 96;            ///< channels of the joined maps
  std::int64_t image_size = 320;      ///< of the longer side, px, a multiple of 32
  double min_confidence = 0.3;        ///< less certain objects are left out, unless asked for
  double photo_min_confidence = 0.2;  ///< the same in photos, of models without `photo_objects`
  /// How often a peak of height p on a scene is an object: sigmoid(slope · logit(p) + offset).
  /// Peaks on photos are taken as they are.
  double slope = 1, offset = 0;
  std::vector<std::int64_t> attribute_sizes;  ///< values of each attribute of the lexicon
};

/// The size of the picture that the detector sees of one: the longer side `image_size`, or, for
/// longer shapes than 4:3, the area of such a picture, at most twice as long; sides are the nearest
/// multiples of 32.
/// @param image_size `DetectorConfig::image_size`
/// @return width, height
std::array<int, 2> detector_size(std::int64_t image_size, int width, int height);

/// One object, in the detector's own picture.
struct Detection {
  float confidence = 0;         ///< that something is there, 0..1
  float x = 0, y = 0;           ///< of its centre, as shares of the picture's width and height
  std::array<float, 4> box{};   ///< left, top, right, bottom, as shares
  float across = 0, depth = 0;  ///< place on the ground, to the right and away; 0 where unknown
  std::vector<std::vector<float>> attributes;  ///< probabilities of each attribute's values
};

/// Centres on a map of cells of 8 x 8 pixels (Zhou et al. 2019, "Objects as Points"), over four
/// levels of the stem joined from coarse to fine (Lin et al. 2017, "Feature Pyramid Networks").
class ObjectDetector {
 public:
  ObjectDetector(nn::ParameterSource& source, const std::string& name,
                 const DetectorConfig& config);

  /// The raw maps (B, channels(), H/8, W/8): centre, x, y, left, top, right, bottom, across, depth,
  /// then the attributes' values.
  /// @param features of a picture whose sides are multiples of 32
  at::Tensor forward(const PyramidFeatures& features) const;

  /// The objects of one picture's maps, most certain first. @param maps (channels(), h, w)
  std::vector<Detection> read(const at::Tensor& maps, double min_confidence,
                              std::size_t max_objects) const;

  std::int64_t channels() const;
  const DetectorConfig& config() const { return config_; }

  static constexpr std::int64_t kPlaces = 9;  ///< channels before the attributes
  static constexpr int kStride = 8;
  /// Boxes reach so many pixels from a centre for one unit of a map; places on the ground are in
  /// units of the world.
  static constexpr float kBoxScale = 32, kGroundScale = 3;

 private:
  /// A convolution, then normalisation over the channels of each cell, then ReLU: without it the
  /// levels' different scales make training many times slower.
  class Unit {
   public:
    Unit(nn::ParameterSource& source, const std::string& name, const nn::ConvShape& shape);
    at::Tensor forward(const at::Tensor& x) const;  // (B, in, h, w) -> (B, out, h / s, w / s)

   private:
    nn::Conv2d conv_;
    nn::LayerNorm norm_;
  };

  using Block = std::pair<Unit, Unit>;

  DetectorConfig config_;
  Unit lateral4_, lateral8_, lateral16_, lateral32_, merge16_, merge8_;
  std::vector<Block> residuals_;
  nn::Conv2d head_;
};

/// The maps of a picture's mirror image as maps of the picture. @param maps (channels(), h, w)
at::Tensor mirrored_maps(const at::Tensor& maps);

}  // namespace beholder::vision
