#include "vision/preprocess/image_processor.hpp"

#include <new>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

#include "core/check.hpp"
#include "vision/preprocess/image_resample.hpp"

namespace beholder::vision {
namespace {

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

}  // namespace

ImageProcessor::ImageProcessor(const ImageProcessorConfig& config) : config_(config) {
  check(config.size >= 1 && config.size <= 16384, ErrorCode::kModelFormat, "image size is ",
        config.size, "; expected 1 to 16384 px");
  for (const float s : config.image_std)
    check(s > 0, ErrorCode::kModelFormat, "image_std has ", s, "; expected values above 0");
}

Image resize_image(const Image& image, int width, int height, Resample resample) {
  check(image.width > 0 && image.height > 0 && width > 0 && height > 0 &&
            image.rgb.size() == static_cast<std::size_t>(image.width) * image.height * 3,
        ErrorCode::kShape, "cannot resize ", image.width, "x", image.height, " px with ",
        image.rgb.size(), " bytes to ", width, "x", height,
        "; expected positive sides and width * height * 3 bytes");
  if (width == image.width && height == image.height) return image;
  try {
    return resample == Resample::kArea
               ? resize_by_opencv(image, width, height)
               : resample_as_pillow(image, width, height, resample == Resample::kPillowBicubic);
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

Image crop_image(const Image& image, int left, int top, int width, int height) {
  check(left >= 0 && top >= 0 && width > 0 && height > 0 && left <= image.width - width &&
            top <= image.height - height,
        ErrorCode::kShape, "cannot cut ", width, "x", height, " px at (", left, ", ", top,
        ") out of ", image.width, "x", image.height);
  Image out{width, height, {}};
  out.rgb.reserve(static_cast<std::size_t>(width) * height * 3);
  for (int y = top; y < top + height; ++y) {
    const auto row = image.rgb.begin() + (static_cast<std::ptrdiff_t>(y) * image.width + left) * 3;
    out.rgb.insert(out.rgb.end(), row, row + static_cast<std::ptrdiff_t>(width) * 3);
  }
  return out;
}

void ImageProcessor::process(const Image& image, int width, int height, float* pixel_values,
                             bool mirrored) const {
  const Image resized = resize_image(image, width, height, config_.resample);
  for (int c = 0; c < 3; ++c) {
    const float scale = config_.rescale / config_.image_std[c];
    const float shift = -config_.image_mean[c] / config_.image_std[c];
    for (int y = 0; y < height; ++y) {
      const std::uint8_t* row = resized.rgb.data() + static_cast<std::size_t>(y) * width * 3 + c;
      for (int x = 0; x < width; ++x)
        *pixel_values++ = row[3 * (mirrored ? width - 1 - x : x)] * scale + shift;
    }
  }
}

}  // namespace beholder::vision
