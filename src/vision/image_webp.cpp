// WebP through libwebp. OpenCV's reader writes to std::cerr when a picture is damaged.
#include <webp/decode.h>

#include <memory>

#include "vision/image_source.hpp"

namespace beholder::vision {

Image decode_webp(const ImageSource& source) {
  const std::uint8_t* d = source.data;
  WebPBitstreamFeatures features;
  const VP8StatusCode status = WebPGetFeatures(d, source.size, &features);
  if (status == VP8_STATUS_NOT_ENOUGH_DATA) source.corrupt("WebP", "truncated");
  if (status != VP8_STATUS_OK) source.corrupt("WebP", "its header cannot be read");
  check_dimensions(source, features.width, features.height, "WebP");
  if (features.has_animation) source.unsupported("an animated WebP, which is not supported");
  const std::uint64_t riff = (d[4] | d[5] << 8 | d[6] << 16 | std::uint64_t{d[7]} << 24) + 8;
  if (riff > source.size) source.corrupt("WebP", "truncated");

  int width = 0, height = 0;
  std::unique_ptr<std::uint8_t, void (*)(void*)> pixels(
      features.has_alpha ? WebPDecodeRGBA(d, source.size, &width, &height)
                         : WebPDecodeRGB(d, source.size, &width, &height),
      WebPFree);
  if (!pixels) source.corrupt("WebP", "its data cannot be decoded");
  const std::size_t stride = static_cast<std::size_t>(width) * (features.has_alpha ? 4 : 3);
  return features.has_alpha ? over_white(pixels.get(), width, height, stride)
                            : from_rgb(pixels.get(), width, height, stride);
}

}  // namespace beholder::vision
