#include "vision/image_orientation.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "vision/image_format.hpp"

namespace beholder::vision {
namespace {

constexpr int kUpright = 1;

std::uint64_t read_uint(const std::uint8_t* p, int bytes, bool little) {
  std::uint64_t value = 0;
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

int tiff_orientation(const std::uint8_t* tiff, std::size_t size) {
  if (size < 8) return kUpright;
  const bool little = tiff[0] == 'I' && tiff[1] == 'I';
  if (!little && !(tiff[0] == 'M' && tiff[1] == 'M')) return kUpright;
  const std::uint64_t version = read_uint(tiff + 2, 2, little);
  constexpr std::uint64_t kClassic = 42, kBig = 43;
  if (version != kClassic && version != kBig) return kUpright;
  const bool big = version == kBig;
  const std::size_t count_bytes = big ? 8 : 2, entry_bytes = big ? 20 : 12;
  if (big && size < 16) return kUpright;
  const std::uint64_t directory =
      big ? read_uint(tiff + 8, 8, little) : read_uint(tiff + 4, 4, little);
  if (size < count_bytes || directory > size - count_bytes) return kUpright;
  const std::uint64_t first = directory + count_bytes;
  const std::uint64_t entries =
      std::min<std::uint64_t>(read_uint(tiff + directory, static_cast<int>(count_bytes), little),
                              (size - first) / entry_bytes);
  for (std::uint64_t i = 0; i < entries; ++i) {
    const std::uint8_t* entry = tiff + first + entry_bytes * i;
    constexpr std::uint64_t kOrientationTag = 0x0112, kShort = 3;
    if (read_uint(entry, 2, little) != kOrientationTag) continue;
    if (read_uint(entry + 2, 2, little) != kShort) break;
    // The value fits into the entry's last field and is stored at its beginning.
    const std::uint64_t value = read_uint(entry + (big ? 12 : 8), 2, little);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : kUpright;
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
  // Bytes in the stored picture for a step along its own row and column, backwards when mirrored.
  std::ptrdiff_t along_row = 3, along_column = static_cast<std::ptrdiff_t>(w) * 3, start = 0;
  if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8) {
    start += (w - 1) * along_row;
    along_row = -along_row;
  }
  if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7) {
    start += (h - 1) * along_column;
    along_column = -along_column;
  }
  const std::ptrdiff_t step_x = transposed ? along_column : along_row;
  const std::ptrdiff_t step_y = transposed ? along_row : along_column;
  // In tiles: a transposed picture read row by row would miss the cache at every pixel.
  constexpr int kTile = 32;
  for (int top = 0; top < upright.height; top += kTile)
    for (int left = 0; left < upright.width; left += kTile)
      for (int y = top; y < std::min(top + kTile, upright.height); ++y) {
        const std::ptrdiff_t row = start + y * step_y;
        std::uint8_t* out =
            upright.rgb.data() + (static_cast<std::size_t>(y) * upright.width + left) * 3;
        for (int x = left; x < std::min(left + kTile, upright.width); ++x, out += 3)
          std::memcpy(out, image.rgb.data() + (row + x * step_x), 3);
      }
  return upright;
}

}  // namespace beholder::vision
