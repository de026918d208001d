#include "vision/intake/image_decoder.hpp"

#include <new>
#include <stdexcept>
#include <utility>

#include "core/file.hpp"
#include "core/log.hpp"
#include "vision/intake/image_color.hpp"
#include "vision/intake/image_format.hpp"
#include "vision/intake/image_jpeg_layout.hpp"
#include "vision/intake/image_metadata.hpp"
#include "vision/intake/image_orientation.hpp"
#include "vision/intake/image_source.hpp"

namespace beholder::vision {
namespace {

constexpr std::uint8_t kAdobeCmyk[] = {0xFF, 0xEE, 0,   14, 'A', 'd', 'o', 'b',
                                       'e',  0,    100, 0,  0,   0,   0,   0};

// Inserts or replaces what stb_image needs to agree with Pillow: it takes four components without
// Adobe's marker for YCbCr with a spare channel, where Pillow takes them for Adobe's inverted CMYK;
// and it refuses a whole scan whose end marker is missing.
std::vector<std::uint8_t> completed(const ImageSource& source, const JpegLayout& layout,
                                    bool mark_cmyk) {
  const std::size_t end = layout.end_missing ? layout.scan_end : source.size;
  std::vector<std::uint8_t> out(source.data, source.data + end);
  if (layout.end_missing) out.insert(out.end(), {0xFF, 0xD9});
  if (mark_cmyk) out.insert(out.begin() + 2, std::begin(kAdobeCmyk), std::end(kAdobeCmyk));
  return out;
}

Image decode_jpeg(const ImageSource& source, const Metadata& metadata) {
  const JpegLayout layout = check_jpeg_whole(source);
  StbOptions options;
  options.scan_end = layout.scan_end;
  if (layout.end_missing) options.missing_bits = layout.zeros_dropped ? 8 : 0;
  const bool mark_cmyk = layout.components == 4 && !layout.adobe;
  Image image;
  if (!mark_cmyk && !layout.end_missing) {
    image = decode_with_stb(source, "JPEG", options);
  } else {
    const std::vector<std::uint8_t> whole = completed(source, layout, mark_cmyk);
    if (mark_cmyk && options.scan_end > 0) options.scan_end += sizeof kAdobeCmyk;
    image = decode_with_stb({whole.data(), whole.size(), source.name, source.max_pixels}, "JPEG",
                            options);
  }
  if (layout.end_missing)
    log(LogLevel::kWarning, source.name,
        ": this JPEG has no end marker; its picture is whole and was read");
  if (metadata.pictures > 1)
    log(LogLevel::kWarning, source.name, ": holds ", metadata.pictures,
        " pictures; the first one is read");
  if (layout.components == 4 && profile_space(metadata.icc_profile) == "CMYK")
    image.cmyk = read_jpeg_inks(source, image.width, image.height);
  return image;
}

// Apple's CgBI, as Xcode writes it into an app's bundle: the chunk's flags aside, 8-bit B G R with
// or without alpha that is multiplied into them, and a deflate stream without zlib's header, which
// stb_image finds out by itself.
Image decode_png(const ImageSource& source) {
  const PngLayout layout = check_png_whole(source);
  StbOptions options;
  if (layout.cgbi) {
    if (layout.bits != 8 || (layout.color_type != 2 && layout.color_type != 6))
      source.unsupported(
          "Apple's CgBI variant of PNG, not of 8-bit RGB (`xcrun pngcrush "
          "-revert-iphone-optimizations` makes a PNG of it)");
    options.premultiplied_bgr = true;
  }
  return decode_with_stb(source, "PNG", options);
}

Image decode_format(const ImageSource& source, ImageFormat format, const Metadata& metadata) {
  switch (format) {
    case ImageFormat::kJpeg: return decode_jpeg(source, metadata);
    case ImageFormat::kPng: return decode_png(source);
    case ImageFormat::kBmp: return decode_bmp(source);
    case ImageFormat::kWebp: return decode_webp(source);
    case ImageFormat::kTiff: return decode_tiff(source);
    case ImageFormat::kHeif: return decode_heif(source);
    case ImageFormat::kJxl: return decode_jxl(source);
    case ImageFormat::kJpeg2000: return decode_jpeg2000(source);
    case ImageFormat::kUnknown:
      source.unsupported(concat("not a picture: it is ", describe_bytes(source.data, source.size)));
    case ImageFormat::kPnm: return decode_pnm(source);
    default: return decode_with_stb(source, format_name(format));
  }
}

// What the allocator throws, as the library's own error.
template <typename Decode>
Image or_out_of_memory(const std::string& name, const Decode& decode) {
  try {
    return decode();
  } catch (const std::bad_alloc&) {
  } catch (const std::length_error&) {
  }
  fail(ErrorCode::kOutOfMemory, name,
       ": not enough memory to decode this picture; shrink it or free memory");
}

}  // namespace

Image decode_image(const std::uint8_t* data, std::size_t size, const std::string& name,
                   const DecodeOptions& options) {
  check(data != nullptr && size > 0, ErrorCode::kPictureCorrupt, name,
        ": is empty (0 bytes); get a whole copy of the picture");
  check(size <= 0x7FFFFFFF, ErrorCode::kPictureTooLarge, name, ": ", size,
        " bytes are more than the 2147483647 that a picture file may have");
  return or_out_of_memory(name, [&] {
    const ImageSource source{data, size, name, options.max_pixels};
    const ImageFormat format = detect_format(data, size);
    const Metadata metadata = read_metadata(source, format);
    Image image = decode_format(source, format, metadata);
    if (image.icc_profile.empty()) image.icc_profile = metadata.icc_profile;
    return apply_orientation(std::move(image), orientation_of(metadata));
  });
}

Image load_image(const std::filesystem::path& path, const DecodeOptions& options) {
  const std::string name = path.string();
  return or_out_of_memory(name, [&] {
    const std::vector<std::uint8_t> bytes = read_file_bytes(path);
    return decode_image(bytes.data(), bytes.size(), name, options);
  });
}

}  // namespace beholder::vision
