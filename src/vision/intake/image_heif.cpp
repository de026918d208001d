// HEIC and AVIF through libheif, which applies the file's own rotation, mirror and crop.
#include <libheif/heif.h>

#include <memory>
#include <new>

#include "vision/intake/image_color.hpp"
#include "vision/intake/image_source.hpp"

namespace beholder::vision {
namespace {

void check_heif(const ImageSource& source, const heif_error& error) {
  if (error.code == heif_error_Ok) return;
  const std::string text = error.message ? error.message : "no reason given";
  if (error.subcode == heif_suberror_Security_limit_exceeded)
    fail(ErrorCode::kPictureTooLarge, source.name, ": libheif refuses the size (", text,
         "); shrink it");
  if (error.code == heif_error_Memory_allocation_error) throw std::bad_alloc();
  if (error.code == heif_error_Unsupported_filetype || error.code == heif_error_Unsupported_feature)
    source.unsupported(concat("a HEIC/AVIF of a kind that is not supported (", text, ")"));
  source.corrupt("HEIC/AVIF", text);
}

// The profile of the file, or one for its code points where they are not those of sRGB.
std::vector<std::uint8_t> profile_of(const heif_image_handle* handle) {
  if (const std::size_t size = heif_image_handle_get_raw_color_profile_size(handle); size > 0) {
    std::vector<std::uint8_t> out(size);
    if (heif_image_handle_get_raw_color_profile(handle, out.data()).code == heif_error_Ok)
      return out;
  }
  heif_color_profile_nclx* raw = nullptr;
  if (heif_image_handle_get_nclx_color_profile(handle, &raw).code != heif_error_Ok || !raw)
    return {};
  const std::unique_ptr<heif_color_profile_nclx, void (*)(heif_color_profile_nclx*)> nclx(
      raw, heif_nclx_color_profile_free);
  return profile_of_code_points(nclx->color_primaries, nclx->transfer_characteristics);
}

}  // namespace

Image decode_heif(const ImageSource& source) {
  std::unique_ptr<heif_context, void (*)(heif_context*)> context(heif_context_alloc(),
                                                                 heif_context_free);
  if (!context) throw std::bad_alloc();
  check_heif(source, heif_context_read_from_memory_without_copy(context.get(), source.data,
                                                                source.size, nullptr));
  heif_image_handle* raw_handle = nullptr;
  check_heif(source, heif_context_get_primary_image_handle(context.get(), &raw_handle));
  std::unique_ptr<heif_image_handle, void (*)(const heif_image_handle*)> handle(
      raw_handle, heif_image_handle_release);
  // ispe is the coded size, before a crop: the one that the decoder will allocate.
  for (const auto& [w, h] : {std::pair(heif_image_handle_get_ispe_width(raw_handle),
                                       heif_image_handle_get_ispe_height(raw_handle)),
                             std::pair(heif_image_handle_get_width(raw_handle),
                                       heif_image_handle_get_height(raw_handle))})
    check_dimensions(source, w < 0 ? 0 : w, h < 0 ? 0 : h, "HEIC/AVIF");

  const bool alpha = heif_image_handle_has_alpha_channel(raw_handle);
  std::unique_ptr<heif_decoding_options, void (*)(heif_decoding_options*)> options(
      heif_decoding_options_alloc(), heif_decoding_options_free);
  if (!options) throw std::bad_alloc();
  options->convert_hdr_to_8bit = 1;
  // dav1d writes to stderr when a picture is damaged and cannot be told not to through libheif,
  // which takes its default where this decoder is missing or the picture is not AV1. What is left:
  // libheif 1.15 still gives a layer of alpha to dav1d, and libde265 writes complaints of its own.
  if (options->version >= 4) options->decoder_id = "aom";
  heif_image* raw_image = nullptr;
  check_heif(source,
             heif_decode_image(raw_handle, &raw_image, heif_colorspace_RGB,
                               alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB,
                               options.get()));
  std::unique_ptr<heif_image, void (*)(const heif_image*)> image(raw_image, heif_image_release);
  int stride = 0;
  const std::uint8_t* plane =
      heif_image_get_plane_readonly(raw_image, heif_channel_interleaved, &stride);
  const int width = heif_image_get_width(raw_image, heif_channel_interleaved);
  const int height = heif_image_get_height(raw_image, heif_channel_interleaved);
  if (!plane || width <= 0 || height <= 0) source.corrupt("HEIC/AVIF", "no pixels came out");
  check_dimensions(source, width, height, "HEIC/AVIF");
  Image out =
      alpha ? over_white(plane, width, height, stride) : from_rgb(plane, width, height, stride);
  out.icc_profile = profile_of(raw_handle);
  return out;
}

}  // namespace beholder::vision
