// BMP: run-length pictures decoded here; all others through stb_image, which reads no run lengths
// and neither OS/2's long header nor the one of 52 bytes.
#include <algorithm>
#include <array>
#include <cstring>

#include "vision/intake/image_source.hpp"

namespace beholder::vision {
namespace {

constexpr std::size_t kFileHeader = 14, kInfoHeader = 40;

std::uint32_t little(const std::uint8_t* p, int bytes) {
  std::uint32_t value = 0;
  while (bytes-- > 0) value = value << 8 | p[bytes];
  return value;
}

struct BmpHeader {
  std::uint32_t offset = 0, size = 0;  ///< of the pixels; of the header behind the file's own
  std::int64_t width = 0, height = 0;  ///< a negative height: rows from the top
  std::uint32_t bits = 0, compression = 0, colors = 0;
};

BmpHeader read_header(const ImageSource& source) {
  const std::uint8_t* d = source.data;
  if (source.size < kFileHeader + 12) source.corrupt("BMP", "truncated");
  BmpHeader out;
  out.offset = little(d + 10, 4);
  out.size = little(d + 14, 4);
  // The fields that a shorter header leaves out are zero.
  std::array<std::uint8_t, kInfoHeader> info{};
  std::copy_n(d + kFileHeader,
              std::min<std::size_t>({kInfoHeader, out.size, source.size - kFileHeader}),
              info.begin());
  if (out.size == 12) return out;
  out.width = static_cast<std::int32_t>(little(&info[4], 4));
  out.height = static_cast<std::int32_t>(little(&info[8], 4));
  out.bits = little(&info[14], 2);
  out.compression = little(&info[16], 4);
  out.colors = little(&info[32], 4);
  return out;
}

/// Run lengths of 8- or 4-bit indices ([MS-WMF] 3.1.6); what they skip has the index 0. False when
/// they end before the picture does.
bool expand_runs(const std::uint8_t* in, const std::uint8_t* end, int bits, std::size_t width,
                 std::size_t height, std::vector<std::uint8_t>& indices) {
  std::size_t x = 0, y = 0;
  const auto put = [&](unsigned index) {
    if (x < width && y < height) indices[y * width + x] = static_cast<std::uint8_t>(index);
    ++x;
  };
  const auto nibble = [](unsigned byte, std::size_t i) {
    return i % 2 == 0 ? byte >> 4 : byte & 15;
  };
  while (end - in >= 2) {
    const unsigned count = in[0], value = in[1];
    in += 2;
    if (count > 0) {
      for (std::size_t i = 0; i < count; ++i) put(bits == 8 ? value : nibble(value, i));
    } else if (value == 0) {
      x = 0;
      ++y;
    } else if (value == 1) {
      return true;
    } else if (value == 2) {
      if (end - in < 2) return false;
      x += in[0];
      y += in[1];
      in += 2;
    } else {
      const std::ptrdiff_t bytes = bits == 8 ? value : (value + 1) / 2;
      if (end - in < bytes) return false;
      for (std::size_t i = 0; i < value; ++i) put(bits == 8 ? in[i] : nibble(in[i / 2], i));
      in += bytes + (bytes & 1 && end - in > bytes ? 1 : 0);
    }
    // Some writers leave the end mark out.
    if (y >= height || (y + 1 == height && x >= width)) return true;
  }
  return false;
}

Image decode_runs(const ImageSource& source, const BmpHeader& header) {
  const int bits = header.compression == 1 ? 8 : 4;
  if (header.bits != static_cast<std::uint32_t>(bits) || header.width <= 0)
    source.corrupt("BMP", "run lengths that do not fit its bits a pixel");
  const auto width = static_cast<std::size_t>(header.width);
  const auto height = static_cast<std::size_t>(std::abs(header.height));
  check_dimensions(source, width, height, "BMP");
  const std::size_t palette = kFileHeader + header.size;
  const std::size_t colors =
      std::min<std::size_t>(header.colors > 0 ? header.colors : 256, std::size_t{1} << bits);
  if (header.offset > source.size || palette > header.offset)
    source.corrupt("BMP", "pixels outside the file");
  std::array<std::uint8_t, 1024> table{};
  std::copy_n(source.data + palette, std::min<std::size_t>(colors * 4, header.offset - palette),
              table.begin());
  std::vector<std::uint8_t> indices(width * height);
  if (!expand_runs(source.data + header.offset, source.data + source.size, bits, width, height,
                   indices))
    source.corrupt("BMP", "truncated");
  Image image{static_cast<int>(width), static_cast<int>(height), {}};
  image.rgb.reserve(indices.size() * 3);
  for (std::size_t y = 0; y < height; ++y) {
    const std::uint8_t* row = indices.data() + (header.height < 0 ? y : height - 1 - y) * width;
    for (std::size_t x = 0; x < width; ++x)
      for (int c = 2; c >= 0; --c) image.rgb.push_back(table[4 * row[x] + c]);
  }
  return image;
}

/// The same file with the header of 40 bytes that says the same.
std::vector<std::uint8_t> with_plain_header(const ImageSource& source, const BmpHeader& header) {
  const std::size_t info = header.size;
  if (source.size < kFileHeader + info) source.corrupt("BMP", "truncated");
  std::vector<std::uint8_t> out(source.data, source.data + kFileHeader);
  out.insert(out.end(), source.data + kFileHeader,
             source.data + kFileHeader + std::min(info, kInfoHeader));
  out.resize(kFileHeader + kInfoHeader);
  // The masks of the 52-byte header lie where the plain one has them, too: behind 40 bytes.
  const std::size_t removed = header.size == 52 ? kInfoHeader : info;
  out.insert(out.end(), source.data + kFileHeader + removed, source.data + source.size);
  const auto put = [&](std::size_t at, std::uint32_t value) {
    for (int i = 0; i < 4; ++i) out[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
  };
  put(kFileHeader, kInfoHeader);
  put(10, static_cast<std::uint32_t>(header.offset + kInfoHeader - removed));
  return out;
}

}  // namespace

Image decode_bmp(const ImageSource& source) {
  const BmpHeader header = read_header(source);
  constexpr std::uint32_t kOs2Long = 64;
  const bool os2 = header.size >= 16 && header.size <= kOs2Long && header.size != kInfoHeader &&
                   header.size != 52 && header.size != 56;
  if (header.compression == 1 || header.compression == 2) return decode_runs(source, header);
  if (header.compression > 3 || (os2 && header.compression == 3))
    source.unsupported(
        concat("a BMP of a kind that is not supported (compression ", header.compression, ")"));
  // Without masks the fourth byte is of no meaning, whatever it holds.
  const int channels = header.bits == 32 && header.compression == 0 ? 3 : 4;
  if (!os2 && header.size != 52) return decode_with_stb(source, "BMP", {channels});
  const std::vector<std::uint8_t> plain = with_plain_header(source, header);
  return decode_with_stb({plain.data(), plain.size(), source.name, source.max_pixels}, "BMP",
                         {channels});
}

}  // namespace beholder::vision
