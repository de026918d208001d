#include "vision/image_format.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace beholder::vision {
namespace {

bool at(const std::uint8_t* data, std::size_t size, std::size_t offset, std::string_view text) {
  return size >= offset + text.size() && std::memcmp(data + offset, text.data(), text.size()) == 0;
}

// ISO/IEC 14496-12: an ftyp box whose brands name a still-picture kind.
bool is_heif(const std::uint8_t* data, std::size_t size) {
  if (!at(data, size, 4, "ftyp") || size < 12) return false;
  const std::size_t box =
      static_cast<std::size_t>(data[0]) << 24 | data[1] << 16 | data[2] << 8 | data[3];
  const std::size_t end = std::min({box, size, std::size_t{256}});
  for (std::size_t i = 8; i + 4 <= std::max<std::size_t>(end, 12); i += 4)
    for (const char* brand :
         {"heic", "heix", "heim", "heis", "hevc", "mif1", "msf1", "avif", "avis"})
      if (i != 12 && at(data, size, i, brand)) return true;
  return false;
}

bool is_tga(const std::uint8_t* d, std::size_t size) {
  if (size < 18) return false;
  const bool mapped = d[1] == 1 && (d[2] == 1 || d[2] == 9);
  const bool direct = d[1] == 0 && (d[2] == 2 || d[2] == 3 || d[2] == 10 || d[2] == 11);
  const int bits = d[16];
  return (mapped || direct) && (bits == 8 || bits == 15 || bits == 16 || bits == 24 || bits == 32);
}

std::uint32_t crc32(const std::uint8_t* data, std::size_t size) {
  static const std::array<std::uint32_t, 256> table = [] {
    std::array<std::uint32_t, 256> t{};
    for (std::uint32_t n = 0; n < 256; ++n) {
      std::uint32_t c = n;
      for (int k = 0; k < 8; ++k) c = c & 1 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
      t[n] = c;
    }
    return t;
  }();
  std::uint32_t crc = 0xFFFFFFFFu;
  for (std::size_t i = 0; i < size; ++i) crc = table[(crc ^ data[i]) & 0xFF] ^ (crc >> 8);
  return ~crc;
}

// A DHT segment's tables (T.81, B.2.4.2). Some versions of stb_image, Debian 12's too, write beyond
// their arrays when a table claims more than 256 codes.
void check_huffman_tables(const ImageSource& source, const std::uint8_t* tables, std::size_t size) {
  constexpr std::size_t kTableHeader = 17;
  while (size > 0) {
    std::size_t codes = 0;
    for (std::size_t i = 1; i < kTableHeader && i < size; ++i) codes += tables[i];
    if (codes > 256 || size < kTableHeader || codes > size - kTableHeader)
      source.corrupt("JPEG", "a Huffman table that is not possible");
    tables += kTableHeader + codes;
    size -= kTableHeader + codes;
  }
}

std::uint32_t big32(const std::uint8_t* p) {
  return std::uint32_t{p[0]} << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

}  // namespace

ImageFormat detect_format(const std::uint8_t* data, std::size_t size) {
  using namespace std::string_view_literals;
  if (at(data, size, 0, "\xFF\xD8"sv)) return ImageFormat::kJpeg;
  if (at(data, size, 0, "\x89PNG\r\n\x1A\n"sv)) return ImageFormat::kPng;
  if (at(data, size, 0, "GIF87a") || at(data, size, 0, "GIF89a")) return ImageFormat::kGif;
  if (at(data, size, 0, "BM")) return ImageFormat::kBmp;
  if (at(data, size, 0, "8BPS")) return ImageFormat::kPsd;
  if (at(data, size, 0, "RIFF") && at(data, size, 8, "WEBP")) return ImageFormat::kWebp;
  if (at(data, size, 0, "II*\0"sv) || at(data, size, 0, "MM\0*"sv) ||
      at(data, size, 0, "II+\0"sv) || at(data, size, 0, "MM\0+"sv))
    return ImageFormat::kTiff;
  if (is_heif(data, size)) return ImageFormat::kHeif;
  if (size > 2 && data[0] == 'P' && data[1] >= '1' && data[1] <= '6' && data[2] <= ' ')
    return ImageFormat::kPnm;
  if (is_tga(data, size)) return ImageFormat::kTga;
  return ImageFormat::kUnknown;
}

const char* format_name(ImageFormat format) {
  switch (format) {
    case ImageFormat::kUnknown: return "unknown";
    case ImageFormat::kJpeg: return "JPEG";
    case ImageFormat::kPng: return "PNG";
    case ImageFormat::kGif: return "GIF";
    case ImageFormat::kBmp: return "BMP";
    case ImageFormat::kPsd: return "PSD";
    case ImageFormat::kPnm: return "PNM";
    case ImageFormat::kTga: return "TGA";
    case ImageFormat::kWebp: return "WebP";
    case ImageFormat::kTiff: return "TIFF";
    case ImageFormat::kHeif: return "HEIC/AVIF";
  }
  return "unknown";
}

std::string describe_bytes(const std::uint8_t* data, std::size_t size) {
  using namespace std::string_view_literals;
  std::string head(reinterpret_cast<const char*>(data), std::min<std::size_t>(size, 512));
  if (head.compare(0, 5, "%PDF-") == 0) return "a PDF document";
  if (head.compare(0, 2, "PK") == 0) return "a zip archive or office document";
  if (at(data, size, 0, "\x1F\x8B"sv)) return "a gzip archive";
  if (at(data, size, 4, "ftyp")) return "a video";
  const bool text = std::none_of(head.begin(), head.end(), [](unsigned char c) {
    return c == 127 || (c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f');
  });
  if (!text) return "of an unknown kind";
  for (char& c : head) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (head.find("<svg") != std::string::npos) return "an SVG drawing";
  if (head.find("<html") != std::string::npos || head.find("<!doctype html") != std::string::npos)
    return "a web page";
  return "text";
}

JpegLayout check_jpeg_whole(const ImageSource& source) {
  const std::uint8_t* d = source.data;
  JpegLayout layout;
  bool in_scan = false;
  for (std::size_t i = 2; i + 1 < source.size;) {
    // Outside a segment only markers count: this skips entropy-coded data and stray bytes alike.
    const int marker = d[i + 1];
    if (d[i] != 0xFF || marker == 0 || marker == 0xFF) {
      ++i;
      continue;
    }
    if (marker == 0xD9) {
      if (in_scan) layout.scan_end = i;
      return layout;
    }
    i += 2;
    if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) continue;
    if (source.size - i < 2) break;
    const std::size_t length = d[i] << 8 | d[i + 1];
    if (length < 2) source.corrupt("JPEG", "a segment shorter than its own length field");
    if (length > source.size - i) break;
    if (marker == 0xEE && length >= 14 && at(d, source.size, i + 2, "Adobe")) layout.adobe = true;
    if (marker == 0xC4) check_huffman_tables(source, d + i + 2, length - 2);
    const bool frame =
        marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (frame && length >= 8) layout.components = d[i + 7];
    in_scan = marker == 0xDA;
    i += length;
  }
  source.corrupt("JPEG", "truncated: the end marker is missing");
}

void check_png_whole(const ImageSource& source) {
  std::size_t i = 8;
  while (source.size - i >= 12) {
    const std::size_t length = big32(source.data + i);
    if (length > source.size - i - 12) break;
    const std::uint8_t* type = source.data + i + 4;
    const bool critical = (type[0] & 0x20) == 0;
    if (critical && crc32(type, length + 4) != big32(type + 4 + length))
      source.corrupt("PNG", "a chunk's checksum is wrong");
    if (std::memcmp(type, "IEND", 4) == 0) return;
    i += 12 + length;
  }
  source.corrupt("PNG", "truncated: the end chunk is missing");
}

}  // namespace beholder::vision
