#include "vision/image_orientation.hpp"

#include <cstring>
#include <utility>

#include "vision/image_format.hpp"

namespace beholder::vision {
namespace {

constexpr int kUpright = 1;

std::uint32_t read_uint(const std::uint8_t* p, int bytes, bool little) {
  std::uint32_t value = 0;
  for (int i = 0; i < bytes; ++i) value = value << 8 | p[little ? bytes - 1 - i : i];
  return value;
}

int jpeg_orientation(const std::uint8_t* data, std::size_t size) {
  std::size_t at = 2;
  while (at + 4 <= size && data[at] == 0xFF) {
    const int marker = data[at + 1];
    if (marker == 0xFF) {  // fill byte
      ++at;
      continue;
    }
    if (marker == 0xDA || marker == 0xD9) break;
    const std::size_t length = read_uint(data + at + 2, 2, false);
    if (length < 2 || length > size - at - 2) break;
    if (marker == 0xE1 && length >= 8 && std::memcmp(data + at + 4, "Exif\0\0", 6) == 0)
      return tiff_orientation(data + at + 10, length - 8);
    at += 2 + length;
  }
  return kUpright;
}

int png_orientation(const std::uint8_t* data, std::size_t size) {
  for (std::size_t at = 8; size - at >= 12;) {
    const std::size_t length = read_uint(data + at, 4, false);
    if (length > size - at - 12) break;
    if (std::memcmp(data + at + 4, "eXIf", 4) == 0) return tiff_orientation(data + at + 8, length);
    at += 12 + length;
  }
  return kUpright;
}

int webp_orientation(const std::uint8_t* data, std::size_t size) {
  for (std::size_t at = 12; at < size && size - at >= 8;) {
    const std::size_t length = read_uint(data + at + 4, 4, true);
    if (length > size - at - 8) break;
    if (std::memcmp(data + at, "EXIF", 4) == 0) {
      const std::uint8_t* exif = data + at + 8;
      // Some writers keep the JPEG segment's "Exif\0\0" in front.
      const std::size_t prefix = length >= 6 && std::memcmp(exif, "Exif\0\0", 6) == 0 ? 6 : 0;
      return tiff_orientation(exif + prefix, length - prefix);
    }
    at += 8 + length + (length & 1);
  }
  return kUpright;
}

}  // namespace

int tiff_orientation(const std::uint8_t* tiff, std::size_t size, std::size_t* value_offset) {
  if (size < 8) return kUpright;
  const bool little = tiff[0] == 'I' && tiff[1] == 'I';
  if (!little && !(tiff[0] == 'M' && tiff[1] == 'M')) return kUpright;
  if (read_uint(tiff + 2, 2, little) != 42) return kUpright;
  const std::size_t directory = read_uint(tiff + 4, 4, little);
  if (directory > size - 2) return kUpright;
  const std::size_t entries = read_uint(tiff + directory, 2, little);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + 12 * i;
    if (entry + 12 > size) break;
    constexpr std::uint32_t kOrientationTag = 0x0112, kShort = 3;
    if (read_uint(tiff + entry, 2, little) != kOrientationTag) continue;
    if (read_uint(tiff + entry + 2, 2, little) != kShort) break;
    const std::uint32_t value = read_uint(tiff + entry + 8, 2, little);
    if (value < 1 || value > 8) break;
    if (value_offset) *value_offset = entry + 8;
    return static_cast<int>(value);
  }
  return kUpright;
}

int find_orientation(const std::uint8_t* data, std::size_t size) {
  switch (detect_format(data, size)) {
    case ImageFormat::kJpeg: return jpeg_orientation(data, size);
    case ImageFormat::kPng: return png_orientation(data, size);
    case ImageFormat::kWebp: return webp_orientation(data, size);
    case ImageFormat::kTiff: return tiff_orientation(data, size);
    default: return kUpright;
  }
}

Image apply_orientation(Image image, int orientation) {
  if (orientation <= 1 || orientation > 8) return image;
  const int w = image.width, h = image.height;
  const bool transposed = orientation >= 5;
  Image upright{transposed ? h : w, transposed ? w : h, {}};
  upright.rgb.resize(image.rgb.size());
  std::uint8_t* out = upright.rgb.data();
  for (int y = 0; y < upright.height; ++y) {
    for (int x = 0; x < upright.width; ++x, out += 3) {
      int sx = transposed ? y : x, sy = transposed ? x : y;  // 1 and 5 (transpose)
      if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8)
        sx = w - 1 - sx;
      if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7)
        sy = h - 1 - sy;
      std::memcpy(out, image.rgb.data() + (static_cast<std::size_t>(sy) * w + sx) * 3, 3);
    }
  }
  return upright;
}

}  // namespace beholder::vision
