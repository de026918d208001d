#include "vision/intake/image_metadata.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <string_view>

#include "vision/intake/image_color.hpp"
#include "vision/intake/image_orientation.hpp"

namespace beholder::vision {
namespace {

using namespace std::string_view_literals;

using Bytes = std::vector<std::uint8_t>;

/// Compressed metadata may claim to be of any size; real profiles take less than 4 MB.
constexpr std::size_t kMostInflated = std::size_t{16} << 20;

std::uint64_t read_uint(const std::uint8_t* p, int bytes, bool little) {
  std::uint64_t value = 0;
  for (int i = 0; i < bytes; ++i) value = value << 8 | p[little ? bytes - 1 - i : i];
  return value;
}

std::uint32_t big32(std::string_view text, std::size_t offset) {
  return static_cast<std::uint32_t>(
      read_uint(reinterpret_cast<const std::uint8_t*>(text.data()) + offset, 4, false));
}

bool starts_with(std::string_view text, std::string_view head) {
  return text.substr(0, head.size()) == head;
}

Bytes to_bytes(std::string_view text) { return Bytes(text.begin(), text.end()); }

/// Some writers keep the JPEG segment's "Exif\0\0" in front.
Bytes exif_bytes(std::string_view text) {
  if (starts_with(text, "Exif\0\0"sv)) text.remove_prefix(6);
  return to_bytes(text);
}

/// A zlib stream's content; empty when it is damaged or too large.
std::string inflated(std::string_view packed) {
  std::string out;
  z_stream stream{};
  if (packed.size() > kMostInflated || inflateInit(&stream) != Z_OK) return out;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  int status = Z_OK;
  char piece[1 << 14];
  while (status == Z_OK && out.size() <= kMostInflated) {
    stream.next_out = reinterpret_cast<Bytef*>(piece);
    stream.avail_out = sizeof piece;
    status = inflate(&stream, Z_NO_FLUSH);
    if (status == Z_OK || status == Z_STREAM_END)
      out.append(piece, sizeof piece - stream.avail_out);
  }
  inflateEnd(&stream);
  return status == Z_STREAM_END ? out : std::string();
}

/// How many pictures an MPF segment's index lists (tag 0xB001 of CIPA DC-007).
std::uint32_t listed_pictures(std::string_view index) {
  if (index.size() < 8) return 1;
  const auto* p = reinterpret_cast<const std::uint8_t*>(index.data());
  const bool little = index[0] == 'I';
  const std::uint64_t first = read_uint(p + 4, 4, little);
  if (first + 2 > index.size()) return 1;
  const std::uint64_t entries =
      std::min<std::uint64_t>(read_uint(p + first, 2, little), (index.size() - first - 2) / 12);
  for (std::uint64_t i = 0; i < entries; ++i) {
    const std::uint8_t* entry = p + first + 2 + 12 * i;
    if (read_uint(entry, 2, little) == 0xB001)
      return static_cast<std::uint32_t>(read_uint(entry + 8, 4, little));
  }
  return 1;
}

Metadata jpeg_metadata(std::string_view file) {
  Metadata out;
  std::map<int, std::string_view> profile_parts;
  bool gain_map = false;
  const auto* d = reinterpret_cast<const std::uint8_t*>(file.data());
  for (std::size_t at = 2; at + 4 <= file.size() && d[at] == 0xFF;) {
    const int marker = d[at + 1];
    if (marker == 0xFF) {  // fill byte
      ++at;
      continue;
    }
    if (marker == 0xDA || marker == 0xD9) break;
    const std::size_t length = read_uint(d + at + 2, 2, false);
    if (length < 2 || length > file.size() - at - 2) break;
    const std::string_view body = file.substr(at + 4, length - 2);
    constexpr auto kXmp = "http://ns.adobe.com/xap/1.0/\0"sv, kProfile = "ICC_PROFILE\0"sv;
    if (marker == 0xE1 && starts_with(body, "Exif\0\0"sv) && out.exif.empty())
      out.exif = exif_bytes(body);
    else if (marker == 0xE1 && starts_with(body, kXmp) && out.xmp.empty())
      out.xmp = body.substr(kXmp.size());
    else if (marker == 0xE2 && starts_with(body, kProfile) && body.size() > kProfile.size() + 2)
      profile_parts[static_cast<unsigned char>(body[kProfile.size()])] =
          body.substr(kProfile.size() + 2);
    else if (marker == 0xE2 && starts_with(body, "MPF\0"sv))
      out.pictures = listed_pictures(body.substr(4));
    gain_map = gain_map || (marker == 0xE2 && starts_with(body, "urn:iso:std:iso:ts:21496"sv));
    at += 2 + length;
  }
  for (const auto& [number, part] : profile_parts)
    out.icc_profile.insert(out.icc_profile.end(), part.begin(), part.end());
  // The second picture of such a file says how bright the first one's lights are; no picture of its
  // own.
  if (gain_map || out.xmp.find("hdrgm:") != std::string::npos ||
      out.xmp.find("GainMap") != std::string::npos)
    out.pictures = 1;
  return out;
}

/// ImageMagick's text form of a binary block: name, length, hexadecimal digits.
std::string raw_profile(std::string_view text) {
  std::string out;
  int line = 0, high = -1;
  for (const char c : text) {
    if (c == '\n') ++line;
    if (line < 3 || c == '\n' || c == ' ') continue;
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return {};
    if (high >= 0) out.push_back(static_cast<char>(high << 4 | digit));
    high = high >= 0 ? -1 : digit;
  }
  return out;
}

/// What a text chunk says: its keyword and its text (PNG specification, 11.3.3).
std::pair<std::string, std::string> text_chunk(std::string_view type, std::string_view body) {
  const std::size_t end = body.find('\0');
  if (end == std::string_view::npos) return {};
  const std::string keyword(body.substr(0, end));
  body.remove_prefix(end + 1);
  if (type == "tEXt") return {keyword, std::string(body)};
  if (type == "zTXt") return {keyword, body.empty() ? std::string() : inflated(body.substr(1))};
  if (body.size() < 2) return {};
  const bool packed = body[0] != 0;
  body.remove_prefix(2);
  for (int field = 0; field < 2; ++field) {  // language, translated keyword
    const std::size_t zero = body.find('\0');
    if (zero == std::string_view::npos) return {};
    body.remove_prefix(zero + 1);
  }
  return {keyword, packed ? inflated(body) : std::string(body)};
}

void take_text(Metadata& out, std::string& raw_exif, std::pair<std::string, std::string> text) {
  auto& [keyword, value] = text;
  std::transform(keyword.begin(), keyword.end(), keyword.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  constexpr auto kXmp = "http://ns.adobe.com/xap/1.0/\0"sv;
  if (keyword == "xml:com.adobe.xmp") out.xmp = value;
  if (keyword != "raw profile type exif" && keyword != "raw profile type app1" &&
      keyword != "raw profile type xmp")
    return;
  const std::string content = raw_profile(value);
  if (keyword == "raw profile type xmp")
    out.xmp = content;
  else if (starts_with(content, kXmp))
    out.xmp = content.substr(kXmp.size());
  else
    raw_exif = content;
}

/// The first that is there of cICP, iCCP, sRGB and gAMA with cHRM, in the order that the PNG
/// specification gives them (third edition, 4.3).
Metadata png_metadata(std::string_view file) {
  Metadata out;
  std::string raw_exif;
  std::string_view cicp, icc, gamma, chromaticities;
  bool srgb = false;
  for (std::size_t at = 8; at < file.size() && file.size() - at >= 12;) {
    const std::size_t length = big32(file, at);
    if (length > file.size() - at - 12) break;
    const std::string_view type = file.substr(at + 4, 4), body = file.substr(at + 8, length);
    if (type == "eXIf") out.exif = exif_bytes(body);
    if (type == "tEXt" || type == "zTXt" || type == "iTXt")
      take_text(out, raw_exif, text_chunk(type, body));
    if (type == "cICP") cicp = body;
    if (type == "iCCP") icc = body;
    if (type == "sRGB") srgb = true;
    if (type == "gAMA") gamma = body;
    if (type == "cHRM") chromaticities = body;
    at += 12 + length;
  }
  if (out.exif.empty()) out.exif = exif_bytes(raw_exif);
  if (const std::size_t end = icc.find('\0'); end != std::string_view::npos && end + 2 < icc.size())
    out.icc_profile = to_bytes(inflated(icc.substr(end + 2)));
  if (cicp.size() == 4 && cicp[2] == 0) {
    const Bytes coded = profile_of_code_points(static_cast<unsigned char>(cicp[0]),
                                               static_cast<unsigned char>(cicp[1]));
    if (!coded.empty()) out.icc_profile = coded;
  } else if (icc.empty() && !srgb && gamma.size() == 4) {
    Primaries primaries = kSrgbPrimaries;
    if (chromaticities.size() == 32)
      for (std::size_t i = 0; i < 8; ++i) primaries[i] = big32(chromaticities, 4 * i) / 100000.0;
    const double exponent = big32(gamma, 0) / 100000.0;
    if (exponent > 0) out.icc_profile = profile_of_gamma(primaries, 1 / exponent);
  }
  return out;
}

Metadata webp_metadata(std::string_view file) {
  Metadata out;
  const auto* d = reinterpret_cast<const std::uint8_t*>(file.data());
  for (std::size_t at = 12; at < file.size() && file.size() - at >= 8;) {
    const std::size_t length = read_uint(d + at + 4, 4, true);
    if (length > file.size() - at - 8) break;
    const std::string_view type = file.substr(at, 4), body = file.substr(at + 8, length);
    if (type == "EXIF" && out.exif.empty()) out.exif = exif_bytes(body);
    if (type == "XMP ") out.xmp = body;
    if (type == "ICCP") out.icc_profile = to_bytes(body);
    at += 8 + length + (length & 1);
  }
  return out;
}

}  // namespace

Metadata read_metadata(const ImageSource& source, ImageFormat format) {
  const std::string_view file(reinterpret_cast<const char*>(source.data), source.size);
  switch (format) {
    case ImageFormat::kJpeg: return jpeg_metadata(file);
    case ImageFormat::kPng: return png_metadata(file);
    case ImageFormat::kWebp: return webp_metadata(file);
    default: return {};
  }
}

int orientation_of(const Metadata& metadata) {
  if (const auto found = tiff_orientation(metadata.exif.data(), metadata.exif.size()))
    return *found;
  return xmp_orientation(metadata.xmp);
}

}  // namespace beholder::vision
