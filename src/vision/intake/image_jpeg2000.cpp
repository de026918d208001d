// JPEG 2000 through OpenJPEG. OpenCV's reader, which stands on the same library, writes to stderr
// when a picture is damaged.
#include <openjpeg.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

#include "vision/intake/image_samples.hpp"
#include "vision/intake/image_source.hpp"

namespace beholder::vision {
namespace {

struct Memory {
  const ImageSource& source;
  std::size_t position = 0;
};

OPJ_SIZE_T read_memory(void* out, OPJ_SIZE_T wanted, void* user) {
  auto& m = *static_cast<Memory*>(user);
  if (m.position >= m.source.size) return static_cast<OPJ_SIZE_T>(-1);
  const std::size_t count = std::min<std::size_t>(wanted, m.source.size - m.position);
  std::memcpy(out, m.source.data + m.position, count);
  m.position += count;
  return count;
}

OPJ_OFF_T skip_memory(OPJ_OFF_T count, void* user) {
  auto& m = *static_cast<Memory*>(user);
  if (count < 0) return -1;
  m.position += std::min<std::size_t>(static_cast<std::size_t>(count), m.source.size - m.position);
  return count;
}

OPJ_BOOL seek_memory(OPJ_OFF_T to, void* user) {
  auto& m = *static_cast<Memory*>(user);
  if (to < 0 || static_cast<std::size_t>(to) > m.source.size) return OPJ_FALSE;
  m.position = static_cast<std::size_t>(to);
  return OPJ_TRUE;
}

void keep_error(const char* text, void* user) {
  auto& error = *static_cast<std::string*>(user);
  if (!error.empty()) return;
  error = text;
  while (!error.empty() && (error.back() == '\n' || error.back() == '.')) error.pop_back();
}

void drop_message(const char*, void*) {}

using Codec = std::unique_ptr<opj_codec_t, void (*)(opj_codec_t*)>;
using Stream = std::unique_ptr<opj_stream_t, void (*)(opj_stream_t*)>;
using Decoded = std::unique_ptr<opj_image_t, void (*)(opj_image_t*)>;

Stream open_stream(Memory& memory) {
  Stream stream(opj_stream_create(std::min<std::size_t>(memory.source.size, 1 << 16), OPJ_TRUE),
                opj_stream_destroy);
  if (!stream) throw std::bad_alloc();
  opj_stream_set_read_function(stream.get(), read_memory);
  opj_stream_set_skip_function(stream.get(), skip_memory);
  opj_stream_set_seek_function(stream.get(), seek_memory);
  opj_stream_set_user_data(stream.get(), &memory, nullptr);
  opj_stream_set_user_data_length(stream.get(), memory.source.size);
  return stream;
}

// A component's samples at the picture's own size, in 8 bits rounded as Pillow rounds them.
void take_component(const ImageSource& source, const opj_image_t& image, int c, int channels,
                    std::vector<std::uint8_t>& samples) {
  const opj_image_comp_t& part = image.comps[c];
  const std::size_t width = image.x1 - image.x0, height = image.y1 - image.y0;
  if (part.data == nullptr || part.w == 0 || part.h == 0)
    source.corrupt("JPEG 2000", "a component without samples");
  const int shift = 8 - static_cast<int>(part.prec);
  const std::int64_t offset = (part.sgnd ? std::int64_t{1} << (part.prec - 1) : 0) +
                              (shift < 0 ? std::int64_t{1} << (-shift - 1) : 0);
  for (std::size_t y = 0; y < height; ++y)
    for (std::size_t x = 0; x < width; ++x) {
      const std::size_t u = std::min<std::size_t>(x / part.dx, part.w - 1);
      const std::size_t v = std::min<std::size_t>(y / part.dy, part.h - 1);
      const std::int64_t value = part.data[v * part.w + u] + offset;
      const std::int64_t byte = shift < 0 ? value >> -shift : value << shift;
      samples[(y * width + x) * channels + c] =
          static_cast<std::uint8_t>(std::clamp<std::int64_t>(byte, 0, 255));
    }
}

// sYCC to RGB (IEC 61966-2-1, annex F).
void from_ycc(std::vector<std::uint8_t>& samples, int channels) {
  for (std::size_t i = 0; i < samples.size(); i += channels) {
    const double y = samples[i], cb = samples[i + 1] - 128.0, cr = samples[i + 2] - 128.0;
    const double rgb[] = {y + 1.402 * cr, y - 0.344136 * cb - 0.714136 * cr, y + 1.772 * cb};
    for (int c = 0; c < 3; ++c)
      samples[i + c] = static_cast<std::uint8_t>(std::clamp(rgb[c] + 0.5, 0.0, 255.0));
  }
}

void check_header(const ImageSource& source, const opj_image_t& image) {
  if (image.x1 <= image.x0 || image.y1 <= image.y0)
    source.corrupt("JPEG 2000", "the header says no pixels");
  check_dimensions(source, image.x1 - image.x0, image.y1 - image.y0, "JPEG 2000");
  if (image.numcomps < 1 || image.numcomps > 4)
    source.unsupported(concat("a JPEG 2000 of ", image.numcomps, " components; 1 to 4 are read"));
  for (OPJ_UINT32 c = 0; c < image.numcomps; ++c)
    if (image.comps[c].prec < 1 || image.comps[c].prec > 31 || image.comps[c].dx < 1 ||
        image.comps[c].dy < 1)
      source.unsupported("a JPEG 2000 of more than 31 bits a sample");
}

Image to_image(const ImageSource& source, const opj_image_t& decoded) {
  const auto components = static_cast<int>(decoded.numcomps);
  SampleKind kind{components >= 3 ? 3 : 1, components % 2 == 0 ? Alpha::kStraight : Alpha::kNone};
  if (components == 4 && decoded.color_space == OPJ_CLRSPC_CMYK) kind = {4, Alpha::kNone};
  if (kind.alpha != Alpha::kNone && decoded.comps[components - 1].alpha == 2)
    kind.alpha = Alpha::kPremultiplied;
  if (decoded.color_space == OPJ_CLRSPC_EYCC) source.unsupported("a JPEG 2000 in e-YCC colours");
  const std::size_t width = decoded.x1 - decoded.x0, height = decoded.y1 - decoded.y0;
  std::vector<std::uint8_t> samples(width * height * components);
  for (int c = 0; c < components; ++c) take_component(source, decoded, c, components, samples);
  // Colours stored in fewer places than brightness are YCC, even where the header does not say so.
  const bool subsampled = kind.colors == 3 && decoded.comps[1].dx > decoded.comps[0].dx;
  if (kind.colors == 3 && (decoded.color_space == OPJ_CLRSPC_SYCC || subsampled))
    from_ycc(samples, components);
  Image image = from_samples(samples, static_cast<int>(width), static_cast<int>(height), kind);
  if (decoded.icc_profile_buf != nullptr && decoded.icc_profile_len > 0)
    image.icc_profile.assign(decoded.icc_profile_buf,
                             decoded.icc_profile_buf + decoded.icc_profile_len);
  if (kind.colors == 4 && !image.icc_profile.empty()) image.cmyk = std::move(samples);
  return image;
}

}  // namespace

Image decode_jpeg2000(const ImageSource& source) {
  Memory memory{source};
  std::string error;
  const bool bare = source.data[0] == 0xFF;  // a codestream without the boxes around it
  const Codec codec(opj_create_decompress(bare ? OPJ_CODEC_J2K : OPJ_CODEC_JP2), opj_destroy_codec);
  if (!codec) throw std::bad_alloc();
  opj_set_error_handler(codec.get(), keep_error, &error);
  opj_set_warning_handler(codec.get(), drop_message, nullptr);
  opj_set_info_handler(codec.get(), drop_message, nullptr);
  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  const Stream stream = open_stream(memory);
  opj_image_t* raw = nullptr;
  const auto damaged = [&] {
    source.corrupt("JPEG 2000", error.empty() ? "its data cannot be decoded" : error);
  };
  if (!opj_setup_decoder(codec.get(), &parameters) ||
      !opj_read_header(stream.get(), codec.get(), &raw))
    damaged();
  const Decoded decoded(raw, opj_image_destroy);
  check_header(source, *decoded);
  if (!opj_decode(codec.get(), stream.get(), decoded.get()) ||
      !opj_end_decompress(codec.get(), stream.get()))
    damaged();
  check_header(source, *decoded);  // a palette changes what there is
  return to_image(source, *decoded);
}

}  // namespace beholder::vision
