// From an upright picture to the normalised pixels that a vision encoder takes.
#pragma once

#include <array>
#include <limits>
#include <optional>
#include <vector>

#include "vision/intake/image.hpp"
#include "vision/preprocess/image_crop.hpp"
#include "vision/preprocess/image_geometry.hpp"
#include "vision/preprocess/image_resample.hpp"

namespace beholder::vision {

/// The steps in their order: resize, then cut tiles or the middle, rescale, normalise, pad.
struct ImageProcessorConfig {
  ResizeRule resize = ResizeRule::square(320);
  Resample resample = Resample::kArea;
  std::optional<ImageSize> crop_size;  ///< the middle that is cut out; what is too small gets black
  /// Side of a tile, px; 0: a picture is one image. Without do_image_splitting it is squashed to
  /// one.
  int tile_size = 0;
  bool do_image_splitting = false;
  std::optional<ImageSize> pad_size;  ///< zeros right and below, after normalising
  std::array<float, 3> image_mean{0.485f, 0.456f, 0.406f};  ///< R G B, after `rescale` (ImageNet)
  std::array<float, 3> image_std{0.229f, 0.224f, 0.225f};   ///< R G B, each above 0
  float rescale = 1.0f / 255;                               ///< bytes to 0..1
};

/// The size that every image has, whatever the picture; nothing where it depends on the picture.
std::optional<ImageSize> output_size(const ImageProcessorConfig& config);

/// What one picture becomes.
struct ProcessedImage {
  int images = 1;             ///< tiles row by row, then the whole picture; 1 where it is not split
  int rows = 0, columns = 0;  ///< of tiles; 0 where it is not split
  int width = 0, height = 0;  ///< of each image, px
  int content_width = 0, content_height = 0;  ///< the same without what was padded
  std::vector<float> pixel_values;            ///< (images, 3, height, width), planes R G B
};

class ImageProcessor {
 public:
  static constexpr int kAnyTiles = std::numeric_limits<int>::max();

  /// @throws Error kModelFormat for sizes outside 1..16384, a std that is not above 0, or a crop
  ///   beside tiles.
  explicit ImageProcessor(const ImageProcessorConfig& config = {});

  const ImageProcessorConfig& config() const { return config_; }

  /// Does all that the configuration says: (x * rescale - mean) / std of each image.
  /// @param max_tiles most tiles beside the whole picture: a picture that would have more is made
  ///   smaller, and not split where that is not enough
  /// @throws Error kShape when `image.rgb` has not width * height * 3 bytes or what is to be padded
  ///   is larger already; kPictureTooLarge for a long picture that would become more than 2^26 px
  ProcessedImage process(const Image& image, int max_tiles = kAnyTiles) const;

  /// Squashes the whole picture to a given size in place of the configured one, and normalises it.
  /// @param pixel_values (3, height, width), planes R G B, the caller's memory
  /// @param mirrored flip left and right
  /// @throws Error kShape
  void process(const Image& image, int width, int height, float* pixel_values,
               bool mirrored = false) const;

 private:
  std::vector<Image> images_of(const Image& image, const TilePlan& plan) const;
  Image cropped(const Image& image) const;
  void normalise(const Image& image, float* pixel_values, bool mirrored = false) const;

  ImageProcessorConfig config_;
};

/// Resizes to width x height px as `resample` says. @throws Error kShape
Image resize_image(const Image& image, int width, int height, Resample resample);

}  // namespace beholder::vision
