// From a picture's bytes to the keys and values that the decoder attends to.
#include <algorithm>

#include "core/check.hpp"
#include "core/file.hpp"
#include "engine/confidence.hpp"
#include "engine/engine_impl.hpp"
#include "engine/stopwatch.hpp"
#include "nn/finite.hpp"
#include "vision/flat_shapes.hpp"
#include "vision/image_color.hpp"
#include "vision/image_decoder.hpp"

namespace beholder {
namespace {

/// Pictures are looked at for solids and flat shapes even when they are this much more like photos
/// (models without a gate).
constexpr double kSceneMargin = 0.05;
/// From this probability of a scene on, the detector is asked.
constexpr double kPerhapsScene = 0.05;

using engine::ComputeGate;
using engine::Stopwatch;
using Pixels = PreparedPicture::Pixels;

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

/// What kind of picture it is, as far as its cells tell.
void judge_ground(const engine::Model& model, Picture::Encoded& out) {
  const bool detector = model.networks.detector.has_value();
  if (model.ground_gate.defined()) {
    const auto kinds = engine::picture_kinds(model.ground_gate, out.pooled);
    const auto of = [&](engine::PictureKind kind) { return kinds[static_cast<std::size_t>(kind)]; };
    out.scene_logit = engine::scene_logit(kinds);
    out.no_photo = of(engine::PictureKind::kPhoto) < 0.5;
    out.perhaps_scene =
        detector &&
        (of(engine::PictureKind::kSolids) + of(engine::PictureKind::kShapes) >= kPerhapsScene ||
         vision::read_flat_shapes(out.small).has_value());
    return;
  }
  out.perhaps_scene =
      detector && (!model.scene_centroids.defined() ||
                   engine::novelty(out.pooled, model.picture_mean, model.scene_centroids) <
                       out.novelty + kSceneMargin);
}

template <typename Encode>
Picture cached(const Engine::Impl& impl, const ContentHash& key, const Encode& encode) {
  if (auto found = impl.cache.find(key)) return {std::move(found), {}};
  Picture picture = encode();
  impl.cache.insert(key, picture.encoded(), picture.encoded()->bytes());
  return picture;
}

}  // namespace

std::uint64_t Picture::Encoded::bytes() const {
  std::uint64_t floats = pooled.numel();
  for (const nn::KeyValue& layer : image) floats += layer.key.numel() + layer.value.numel();
  return floats * sizeof(float) + small.rgb.size() + photo.rgb.size() + sizeof(Encoded);
}

int Picture::width() const { return encoded_ ? encoded_->width : 0; }
int Picture::height() const { return encoded_ ? encoded_->height : 0; }

PreparedPicture Engine::Impl::prepare(const vision::Image& image, const std::string& name,
                                      double decode_ms) const {
  Stopwatch watch;
  const c10::InferenceMode inference;
  auto out = std::make_shared<Pixels>();
  // Nothing looks at more than this.
  constexpr int kEnough = 2048;
  const std::optional<vision::Image> converted =
      manages_colors() ? vision::converted_to_srgb(image, name, kEnough) : std::nullopt;
  const vision::Image& seen = converted ? *converted : image;
  if (imported) {
    const int size = imported->image().size;
    out->width = image.width;
    out->height = image.height;
    out->pixel_values = at::empty({1, 3, size, size});
    processor->process(seen, out->pixel_values.data_ptr<float>());
    out->decode_ms = decode_ms + watch.lap();
    return PreparedPicture(std::move(out));
  }
  const vision::VisionConfig& vision = model->config.vision;
  out->grid = vision.grid_of(image.width, image.height);
  out->width = image.width;
  out->height = image.height;
  const std::int64_t width = out->grid.columns * vision.patch_size;
  const std::int64_t height = out->grid.rows * vision.patch_size;
  out->pixel_values = at::empty({1, 3, height, width});
  processor->process(seen, static_cast<int>(width), static_cast<int>(height),
                     out->pixel_values.data_ptr<float>());
  if (const auto& detector = model->config.detector) {
    const auto [wide, high] =
        vision::detector_size(detector->image_size, image.width, image.height);
    out->small = vision::resize_image(seen, wide, high, model->config.image.resample);
    if (model->photo_objects) {
      constexpr int kSide = engine::PhotoObjects::kSide;
      out->photo = vision::resize_image(seen, kSide, kSide, vision::Resample::kArea);
    }
  }
  out->decode_ms = decode_ms + watch.lap();
  return PreparedPicture(std::move(out));
}

Picture Engine::Impl::encode(const Pixels& pixels) const {
  const ComputeGate::Place place(gate);
  Stopwatch watch;
  auto encoded = std::make_shared<Picture::Encoded>();
  encoded->width = pixels.width;
  encoded->height = pixels.height;
  Timing timing;
  timing.decode = pixels.decode_ms;
  if (imported) {
    imported->encode(pixels.pixel_values, *encoded);
    timing.vision = watch.lap();
    return {std::move(encoded), timing};
  }
  at::Tensor views = pixels.pixel_values;  // (W, 3, h, w)
  if (options.mirror) views = at::cat({views, views.flip(3)});
  encoded->grid = pixels.grid;
  encoded->small = pixels.small;
  encoded->photo = pixels.photo;
  const at::Tensor cells = model->networks.vision->cells(views);  // (W, N, C)
  nn::check_finite(cells, "vision encoder");
  const at::Tensor embeds = model->networks.vision->encode(cells, pixels.grid);
  nn::check_finite(embeds, "vision encoder");
  encoded->image = model->networks.fusion.project_image(embeds);
  encoded->pooled = cells[0].mean(0);
  if (model->picture_centroids.defined())
    encoded->novelty =
        engine::novelty(encoded->pooled, model->picture_mean, model->picture_centroids);
  judge_ground(*model, *encoded);
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
    return impl_->encode(*impl_->prepare(pixels.image, pixels.name, pixels.decode_ms).pixels());
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
  // One after the other: together the stem's products are no faster, and its maps leave the caches.
  for (const PreparedPicture& picture : prepared) {
    check(picture.pixels() != nullptr, ErrorCode::kUsage, "prepared picture ", out.size(),
          " is empty");
    out.push_back(impl_->encode(*picture.pixels()));
  }
  return out;
}

Picture Engine::encode(const std::filesystem::path& picture) const {
  const std::vector<std::uint8_t> bytes = read_file_bytes(picture);
  return encode(bytes.data(), bytes.size(), picture.string());
}

Picture Engine::encode(const std::uint8_t* bytes, std::size_t size, const std::string& name) const {
  return cached(*impl_, content_hash(bytes, size),
                [&] { return impl_->encode(*prepare(bytes, size, name).pixels()); });
}

Picture Engine::encode_rgb(const std::uint8_t* rgb, int width, int height) const {
  check(rgb != nullptr && width > 0 && height > 0, ErrorCode::kUsage, "a picture of ", width, " x ",
        height, " pixels cannot be encoded; width and height must be above 0");
  const auto size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3;
  return cached(*impl_, pixel_hash(rgb, size, width), [&] {
    return impl_->encode(
        *impl_->prepare({width, height, {rgb, rgb + size}}, "picture", 0).pixels());
  });
}

}  // namespace beholder
