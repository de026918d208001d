#include "vision/intake/image_tiff_samples.hpp"

#include <algorithm>

namespace beholder::vision {
namespace {

/// Copies samples of a row as they were decoded, `step` of them a pixel, into one channel or more.
void keep(const TiffLayout& layout, const std::uint8_t* in, int step, int count, int channels,
          std::uint8_t* out, int out_step) {
  for (int x = 0; x < count; ++x, out += out_step) {
    for (int c = 0; c < channels; ++c) {
      const std::size_t at = static_cast<std::size_t>(x) * step + c;
      out[c] = layout.bits == 8
                   ? in[at]
                   : static_cast<std::uint8_t>(reinterpret_cast<const std::uint16_t*>(in)[at] >> 8);
    }
  }
}

struct Planes {
  int count, step, channels;  ///< passes over the file; samples a pixel in each, and those kept
};

Planes planes_of(const TiffLayout& layout, int kept) {
  return layout.planar == PLANARCONFIG_SEPARATE ? Planes{kept, 1, 1}
                                                : Planes{1, layout.samples, kept};
}

bool read_rows(TIFF* tiff, const TiffLayout& layout, int kept, std::vector<std::uint8_t>& out) {
  const Planes planes = planes_of(layout, kept);
  std::vector<std::uint16_t> row(static_cast<std::size_t>(TIFFScanlineSize(tiff)) / 2 + 1);
  if (row.size() * 2 < static_cast<std::size_t>(layout.width) * planes.step * layout.bits / 8)
    return false;
  for (int plane = 0; plane < planes.count; ++plane)
    for (std::uint32_t y = 0; y < layout.height; ++y) {
      if (TIFFReadScanline(tiff, row.data(), y, static_cast<std::uint16_t>(plane)) != 1)
        return false;
      keep(layout, reinterpret_cast<const std::uint8_t*>(row.data()), planes.step,
           static_cast<int>(layout.width), planes.channels,
           out.data() + static_cast<std::size_t>(y) * layout.width * kept + plane, kept);
    }
  return true;
}

bool read_tiles(TIFF* tiff, const TiffLayout& layout, int kept, std::vector<std::uint8_t>& out) {
  const Planes planes = planes_of(layout, kept);
  std::uint32_t wide = 0, high = 0;
  TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &wide);
  TIFFGetField(tiff, TIFFTAG_TILELENGTH, &high);
  // A tile may reach beyond the picture, but one that is far larger is a lie about its memory.
  constexpr std::uint32_t kSpare = 4096;
  if (wide == 0 || high == 0 || wide > layout.width + kSpare || high > layout.height + kSpare)
    return false;
  const std::size_t row_bytes = static_cast<std::size_t>(wide) * planes.step * (layout.bits / 8);
  if (static_cast<std::size_t>(TIFFTileSize(tiff)) < row_bytes * high) return false;
  std::vector<std::uint16_t> tile(static_cast<std::size_t>(TIFFTileSize(tiff)) / 2 + 1);
  for (int plane = 0; plane < planes.count; ++plane)
    for (std::uint32_t top = 0; top < layout.height; top += high)
      for (std::uint32_t left = 0; left < layout.width; left += wide) {
        if (TIFFReadTile(tiff, tile.data(), left, top, 0, static_cast<std::uint16_t>(plane)) < 0)
          return false;
        const int count = static_cast<int>(std::min(wide, layout.width - left));
        for (std::uint32_t y = 0; y < std::min(high, layout.height - top); ++y)
          keep(
              layout, reinterpret_cast<const std::uint8_t*>(tile.data()) + y * row_bytes,
              planes.step, count, planes.channels,
              out.data() + (static_cast<std::size_t>(top + y) * layout.width + left) * kept + plane,
              kept);
      }
  return true;
}

}  // namespace

TiffLayout read_tiff_layout(TIFF* tiff, const ImageSource& source) {
  TiffLayout out;
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &out.width);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &out.height);
  check_dimensions(source, out.width, out.height, "TIFF");
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &out.bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &out.samples);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &out.planar);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &out.format);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_INKSET, &out.ink_set);
  if (!TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &out.photometric))
    out.photometric = out.samples >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
  std::uint16_t count = 0;
  std::uint16_t* kinds = nullptr;
  if (TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds) && kinds != nullptr)
    out.extras.assign(kinds, kinds + std::min(count, out.samples));
  return out;
}

bool read_tiff_samples(TIFF* tiff, const TiffLayout& layout, int kept,
                       std::vector<std::uint8_t>& out) {
  out.resize(static_cast<std::size_t>(layout.width) * layout.height * kept);
  return TIFFIsTiled(tiff) ? read_tiles(tiff, layout, kept, out)
                           : read_rows(tiff, layout, kept, out);
}

}  // namespace beholder::vision
