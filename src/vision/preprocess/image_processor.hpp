// From an upright picture to the normalised square that a vision encoder takes.
#pragma once

#include <array>

#include "vision/intake/image.hpp"

namespace beholder::vision {

enum class Resample {
  kArea,           ///< OpenCV INTER_AREA when shrinking, INTER_CUBIC when enlarging
  kPillowBicubic,  ///< Pillow's antialiased bicubic (a = -0.5)
  kPillowBilinear  ///< Pillow's antialiased triangle
};

struct ImageProcessorConfig {
  int size = 320;  ///< side of the output square, px
  Resample resample = Resample::kArea;
  std::array<float, 3> image_mean{0.485f, 0.456f, 0.406f};  ///< R G B, after `rescale` (ImageNet)
  std::array<float, 3> image_std{0.229f, 0.224f, 0.225f};   ///< R G B, each above 0
  float rescale = 1.0f / 255;                               ///< bytes to 0..1
};

class ImageProcessor {
 public:
  /// @throws Error kModelFormat for a size outside 1..16384 or a std that is not above 0.
  explicit ImageProcessor(const ImageProcessorConfig& config = {});

  const ImageProcessorConfig& config() const { return config_; }

  /// Squashes the whole picture to the square and writes (x * rescale - mean) / std.
  /// @param pixel_values (3, size, size), planes R G B, the caller's memory
  /// @param mirrored flip left and right
  /// @throws Error kShape when `image.rgb` has not width * height * 3 bytes.
  void process(const Image& image, float* pixel_values, bool mirrored = false) const {
    process(image, config_.size, config_.size, pixel_values, mirrored);
  }

  /// The same to another size. @param pixel_values (3, height, width)
  void process(const Image& image, int width, int height, float* pixel_values,
               bool mirrored = false) const;

 private:
  ImageProcessorConfig config_;
};

/// Resizes to width x height px as `resample` says. @throws Error kShape
Image resize_image(const Image& image, int width, int height, Resample resample);

/// The part of a picture from (left, top), width x height px. @throws Error kShape
Image crop_image(const Image& image, int left, int top, int width, int height);

}  // namespace beholder::vision
