// JPEG XL through libjxl, which applies the file's own orientation. Debian's build of it writes to
// stderr when a picture is damaged, and cannot be told not to.
#include <jxl/decode.h>

#include <memory>
#include <new>

#include "vision/intake/image_samples.hpp"
#include "vision/intake/image_source.hpp"

namespace beholder::vision {
namespace {

using Decoder = std::unique_ptr<JxlDecoder, void (*)(JxlDecoder*)>;

// The profile of the values that come out; nothing where they are sRGB.
std::vector<std::uint8_t> profile_of(const JxlDecoder* decoder, const JxlPixelFormat& format) {
  JxlColorEncoding encoding;
  const auto target = JXL_COLOR_PROFILE_TARGET_DATA;
  if (JxlDecoderGetColorAsEncodedProfile(decoder, &format, target, &encoding) == JXL_DEC_SUCCESS &&
      encoding.primaries == JXL_PRIMARIES_SRGB && encoding.white_point == JXL_WHITE_POINT_D65 &&
      encoding.transfer_function == JXL_TRANSFER_FUNCTION_SRGB)
    return {};
  std::size_t size = 0;
  if (JxlDecoderGetICCProfileSize(decoder, &format, target, &size) != JXL_DEC_SUCCESS) return {};
  std::vector<std::uint8_t> out(size);
  if (JxlDecoderGetColorAsICCProfile(decoder, &format, target, out.data(), size) != JXL_DEC_SUCCESS)
    return {};
  return out;
}

// Pictures that libjxl stores in colours of its own come out as sRGB, whatever they were made from.
void ask_for_srgb(JxlDecoder* decoder, bool grey) {
  JxlColorEncoding srgb{};
  srgb.color_space = grey ? JXL_COLOR_SPACE_GRAY : JXL_COLOR_SPACE_RGB;
  srgb.white_point = JXL_WHITE_POINT_D65;
  srgb.primaries = JXL_PRIMARIES_SRGB;
  srgb.transfer_function = JXL_TRANSFER_FUNCTION_SRGB;
  srgb.rendering_intent = JXL_RENDERING_INTENT_PERCEPTUAL;
  JxlDecoderSetPreferredColorProfile(decoder, &srgb);
}

}  // namespace

Image decode_jxl(const ImageSource& source) {
  const Decoder decoder(JxlDecoderCreate(nullptr), JxlDecoderDestroy);
  if (!decoder) throw std::bad_alloc();
  JxlDecoderSubscribeEvents(decoder.get(),
                            JXL_DEC_BASIC_INFO | JXL_DEC_COLOR_ENCODING | JXL_DEC_FULL_IMAGE);
  JxlDecoderSetInput(decoder.get(), source.data, source.size);
  JxlDecoderCloseInput(decoder.get());
  JxlBasicInfo info{};
  SampleKind kind;
  JxlPixelFormat format{3, JXL_TYPE_UINT8, JXL_NATIVE_ENDIAN, 0};
  std::vector<std::uint8_t> samples, profile;
  for (;;) {
    switch (JxlDecoderProcessInput(decoder.get())) {
      case JXL_DEC_BASIC_INFO:
        if (JxlDecoderGetBasicInfo(decoder.get(), &info) != JXL_DEC_SUCCESS)
          source.corrupt("JPEG XL", "its header cannot be read");
        check_dimensions(source, info.xsize, info.ysize, "JPEG XL");
        kind.colors = static_cast<int>(info.num_color_channels);
        if (info.alpha_bits > 0)
          kind.alpha = info.alpha_premultiplied ? Alpha::kPremultiplied : Alpha::kStraight;
        format.num_channels = static_cast<std::uint32_t>(kind.channels());
        break;
      case JXL_DEC_COLOR_ENCODING:
        ask_for_srgb(decoder.get(), kind.colors == 1);
        profile = profile_of(decoder.get(), format);
        break;
      case JXL_DEC_NEED_IMAGE_OUT_BUFFER:
        samples.resize(std::size_t{info.xsize} * info.ysize * kind.channels());
        if (JxlDecoderSetImageOutBuffer(decoder.get(), &format, samples.data(), samples.size()) !=
            JXL_DEC_SUCCESS)
          source.corrupt("JPEG XL", "its size is not what the header says");
        break;
      case JXL_DEC_FULL_IMAGE: {
        Image image =
            from_samples(samples, static_cast<int>(info.xsize), static_cast<int>(info.ysize), kind);
        image.icc_profile = std::move(profile);
        return image;
      }
      case JXL_DEC_NEED_MORE_INPUT: source.corrupt("JPEG XL", "truncated");
      case JXL_DEC_SUCCESS: source.corrupt("JPEG XL", "no picture in it");
      default: source.corrupt("JPEG XL", "its data cannot be decoded");
    }
  }
}

}  // namespace beholder::vision
