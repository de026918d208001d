// TIFF through libtiff, with handlers of the open file alone, so that nothing is printed.
#include <tiffio.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>

#include "vision/image_source.hpp"

namespace beholder::vision {
namespace {

struct Memory {
  const ImageSource& source;
  toff_t position = 0;
  std::string error;
};

tmsize_t read_memory(thandle_t handle, void* out, tmsize_t wanted) {
  auto& m = *static_cast<Memory*>(handle);
  if (wanted <= 0 || m.position >= m.source.size) return 0;
  const auto count = std::min<std::uint64_t>(m.source.size - m.position, wanted);
  std::memcpy(out, m.source.data + m.position, count);
  m.position += count;
  return static_cast<tmsize_t>(count);
}

tmsize_t refuse_write(thandle_t, void*, tmsize_t) { return 0; }

toff_t seek_memory(thandle_t handle, toff_t offset, int whence) {
  auto& m = *static_cast<Memory*>(handle);
  if (whence == SEEK_CUR) offset += m.position;
  if (whence == SEEK_END) offset += m.source.size;
  return m.position = offset;
}

int close_memory(thandle_t) { return 0; }
toff_t memory_size(thandle_t handle) { return static_cast<Memory*>(handle)->source.size; }

int keep_error(TIFF*, void* user, const char*, const char* format, va_list arguments) {
  char text[256];
  std::vsnprintf(text, sizeof text, format, arguments);
  auto& error = static_cast<Memory*>(user)->error;
  if (error.empty()) error = text;
  return 1;
}

int drop_warning(TIFF*, void*, const char*, const char*, va_list) { return 1; }

}  // namespace

Image decode_tiff(const ImageSource& source) {
  Memory memory{source, 0, {}};
  std::unique_ptr<TIFFOpenOptions, void (*)(TIFFOpenOptions*)> options(TIFFOpenOptionsAlloc(),
                                                                       TIFFOpenOptionsFree);
  if (!options) throw std::bad_alloc();
  // 16-bit RGBA takes 8 bytes a pixel, and one strip may hold the whole picture.
  const std::uint64_t most_bytes = std::min<std::uint64_t>(source.max_pixels, 1u << 30) * 8;
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(),
                                      static_cast<tmsize_t>(most_bytes + (std::uint64_t{1} << 20)));
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keep_error, &memory);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), drop_warning, &memory);
  // "m": no memory mapping.
  std::unique_ptr<TIFF, void (*)(TIFF*)> tiff(
      TIFFClientOpenExt("picture", "rm", &memory, read_memory, refuse_write, seek_memory,
                        close_memory, memory_size, nullptr, nullptr, options.get()),
      TIFFClose);
  if (!tiff) source.corrupt("TIFF", memory.error.empty() ? "no directory" : memory.error);

  std::uint32_t width = 0, height = 0;
  TIFFGetField(tiff.get(), TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField(tiff.get(), TIFFTAG_IMAGELENGTH, &height);
  check_dimensions(source, width, height, "TIFF");
  char why[1024] = "";
  if (!TIFFRGBAImageOK(tiff.get(), why))
    source.unsupported(concat("a TIFF of a kind that is not supported (", why, ")"));
  // The stored order of rows; EXIF orientation is applied later, for every format alike.
  std::uint16_t orientation = ORIENTATION_TOPLEFT;
  TIFFGetFieldDefaulted(tiff.get(), TIFFTAG_ORIENTATION, &orientation);
  if (orientation < 1 || orientation > 8) orientation = ORIENTATION_TOPLEFT;
  std::vector<std::uint32_t> raster(static_cast<std::size_t>(width) * height);
  if (!TIFFReadRGBAImageOriented(tiff.get(), width, height, raster.data(), orientation, 1) ||
      !memory.error.empty())
    source.corrupt("TIFF", memory.error.empty() ? "its data cannot be decoded" : memory.error);

  Image image{static_cast<int>(width), static_cast<int>(height), {}};
  image.rgb.resize(raster.size() * 3);
  std::uint8_t* out = image.rgb.data();
  for (const std::uint32_t pixel : raster) {
    // libtiff multiplies the colours by alpha, so only the white behind is left to add.
    const unsigned white = 255 - TIFFGetA(pixel);
    *out++ = static_cast<std::uint8_t>(std::min(255u, TIFFGetR(pixel) + white));
    *out++ = static_cast<std::uint8_t>(std::min(255u, TIFFGetG(pixel) + white));
    *out++ = static_cast<std::uint8_t>(std::min(255u, TIFFGetB(pixel) + white));
  }
  return image;
}

}  // namespace beholder::vision
