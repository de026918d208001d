#include "vision/preprocess/pixel_batch.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace beholder::vision {

PixelBatch pad_batch(const std::vector<ProcessedImage>& pictures) {
  check(!pictures.empty(), ErrorCode::kShape, "a batch of no pictures; give at least one");
  PixelBatch out;
  out.pictures = static_cast<int>(pictures.size());
  for (const ProcessedImage& picture : pictures) {
    out.images = std::max(out.images, picture.images);
    out.height = std::max(out.height, picture.height);
    out.width = std::max(out.width, picture.width);
  }
  const auto plane = static_cast<std::ptrdiff_t>(out.height) * out.width;
  out.pixel_values.resize(pictures.size() * out.images * 3 * plane);
  out.pixel_mask.resize(pictures.size() * out.images * plane);
  std::ptrdiff_t place = 0;  // of an image in the batch
  for (const ProcessedImage& picture : pictures) {
    for (int i = 0; i < picture.images; ++i) {
      const std::ptrdiff_t to = place + i;
      for (int c = 0; c < 3; ++c)
        for (int y = 0; y < picture.height; ++y)
          std::copy_n(picture.pixel_values.begin() +
                          ((std::ptrdiff_t{3} * i + c) * picture.height + y) * picture.width,
                      picture.width,
                      out.pixel_values.begin() + (to * 3 + c) * plane +
                          static_cast<std::ptrdiff_t>(y) * out.width);
      for (int y = 0; y < picture.content_height; ++y)
        std::fill_n(
            out.pixel_mask.begin() + to * plane + static_cast<std::ptrdiff_t>(y) * out.width,
            picture.content_width, std::uint8_t{1});
    }
    place += out.images;
  }
  return out;
}

}  // namespace beholder::vision
