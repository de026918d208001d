#include "vision/preprocess/image_processor.hpp"

#include <algorithm>
#include <new>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

#include "core/check.hpp"

namespace beholder::vision {
namespace {

constexpr std::int64_t kMostPixels = 1 << 26;
constexpr int kMostSide = 16384;

Image resize_by_opencv(const Image& image, int width, int height) {
  const cv::Mat in(image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.rgb.data()));
  Image result{width, height, {}};
  result.rgb.resize(static_cast<std::size_t>(width) * height * 3);
  cv::Mat out(height, width, CV_8UC3, result.rgb.data());
  const bool shrinks =
      static_cast<double>(width) * height < static_cast<double>(image.width) * image.height;
  cv::resize(in, out, out.size(), 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_CUBIC);
  return result;
}

void check_picture(const Image& image) {
  check(image.width > 0 && image.height > 0 &&
            image.rgb.size() == static_cast<std::size_t>(image.width) * image.height * 3,
        ErrorCode::kShape, "cannot resize ", image.width, "x", image.height, " px with ",
        image.rgb.size(), " bytes; expected positive sides and width * height * 3 bytes");
}

Image resize_window(const Image& image, int width, int height, Resample resample,
                    const PixelWindow& window) {
  check_picture(image);
  check(width > 0 && height > 0, ErrorCode::kShape, "cannot resize ", image.width, "x",
        image.height, " px to ", width, "x", height, "; expected positive sides");
  const auto [left, top, wide, high] = window;
  try {
    if (width == image.width && height == image.height)
      return crop_image(image, left, top, wide, high);
    if (resample != Resample::kArea)
      return resample_as_pillow(image, width, height, resample, window);
    Image resized = resize_by_opencv(image, width, height);
    if (wide == width && high == height) return resized;
    return crop_image(resized, left, top, wide, high);
  } catch (const cv::Exception& error) {
    if (error.code != cv::Error::StsNoMem)
      fail(ErrorCode::kInternal, "resizing ", image.width, "x", image.height, " to ", width, "x",
           height, " px failed: ", error.err);
  } catch (const std::bad_alloc&) {
  } catch (const std::length_error&) {
  }
  fail(ErrorCode::kOutOfMemory, "not enough memory to resize ", image.width, "x", image.height,
       " to ", width, "x", height, " px; shrink the picture or free memory");
}

void check_side(int side, const char* what) {
  check(side >= 1 && side <= kMostSide, ErrorCode::kModelFormat, what, " is ", side,
        "; expected 1 to ", kMostSide, " px");
}

void check_rule(const ResizeRule& rule) {
  using Fit = ResizeRule::Fit;
  if (rule.fit == Fit::kExact || rule.fit == Fit::kInside) {
    check_side(rule.width, "image width");
    check_side(rule.height, "image height");
  }
  if (rule.fit == Fit::kShortestEdge) check_side(rule.shortest_edge, "shortest edge");
  if (rule.fit == Fit::kLongestEdge) check_side(rule.longest_edge, "longest edge");
  check(rule.longest_edge >= 0 && rule.size_divisor >= 0, ErrorCode::kModelFormat,
        "longest edge is ", rule.longest_edge, " and size divisor ", rule.size_divisor,
        "; expected 0 or more px");
}

void check_size(const std::optional<ImageSize>& size, const char* what) {
  if (!size) return;
  check_side(size->width, what);
  check_side(size->height, what);
}

void check_pixels(const Image& picture, const ImageSize& size) {
  check(std::int64_t{size.width} * size.height <= kMostPixels, ErrorCode::kPictureTooLarge,
        "a picture of ", picture.width, "x", picture.height, " px would become ", size.width, "x",
        size.height, " px for this model; crop its long side");
}

// (images, 3, height, width) with zeros right of and below what there was.
void pad(ProcessedImage& image, const ImageSize& size) {
  check(size.width >= image.width && size.height >= image.height, ErrorCode::kShape,
        "cannot pad an image of ", image.width, "x", image.height, " px to ", size.width, "x",
        size.height);
  std::vector<float> values(static_cast<std::size_t>(image.images) * 3 * size.width * size.height);
  const auto rows = static_cast<std::ptrdiff_t>(image.images) * 3 * image.height;
  for (std::ptrdiff_t row = 0; row < rows; ++row) {
    const std::ptrdiff_t plane = row / image.height, y = row % image.height;
    std::copy_n(image.pixel_values.begin() + row * image.width, image.width,
                values.begin() + (plane * size.height + y) * size.width);
  }
  image.pixel_values = std::move(values);
  image.width = size.width;
  image.height = size.height;
}

}  // namespace

