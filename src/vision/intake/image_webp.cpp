// WebP through libwebp. OpenCV's reader writes to std::cerr when a picture is damaged.
#include <webp/decode.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "vision/intake/image_source.hpp"

namespace beholder::vision {
namespace {

using Pixels = std::unique_ptr<std::uint8_t, void (*)(void*)>;

std::uint64_t little(const std::uint8_t* p, int bytes) {
  std::uint64_t value = 0;
  while (bytes-- > 0) value = value << 8 | p[bytes];
  return value;
}

void put_little(std::vector<std::uint8_t>& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

Image decode_still(const ImageSource& source, const std::uint8_t* data, std::size_t size,
                   bool alpha) {
  int width = 0, height = 0;
  const Pixels pixels(alpha ? WebPDecodeRGBA(data, size, &width, &height)
                            : WebPDecodeRGB(data, size, &width, &height),
                      WebPFree);
  if (!pixels) source.corrupt("WebP", "its data cannot be decoded");
  const std::size_t stride = static_cast<std::size_t>(width) * (alpha ? 4 : 3);
  return alpha ? over_white(pixels.get(), width, height, stride)
               : from_rgb(pixels.get(), width, height, stride);
}

// The first ANMF chunk (WebP container specification, "Animation"): 16 bytes that say where the
// frame lies, then the chunks of a still picture, which get a file header of their own here.
Image decode_first_frame(const ImageSource& source, int width, int height) {
  const std::uint8_t* d = source.data;
  constexpr std::size_t kRiffHeader = 12, kChunkHeader = 8, kFrameHeader = 16;
  for (std::size_t i = kRiffHeader; source.size - i >= kChunkHeader;) {
    const std::uint64_t length = little(d + i + 4, 4);
    if (length > source.size - i - kChunkHeader) break;
    if (std::memcmp(d + i, "ANMF", 4) == 0 && length > kFrameHeader) {
      const std::uint8_t* frame = d + i + kChunkHeader;
      const std::uint64_t left = 2 * little(frame, 3), top = 2 * little(frame + 3, 3);
      const std::size_t content = static_cast<std::size_t>(length) - kFrameHeader;
      std::vector<std::uint8_t> still{'R', 'I', 'F', 'F'};
      put_little(still, 4 + kChunkHeader + 10 + content, 4);
      for (const char c : std::string("WEBPVP8X")) still.push_back(static_cast<std::uint8_t>(c));
      put_little(still, 10, 4);
      constexpr int kAlphaFlag = 0x10;
      put_little(still, kAlphaFlag, 4);
      still.insert(still.end(), frame + 6,
                   frame + 12);  // width - 1 and height - 1, as VP8X has them
      still.insert(still.end(), frame + kFrameHeader, frame + kFrameHeader + content);

      const std::uint64_t wide = little(frame + 6, 3) + 1, high = little(frame + 9, 3) + 1;
      check_dimensions(source, wide, high, "WebP");
      if (left + wide > static_cast<std::uint64_t>(width) ||
          top + high > static_cast<std::uint64_t>(height))
        source.corrupt("WebP", "a frame outside the picture");
      const Image part = decode_still(source, still.data(), still.size(), true);
      Image image{width, height, {}};
      image.rgb.assign(static_cast<std::size_t>(width) * height * 3, 255);
      for (int y = 0; y < part.height; ++y)
        std::copy_n(part.rgb.data() + static_cast<std::size_t>(y) * part.width * 3,
                    static_cast<std::size_t>(part.width) * 3,
                    image.rgb.data() + ((top + y) * width + left) * 3);
      return image;
    }
    i += std::min<std::uint64_t>(kChunkHeader + length + (length & 1), source.size - i);
  }
  source.corrupt("WebP", "an animation without a first frame");
}

}  // namespace

Image decode_webp(const ImageSource& source) {
  const std::uint8_t* d = source.data;
  WebPBitstreamFeatures features;
  const VP8StatusCode status = WebPGetFeatures(d, source.size, &features);
  if (status == VP8_STATUS_NOT_ENOUGH_DATA) source.corrupt("WebP", "truncated");
  if (status != VP8_STATUS_OK) source.corrupt("WebP", "its header cannot be read");
  check_dimensions(source, features.width, features.height, "WebP");
  if (little(d + 4, 4) + 8 > source.size) source.corrupt("WebP", "truncated");
  return features.has_animation ? decode_first_frame(source, features.width, features.height)
                                : decode_still(source, d, source.size, features.has_alpha != 0);
}

}  // namespace beholder::vision
