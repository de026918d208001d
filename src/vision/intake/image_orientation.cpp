#include "vision/intake/image_orientation.hpp"

#include <algorithm>
#include <utility>

namespace beholder::vision {
namespace {

constexpr int kUpright = 1;

std::uint64_t read_uint(const std::uint8_t* p, int bytes, bool little) {
  std::uint64_t value = 0;
  for (int i = 0; i < bytes; ++i) value = value << 8 | p[little ? bytes - 1 - i : i];
  return value;
}

// Of the integer types that some writer has used for the tag, though it is to be a SHORT.
int integer_bytes(std::uint64_t type) {
  switch (type) {
    case 3:
    case 8: return 2;  // SHORT, SSHORT
    case 4:
    case 9: return 4;  // LONG, SLONG
    case 16:
    case 17: return 8;  // LONG8, SLONG8
    default: return 0;
  }
}

}  // namespace

std::optional<int> tiff_orientation(const std::uint8_t* tiff, std::size_t size) {
  if (size < 8) return std::nullopt;
  const bool little = tiff[0] == 'I' && tiff[1] == 'I';
  if (!little && !(tiff[0] == 'M' && tiff[1] == 'M')) return std::nullopt;
  const std::uint64_t version = read_uint(tiff + 2, 2, little);
  constexpr std::uint64_t kClassic = 42, kBig = 43;
  if (version != kClassic && version != kBig) return std::nullopt;
  const bool big = version == kBig;
  const std::size_t count_bytes = big ? 8 : 2, entry_bytes = big ? 20 : 12;
  if (big && size < 16) return std::nullopt;
  const std::uint64_t directory =
      big ? read_uint(tiff + 8, 8, little) : read_uint(tiff + 4, 4, little);
  if (size < count_bytes || directory > size - count_bytes) return std::nullopt;
  const std::uint64_t first = directory + count_bytes;
  const std::uint64_t entries =
      std::min<std::uint64_t>(read_uint(tiff + directory, static_cast<int>(count_bytes), little),
                              (size - first) / entry_bytes);
  for (std::uint64_t i = 0; i < entries; ++i) {
    const std::uint8_t* entry = tiff + first + entry_bytes * i;
    constexpr std::uint64_t kOrientationTag = 0x0112;
    if (read_uint(entry, 2, little) != kOrientationTag) continue;
    const int bytes = integer_bytes(read_uint(entry + 2, 2, little));
    if (bytes == 0 || (bytes == 8 && !big)) break;
    // The value fits into the entry's last field and is stored at its beginning.
    const std::uint64_t value = read_uint(entry + (big ? 12 : 8), bytes, little);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : kUpright;
  }
  return std::nullopt;
}

int xmp_orientation(const std::string& xmp) {
  // As an attribute or as an element of its own.
  for (const std::string name :
       {"tiff:Orientation=\"", "tiff:Orientation='", "tiff:Orientation>"}) {
    const std::size_t at = xmp.find(name);
    if (at == std::string::npos || at + name.size() >= xmp.size()) continue;
    const int value = xmp[at + name.size()] - '0';
    return value >= 1 && value <= 8 ? value : kUpright;
  }
  return kUpright;
}

namespace {

// Bytes of `channels` a pixel.
std::vector<std::uint8_t> turned(const std::vector<std::uint8_t>& pixels, int w, int h,
                                 int orientation, int channels) {
  const bool transposed = orientation >= 5;
  const int wide = transposed ? h : w, high = transposed ? w : h;
  std::vector<std::uint8_t> upright(pixels.size());
  // Bytes in the stored picture for a step along its own row and column, backwards when mirrored.
  std::ptrdiff_t along_row = channels, along_column = static_cast<std::ptrdiff_t>(w) * channels;
  std::ptrdiff_t start = 0;
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
  for (int top = 0; top < high; top += kTile)
    for (int left = 0; left < wide; left += kTile)
      for (int y = top; y < std::min(top + kTile, high); ++y) {
        const std::ptrdiff_t row = start + y * step_y;
        std::uint8_t* out = upright.data() + (static_cast<std::size_t>(y) * wide + left) * channels;
        for (int x = left; x < std::min(left + kTile, wide); ++x, out += channels)
          std::copy_n(pixels.data() + (row + x * step_x), channels, out);
      }
  return upright;
}

}  // namespace

Image apply_orientation(Image image, int orientation) {
  if (orientation <= 1 || orientation > 8) return image;
  image.rgb = turned(image.rgb, image.width, image.height, orientation, 3);
  if (!image.cmyk.empty())
    image.cmyk = turned(image.cmyk, image.width, image.height, orientation, 4);
  if (orientation >= 5) std::swap(image.width, image.height);
  return image;
}

}  // namespace beholder::vision