std::optional<ImageSize> output_size(const ImageProcessorConfig& config) {
  if (config.pad_size) return config.pad_size;
  if (config.tile_size > 0) return ImageSize{config.tile_size, config.tile_size};
  if (config.crop_size) return config.crop_size;
  if (config.resize.fit == ResizeRule::Fit::kExact)
    return ImageSize{config.resize.width, config.resize.height};
  return std::nullopt;
}

ImageProcessor::ImageProcessor(const ImageProcessorConfig& config) : config_(config) {
  check_rule(config.resize);
  check_size(config.crop_size, "crop size");
  check_size(config.pad_size, "pad size");
  if (config.tile_size != 0 || config.do_image_splitting) check_side(config.tile_size, "tile size");
  check(!config.crop_size || config.tile_size == 0, ErrorCode::kModelFormat,
        "a picture is either cut to its middle or into tiles; expected one of the two");
  for (const float s : config.image_std)
    check(s > 0, ErrorCode::kModelFormat, "image_std has ", s, "; expected values above 0");
}

Image resize_image(const Image& image, int width, int height, Resample resample) {
  return resize_window(image, width, height, resample, {0, 0, width, height});
}

ProcessedImage ImageProcessor::process(const Image& image, int max_tiles) const {
  check_picture(image);
  ProcessedImage out;
  std::vector<Image> images;
  if (config_.tile_size > 0) {
    const TilePlan plan = plan_tiles(config_.resize, config_.tile_size, {image.width, image.height},
                                     config_.do_image_splitting ? max_tiles : 0);
    out.rows = plan.rows;
    out.columns = plan.columns;
    images = images_of(image, plan);
  } else {
    images.push_back(cropped(image));
  }
  out.images = static_cast<int>(images.size());
  out.width = out.content_width = images.front().width;
  out.height = out.content_height = images.front().height;
  const std::size_t each = std::size_t{3} * out.width * out.height;
  out.pixel_values.resize(images.size() * each);
  for (std::size_t i = 0; i < images.size(); ++i)
    normalise(images[i], out.pixel_values.data() + i * each);
  if (config_.pad_size) pad(out, *config_.pad_size);
  return out;
}

// Each step rounds to bytes, so the picture goes through all three sizes, as in the reference.
std::vector<Image> ImageProcessor::images_of(const Image& image, const TilePlan& plan) const {
  const auto resized = [&](const Image& from, const ImageSize& size) {
    check_pixels(image, size);
    return resize_image(from, size.width, size.height, config_.resample);
  };
  const int side = config_.tile_size;
  const Image stretched = resized(resized(image, plan.resized), plan.stretched);
  std::vector<Image> out;
  for (int row = 0; row < plan.rows; ++row)
    for (int column = 0; column < plan.columns; ++column)
      out.push_back(crop_image(stretched, column * side, row * side, side, side));
  out.push_back(resized(stretched, {side, side}));
  return out;
}

Image ImageProcessor::cropped(const Image& image) const {
  const ImageSize size = resized_size(config_.resize, {image.width, image.height});
  if (!config_.crop_size) {
    check_pixels(image, size);
    return resize_image(image, size.width, size.height, config_.resample);
  }
  const auto [width, height] = *config_.crop_size;
  const CentreCrop crop = centre_crop(size.width, size.height, width, height);
  Image middle = resize_window(image, size.width, size.height, config_.resample, crop.source);
  if (middle.width == width && middle.height == height) return middle;
  return place_image(middle, crop.left, crop.top, width, height);
}

void ImageProcessor::process(const Image& image, int width, int height, float* pixel_values,
                             bool mirrored) const {
  normalise(resize_image(image, width, height, config_.resample), pixel_values, mirrored);
}

void ImageProcessor::normalise(const Image& image, float* pixel_values, bool mirrored) const {
  for (int c = 0; c < 3; ++c) {
    const float scale = config_.rescale / config_.image_std[c];
    const float shift = -config_.image_mean[c] / config_.image_std[c];
    for (int y = 0; y < image.height; ++y) {
      const std::uint8_t* row =
          image.rgb.data() + static_cast<std::size_t>(y) * image.width * 3 + c;
      for (int x = 0; x < image.width; ++x)
        *pixel_values++ = row[3 * (mirrored ? image.width - 1 - x : x)] * scale + shift;
    }
  }
}

}  // namespace beholder::vision
