// From a picture's bytes to the keys and values that the decoder attends to.
#include <algorithm>
#include <map>

#include "core/check.hpp"
#include "core/file.hpp"
#include "engine/confidence.hpp"
#include "engine/engine_impl.hpp"
#include "engine/stopwatch.hpp"
#include "vision/image_decoder.hpp"

namespace beholder {
namespace {

using engine::ComputeGate;
using engine::Stopwatch;
using Pixels = PreparedPicture::Pixels;

// Pictures encoded together: more do not make the products faster, only the memory larger.
constexpr std::size_t kTogether = 1;

/// Of pixels, which have no file: the size is part of what they are.
ContentHash pixel_hash(const std::uint8_t* rgb, std::size_t size, int width) {
  return content_hash(rgb, size, static_cast<std::uint64_t>(width));
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
  return floats * sizeof(float) + sizeof(Encoded);
}

int Picture::width() const { return encoded_ ? encoded_->width : 0; }
int Picture::height() const { return encoded_ ? encoded_->height : 0; }

PreparedPicture Engine::Impl::prepare(const vision::Image& image, double decode_ms) const {
  Stopwatch watch;
  const c10::InferenceMode inference;
  auto out = std::make_shared<Pixels>();
  const vision::VisionConfig& vision = model->config.vision;
  out->grid = vision.grid_of(image.width, image.height);
  out->width = image.width;
  out->height = image.height;
  const std::int64_t width = out->grid.columns * vision.patch_size;
  const std::int64_t height = out->grid.rows * vision.patch_size;
  out->pixel_values = at::empty({1, 3, height, width});
  processor->process(image, static_cast<int>(width), static_cast<int>(height),
                     out->pixel_values.data_ptr<float>());
  out->decode_ms = decode_ms + watch.lap();
  return PreparedPicture(std::move(out));
}

std::vector<Picture> Engine::Impl::encode(const std::vector<const Pixels*>& pictures) const {
  const ComputeGate::Place place(gate);
  Stopwatch watch;
  const std::int64_t views = options.mirror ? 2 : 1;
  std::vector<at::Tensor> batch;  // each picture, then its mirror image
  for (const Pixels* pixels : pictures) {
    batch.push_back(pixels->pixel_values);
    if (options.mirror) batch.push_back(pixels->pixel_values.flip(3));
  }
  const vision::Grid& grid = pictures.front()->grid;
  const at::Tensor cells = model->networks.vision->cells(at::cat(batch));  // (P·W, N, C)
  const std::vector<nn::KeyValue> image =
      model->networks.fusion.project_image(model->networks.vision->encode(cells, grid));
  std::vector<Picture> out;
  std::vector<std::shared_ptr<Picture::Encoded>> all;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const std::int64_t first = static_cast<std::int64_t>(i) * views;
    auto encoded = std::make_shared<Picture::Encoded>();
    encoded->width = pictures[i]->width;
    encoded->height = pictures[i]->height;
    encoded->pooled = cells[first].mean(0);
    if (model->picture_centroids.defined())
      encoded->novelty =
          engine::novelty(encoded->pooled, model->picture_mean, model->picture_centroids);
    for (const nn::KeyValue& layer : image) {
      const auto own = [&](const at::Tensor& whole) {
        const at::Tensor part = whole.slice(0, first, first + views);
        // A slice would keep the keys and values of the other pictures alive.
        return pictures.size() == 1 ? part : part.clone();
      };
      encoded->image.push_back({own(layer.key), own(layer.value)});
    }
    all.push_back(std::move(encoded));
  }
  const double vision_ms = watch.lap() / static_cast<double>(pictures.size());
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    Timing timing;
    timing.decode = pictures[i]->decode_ms;
    timing.vision = vision_ms;
    out.emplace_back(std::move(all[i]), timing);
  }
  return out;
}

PreparedPicture Engine::prepare(const std::uint8_t* bytes, std::size_t size,
                                const std::string& name) const {
  Stopwatch watch;
  vision::DecodeOptions options;
  options.max_pixels = impl_->options.max_pixels;
  const vision::Image image = vision::decode_image(bytes, size, name, options);
  return impl_->prepare(image, watch.lap());
}

std::vector<Picture> Engine::encode(const std::vector<PreparedPicture>& prepared) const {
  std::vector<Picture> out(prepared.size());
  std::map<std::pair<std::int64_t, std::int64_t>, std::vector<std::size_t>> grids;
  for (std::size_t i = 0; i < prepared.size(); ++i) {
    check(prepared[i].pixels() != nullptr, ErrorCode::kUsage, "prepared picture ", i, " is empty");
    const vision::Grid& grid = prepared[i].pixels()->grid;
    grids[{grid.rows, grid.columns}].push_back(i);
  }
  for (const auto& [grid, members] : grids)
    for (std::size_t begin = 0; begin < members.size(); begin += kTogether) {
      const std::size_t end = std::min(members.size(), begin + kTogether);
      std::vector<const Pixels*> together;
      for (std::size_t i = begin; i < end; ++i) together.push_back(prepared[members[i]].pixels());
      std::vector<Picture> encoded = impl_->encode(together);
      for (std::size_t i = begin; i < end; ++i) out[members[i]] = std::move(encoded[i - begin]);
    }
  return out;
}

Picture Engine::encode(const std::filesystem::path& picture) const {
  const std::vector<std::uint8_t> bytes = read_file_bytes(picture);
  return encode(bytes.data(), bytes.size(), picture.string());
}

Picture Engine::encode(const std::uint8_t* bytes, std::size_t size, const std::string& name) const {
  return cached(*impl_, content_hash(bytes, size),
                [&] { return encode(std::vector{prepare(bytes, size, name)}).front(); });
}

Picture Engine::encode_rgb(const std::uint8_t* rgb, int width, int height) const {
  check(rgb != nullptr && width > 0 && height > 0, ErrorCode::kUsage, "a picture of ", width, " x ",
        height, " pixels cannot be encoded; width and height must be above 0");
  const auto size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3;
  return cached(*impl_, pixel_hash(rgb, size, width), [&] {
    const PreparedPicture prepared = impl_->prepare({width, height, {rgb, rgb + size}}, 0);
    return encode(std::vector{prepared}).front();
  });
}

}  // namespace beholder
