// From a picture's bytes to what its model makes of it.
#include <c10/core/InferenceMode.h>

#include "core/check.hpp"
#include "core/file.hpp"
#include "core/stopwatch.hpp"
#include "engine/engine_impl.hpp"
#include "vision/intake/image_color.hpp"
#include "vision/intake/image_decoder.hpp"

namespace beholder {
namespace {

/// Of pixels, which have no file: the size is part of what they are.
ContentHash pixel_hash(const std::uint8_t* rgb, std::size_t size, int width) {
  return content_hash(rgb, size, static_cast<std::uint64_t>(width));
}

vision::Image decoded_image(const std::uint8_t* bytes, std::size_t size, const std::string& name,
                            const EngineOptions& options) {
  vision::DecodeOptions decoding;
  decoding.max_pixels = options.max_pixels;
  return vision::decode_image(bytes, size, name, decoding);
}

template <typename Encode>
Picture cached(const Engine::Impl& impl, const ContentHash& key, const Encode& encode) {
  if (auto found = impl.cache.find(key)) return {std::move(found), {}};
  Picture picture = encode();
  impl.cache.insert(key, picture.encoded(), picture.encoded()->bytes());
  return picture;
}

}  // namespace

int Picture::width() const { return encoded_ ? encoded_->width : 0; }
int Picture::height() const { return encoded_ ? encoded_->height : 0; }

PreparedPicture Engine::Impl::prepare(const vision::Image& image, const std::string& name,
                                      double decode_ms) const {
  Stopwatch watch;
  // Nothing looks at more than this.
  constexpr int kEnough = 2048;
  const std::optional<vision::Image> converted =
      info.color_management ? vision::converted_to_srgb(image, name, kEnough) : std::nullopt;
  auto pixels = model->prepare(converted ? *converted : image, image.width, image.height);
  return PreparedPicture(std::move(pixels), decode_ms + watch.lap());
}

Picture Engine::Impl::encode(const PreparedPicture& prepared) const {
  const engine::ComputeGate::Place place(gate);
  Stopwatch watch;
  auto encoded = model->encode(*prepared.pixels());
  Timing timing;
  timing.decode = prepared.decode_ms();
  timing.vision = watch.lap();
  return {std::move(encoded), timing};
}

DecodedPicture Engine::decode(const std::uint8_t* bytes, std::size_t size, const std::string& name,
                              const EngineOptions& options) {
  Stopwatch watch;
  auto out = std::make_shared<DecodedPicture::Pixels>();
  out->image = decoded_image(bytes, size, name, options);
  out->name = name;
  out->content = content_hash(bytes, size);
  out->decode_ms = watch.lap();
  return DecodedPicture(std::move(out));
}

Picture Engine::encode(const DecodedPicture& picture) const {
  const DecodedPicture::Pixels& pixels = picture.pixels();
  return cached(*impl_, pixels.content, [&] {
    return impl_->encode(impl_->prepare(pixels.image, pixels.name, pixels.decode_ms));
  });
}

PreparedPicture Engine::prepare(const std::uint8_t* bytes, std::size_t size,
                                const std::string& name) const {
  Stopwatch watch;
  const vision::Image image = decoded_image(bytes, size, name, impl_->options);
  return impl_->prepare(image, name, watch.lap());
}

std::vector<Picture> Engine::encode(const std::vector<PreparedPicture>& prepared) const {
  std::vector<Picture> out;
  // One after the other: together the products are no faster, and their maps leave the caches.
  for (const PreparedPicture& picture : prepared) {
    check(picture.pixels() != nullptr, ErrorCode::kUsage, "prepared picture ", out.size(),
          " is empty");
    out.push_back(impl_->encode(picture));
  }
  return out;
}

Picture Engine::encode(const std::filesystem::path& picture) const {
  const std::vector<std::uint8_t> bytes = read_file_bytes(picture);
  return encode(bytes.data(), bytes.size(), picture.string());
}

Picture Engine::encode(const std::uint8_t* bytes, std::size_t size, const std::string& name) const {
  return cached(*impl_, content_hash(bytes, size),
                [&] { return impl_->encode(prepare(bytes, size, name)); });
}

Picture Engine::encode_rgb(const std::uint8_t* rgb, int width, int height) const {
  check(rgb != nullptr && width > 0 && height > 0, ErrorCode::kUsage, "a picture of ", width, " x ",
        height, " pixels cannot be encoded; width and height must be above 0");
  const auto size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3;
  return cached(*impl_, pixel_hash(rgb, size, width), [&] {
    return impl_->encode(impl_->prepare({width, height, {rgb, rgb + size}}, "picture", 0));
  });
}

}  // namespace beholder
