#include "vision/image_decoder.hpp"

#include <new>
#include <stdexcept>

#include "core/file.hpp"
#include "vision/image_format.hpp"
#include "vision/image_orientation.hpp"
#include "vision/image_source.hpp"

namespace beholder::vision {
namespace {

// stb_image takes four components without Adobe's marker for YCbCr with a spare channel; Pillow
// takes them for Adobe's inverted CMYK. Saying so in the file makes stb_image agree.
Image decode_jpeg(const ImageSource& source) {
  const JpegLayout layout = check_jpeg_whole(source);
  if (layout.components != 4 || layout.adobe)
    return decode_with_stb(source, "JPEG", layout.scan_end);
  static constexpr std::uint8_t kAdobeCmyk[] = {0xFF, 0xEE, 0,   14, 'A', 'd', 'o', 'b',
                                                'e',  0,    100, 0,  0,   0,   0,   0};
  std::vector<std::uint8_t> marked(source.data, source.data + source.size);
  marked.insert(marked.begin() + 2, std::begin(kAdobeCmyk), std::end(kAdobeCmyk));
  return decode_with_stb({marked.data(), marked.size(), source.name, source.max_pixels}, "JPEG",
                         layout.scan_end ? layout.scan_end + sizeof kAdobeCmyk : 0);
}

Image decode_format(const ImageSource& source, ImageFormat format) {
  switch (format) {
    case ImageFormat::kJpeg: return decode_jpeg(source);
    case ImageFormat::kPng: check_png_whole(source); return decode_with_stb(source, "PNG");
    case ImageFormat::kWebp: return decode_webp(source);
    case ImageFormat::kTiff: return decode_tiff(source);
    case ImageFormat::kHeif: return decode_heif(source);
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
    return apply_orientation(decode_format(source, detect_format(data, size)),
                             find_orientation(data, size));
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
