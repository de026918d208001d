// stb_image behind a reader that knows when the decoder ran past the end of the bytes.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include "vision/intake/image_source.hpp"

#define STBI_NO_STDIO
#define STBI_NO_HDR
#define STBI_NO_LINEAR
#define STBI_NO_PIC
#define STBI_NO_PNM
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#endif
#include <stb/stb_image.h>
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

namespace beholder::vision {
namespace {

// stb_image fills what is missing with zeros and says nothing, so a short file would come out as a
// half-black picture. This reader remembers that more was asked for than there was.
struct Reader {
  const ImageSource& source;
  const stbi__context* context;
  std::size_t scan_end = 0;
  int missing_bits = -1;
  const stbi__jpeg* jpeg = nullptr;  ///< of JPEGs alone
  std::size_t position = 0;
  bool overrun = false;
  bool scan_done = false;
  int padding = 0;
  bool too_few_bits = false;

  static int read(void* user, char* out, int wanted) {
    auto& self = *static_cast<Reader*>(user);
    if (self.in_scan() && self.position == self.scan_end && wanted > 0) {
      *out = 0;
      self.padding += self.padding <= kLookAhead;
      return 1;
    }
    const std::size_t left = (self.in_scan() ? self.scan_end : self.source.size) - self.position;
    const std::size_t count = std::min<std::size_t>(left, static_cast<std::size_t>(wanted));
    std::memcpy(out, self.source.data + self.position, count);
    self.position += count;
    // A refill of the look-ahead buffer may come up short; a read into the picture may not.
    const bool refill = reinterpret_cast<stbi_uc*>(out) == self.context->buffer_start;
    if (wanted > 0 && (count == 0 || (!refill && count < static_cast<std::size_t>(wanted))))
      self.overrun = true;
    return static_cast<int>(count);
  }

  static void skip(void* user, int count) {
    auto& self = *static_cast<Reader*>(user);
    if (count < 0) count = 0;
    const std::size_t left = self.source.size - self.position;
    if (static_cast<std::size_t>(count) > left) self.overrun = true;
    self.position += std::min<std::size_t>(left, static_cast<std::size_t>(count));
  }

  static int at_end(void* user) {
    auto& self = *static_cast<Reader*>(user);
    if (self.position == self.scan_end && !self.scan_done) {
      self.scan_done = true;
      // What is left in the decoder's buffer was not needed; the zeros are the last of it.
      self.too_few_bits = self.missing_bits >= 0 && self.jpeg != nullptr &&
                          8 * self.padding > self.jpeg->code_bits + self.missing_bits;
    }
    return self.position >= self.source.size;
  }

