#include "vision/intake/image_format.hpp"

#include <zlib.h>

#include <algorithm>
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
  // A codestream, or the same in the boxes of its own container.
  if (at(data, size, 0, "\xFF\x0A"sv) || at(data, size, 0, "\0\0\0\x0CJXL \r\n\x87\n"sv))
    return ImageFormat::kJxl;
  if (at(data, size, 0, "\xFF\x4F\xFF\x51"sv) || at(data, size, 0, "\0\0\0\x0CjP  \r\n\x87\n"sv))
    return ImageFormat::kJpeg2000;
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
    case ImageFormat::kJxl: return "JPEG XL";
    case ImageFormat::kJpeg2000: return "JPEG 2000";
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

PngLayout check_png_whole(const ImageSource& source) {
  PngLayout layout;
  std::size_t i = 8;
  while (source.size - i >= 12) {
    const std::size_t length = big32(source.data + i);
    if (length > source.size - i - 12) break;
    const std::uint8_t* type = source.data + i + 4;
    const bool critical = (type[0] & 0x20) == 0;
    if (critical && crc32(0, type, static_cast<uInt>(length + 4)) != big32(type + 4 + length))
      source.corrupt("PNG", "a chunk's checksum is wrong");
    if (std::memcmp(type, "CgBI", 4) == 0) layout.cgbi = true;
    if (std::memcmp(type, "IHDR", 4) == 0 && length >= 10) {
      layout.bits = type[4 + 8];
      layout.color_type = type[4 + 9];
    }
    if (std::memcmp(type, "IEND", 4) == 0) return layout;
    i += 12 + length;
  }
  source.corrupt("PNG", "truncated: the end chunk is missing");
}

}  // namespace beholder::vision
