// Binary PGM and PPM (netpbm's pgm(5) and ppm(5)). stb_image swaps the bytes of 16-bit samples and
// ignores maxval.
#include <cstdint>

#include "vision/intake/image_source.hpp"

namespace beholder::vision {
namespace {

// The header's words: numbers between white space and comments.
struct Header {
  const ImageSource& source;
  std::size_t position = 2;

  bool at_space() const {
    const std::uint8_t c = source.data[position];
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  std::uint64_t number() {
    while (position < source.size && (at_space() || source.data[position] == '#')) {
      if (source.data[position] == '#')
        while (position < source.size && source.data[position] != '\n') ++position;
      else
        ++position;
    }
    std::uint64_t value = 0;
    const std::size_t first = position;
    for (; position < source.size; ++position) {
      const unsigned digit = source.data[position] - unsigned{'0'};
      if (digit > 9) break;
      value = value * 10 + digit;
      if (value > 0x7FFFFFFF) source.corrupt("PNM", "a header number that is too large");
    }
    if (first == position) source.corrupt("PNM", "a header without its three numbers");
    return value;
  }
};

}  // namespace

Image decode_pnm(const ImageSource& source) {
  const int kind = source.data[1] - '0';
  if (kind != 5 && kind != 6) source.unsupported("a PNM in plain text or of 1 bit");
  Header header{source};
  const std::uint64_t width = header.number(), height = header.number(), maxval = header.number();
  check_dimensions(source, width, height, "PNM");
  if (maxval < 1 || maxval > 65535) source.corrupt("PNM", "a maxval outside 1..65535");
  if (header.position >= source.size || !header.at_space())
    source.corrupt("PNM", "no white space after the header");
  const std::uint8_t* in = source.data + header.position + 1;
  const std::uint64_t channels = kind == 6 ? 3 : 1, bytes = maxval > 255 ? 2 : 1;
  const std::uint64_t samples = width * height * channels;
  if (samples > (source.size - header.position - 1) / bytes) source.corrupt("PNM", "truncated");

  Image image{static_cast<int>(width), static_cast<int>(height), {}};
  image.rgb.resize(width * height * 3);
  std::uint8_t* out = image.rgb.data();
  for (std::uint64_t i = 0; i < samples; ++i, in += bytes) {
    std::uint64_t value = bytes == 2 ? in[0] << 8 | in[1] : in[0];
    if (value > maxval) value = maxval;
    // The high byte where it is one, as of every 16-bit format.
    value = maxval == 65535 ? value >> 8 : (value * 255 + maxval / 2) / maxval;
    for (int copy = kind == 6 ? 1 : 3; copy > 0; --copy) *out++ = static_cast<std::uint8_t>(value);
  }
  return image;
}

}  // namespace beholder::vision