  // For the same reason a JPEG's last scan is fed zeros in front of the end marker. stb_image asks
  // for the end only when the scan is decoded, so by then the zeros that it took beyond its
  // look-ahead (a 32-bit buffer, filled once more at a restart) are what the scan was short of.
  static constexpr int kLookAhead = 8;
  bool in_scan() const { return position <= scan_end && scan_end > 0 && !scan_done; }
  bool scan_is_short() const { return padding > kLookAhead || too_few_bits; }
};

// One format's header reader: stbi_info tries them all and keeps only the last one's reason.
using Info = int (*)(stbi__context*, int* width, int* height, int* channels);

Info info_of(const std::string& format) {
  if (format == "JPEG") return stbi__jpeg_info;
  if (format == "PNG") return stbi__png_info;
  if (format == "GIF") return stbi__gif_info;
  if (format == "BMP") return stbi__bmp_info;
  if (format == "PSD") return stbi__psd_info;
  return stbi__tga_info;
}

[[noreturn]] void fail_with_reason(const ImageSource& source, const std::string& format,
                                   bool overrun) {
  const char* reason = stbi_failure_reason();
  // A GIF that ends before its first picture is the one damage of which stb_image says nothing.
  const std::string text = reason && *reason != 0 ? reason : "it ends before any picture";
  if (text == "outofmem")
    fail(ErrorCode::kOutOfMemory, source.name, ": not enough memory to decode this ", format);
  if (text == "too large")
    fail(ErrorCode::kPictureTooLarge, source.name, ": the ", format,
         " header says more pixels than can be decoded; shrink it");
  if (overrun) source.corrupt(format, "truncated");
  for (const char* kind : {"only 8-bit", "BMP RLE", "unsupported", "wrong color format",
                           "wrong channel count", "bad compression", "no header height"})
    if (text == kind)
      source.unsupported(concat("a ", format, " of a kind that is not supported (", text, ")"));
  source.corrupt(format, text);
}

using Pixels = std::unique_ptr<stbi_uc, void (*)(void*)>;

// As stbi__jpeg_load does, with the decoder's state in sight of the reader.
Pixels load_jpeg(stbi__context& context, Reader& reader, int& width, int& height) {
  const std::unique_ptr<stbi__jpeg, void (*)(void*)> jpeg(
      static_cast<stbi__jpeg*>(std::calloc(1, sizeof(stbi__jpeg))), std::free);
  if (!jpeg) throw std::bad_alloc();
  jpeg->s = &context;
  reader.jpeg = jpeg.get();
  stbi__setup_jpeg(jpeg.get());
  int channels = 0;
  Pixels pixels(load_jpeg_image(jpeg.get(), &width, &height, &channels, 3), stbi_image_free);
  reader.jpeg = nullptr;
  return pixels;
}

Image from_premultiplied_bgr(const std::uint8_t* bgra, int width, int height) {
  Image image{width, height, {}};
  image.rgb.resize(static_cast<std::size_t>(width) * height * 3);
  for (std::size_t i = 0; i < image.rgb.size() / 3; ++i)
    for (int c = 0; c < 3; ++c)
      image.rgb[3 * i + c] =
          static_cast<std::uint8_t>(std::min(255, bgra[4 * i + 2 - c] + 255 - bgra[4 * i + 3]));
  return image;
}

}  // namespace

Image decode_with_stb(const ImageSource& source, const std::string& format,
                      const StbOptions& options) {
  stbi__g_failure_reason = nullptr;  // that of an earlier picture
  int width = 0, height = 0, channels = 0;
  stbi__context header;
  stbi__start_mem(&header, source.data, static_cast<int>(source.size));
  if (!info_of(format)(&header, &width, &height, &channels))
    fail_with_reason(source, format, false);
  // A BMP's height is negative where its rows go from the top.
  const std::int64_t rows = format == "BMP" ? std::abs(std::int64_t{height}) : height;
  check_dimensions(source, static_cast<std::uint64_t>(std::max(width, 0)),
                   static_cast<std::uint64_t>(std::max<std::int64_t>(rows, 0)), format);

  stbi__context context;
  Reader reader{source, &context, options.scan_end, options.missing_bits};
  stbi_io_callbacks callbacks{Reader::read, Reader::skip, Reader::at_end};
  stbi__start_callbacks(&context, &callbacks, &reader);
  // JPEG never has alpha; the header of others may leave out alpha that a later chunk brings.
  const int wanted = format == "JPEG" ? 3 : options.channels;
  const Pixels pixels =
      format == "JPEG"
          ? load_jpeg(context, reader, width, height)
          : Pixels(stbi__load_and_postprocess_8bit(&context, &width, &height, &channels, wanted),
                   stbi_image_free);
  if (!pixels) fail_with_reason(source, format, reader.overrun || reader.scan_is_short());
  if (reader.scan_is_short()) source.corrupt(format, "truncated: its scan ends too early");
  if (reader.overrun) source.corrupt(format, "truncated");
  if (options.premultiplied_bgr) return from_premultiplied_bgr(pixels.get(), width, height);
  const std::size_t stride = static_cast<std::size_t>(width) * wanted;
  return wanted == 3 ? from_rgb(pixels.get(), width, height, stride)
                     : over_white(pixels.get(), width, height, stride);
}

}  // namespace beholder::vision
