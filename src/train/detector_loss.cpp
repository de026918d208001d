#include "train/detector_loss.hpp"

#include <algorithm>
#include <cmath>

#include "vision/object_detector.hpp"

namespace beholder::train {
namespace {

using vision::ObjectDetector;

/// An object's bell around its centre, in cells.
struct Bell {
  float deviation;  ///< standard, alike in both directions
  int column, row;  ///< of the centre

  Bell(const ObjectTruth& object, int width, int height) {
    constexpr float kStride = ObjectDetector::kStride;
    column = static_cast<int>(object.x * static_cast<float>(width) / kStride);
    row = static_cast<int>(object.y * static_cast<float>(height) / kStride);
    const float wide = (object.box[2] - object.box[0]) * static_cast<float>(width) / kStride;
    const float high = (object.box[3] - object.box[1]) * static_cast<float>(height) / kStride;
    const float size = std::sqrt(std::max(1 / (kStride * kStride), wide * high));
    deviation = std::clamp(0.18f * size, 0.7f, 3.0f);
  }

  float at(int x, int y) const {
    const float dx = static_cast<float>(x - column) / deviation,
                dy = static_cast<float>(y - row) / deviation;
    return std::exp(-(dx * dx + dy * dy) / 2);
  }
};

}  // namespace

DetectorTargets detector_targets(const std::vector<std::vector<ObjectTruth>>& batch, int width,
                                 int height, std::size_t attributes) {
  constexpr float kStride = ObjectDetector::kStride;
  const int columns = width / ObjectDetector::kStride, rows = height / ObjectDetector::kStride;
  DetectorTargets out;
  out.centre = at::zeros({static_cast<std::int64_t>(batch.size()), rows, columns});
  std::vector<std::int64_t> cells, values;
  std::vector<float> places, weights;
  for (std::size_t b = 0; b < batch.size(); ++b) {
    float* const map = out.centre[static_cast<std::int64_t>(b)].data_ptr<float>();
    // Which object each cell speaks of, by its place in the batch's list.
    std::vector<int> owner(static_cast<std::size_t>(rows) * columns, -1);
    for (std::size_t k = 0; k < batch[b].size(); ++k) {
      const Bell bell(batch[b][k], width, height);
      if (bell.column < 0 || bell.row < 0 || bell.column >= columns || bell.row >= rows) continue;
      const int reach = static_cast<int>(std::ceil(3 * bell.deviation));
      for (int y = std::max(0, bell.row - reach); y <= std::min(rows - 1, bell.row + reach); ++y)
        for (int x = std::max(0, bell.column - reach);
             x <= std::min(columns - 1, bell.column + reach); ++x) {
          const float value = bell.at(x, y);
          float& highest = map[y * columns + x];
          if (value == 1 && highest < 1)
            owner[static_cast<std::size_t>(y) * columns + x] = static_cast<int>(k);
          highest = std::max(highest, value);
        }
    }
    for (std::size_t cell = 0; cell < owner.size(); ++cell) {
      if (owner[cell] < 0) continue;
      const ObjectTruth& object = batch[b][owner[cell]];
      const float x = object.x * static_cast<float>(width),
                  y = object.y * static_cast<float>(height);
      const std::array<float, 4> box = {
          object.box[0] * static_cast<float>(width), object.box[1] * static_cast<float>(height),
          object.box[2] * static_cast<float>(width), object.box[3] * static_cast<float>(height)};
      const float size = std::sqrt(std::max(1.0f, (box[2] - box[0]) * (box[3] - box[1])));
      const auto column = static_cast<float>(cell % columns),
                 row = static_cast<float>(cell / columns);
      cells.push_back(static_cast<std::int64_t>(b * owner.size() + cell));
      const float scale = ObjectDetector::kBoxScale;
      places.insert(places.end(),
                    {x / kStride - column - 0.5f, y / kStride - row - 0.5f, (x - box[0]) / scale,
                     (y - box[1]) / scale, (box[2] - x) / scale, (box[3] - y) / scale});
      weights.insert(weights.end(), {1, 1});
      weights.insert(weights.end(), 4, scale / size);
      for (int i = 0; i < 2; ++i) {
        places.push_back(object.ground ? (*object.ground)[i] / ObjectDetector::kGroundScale : 0);
        weights.push_back(object.ground ? 2.0f : 0.0f);
      }
      for (const int value : object.attributes) values.push_back(value);
    }
  }
  const auto count = static_cast<std::int64_t>(cells.size());
  out.cells = at::tensor(cells, at::kLong);
  out.places = at::tensor(places, at::kFloat).view({count, -1});
  out.weights = at::tensor(weights, at::kFloat).view({count, -1});
  out.attributes =
      at::tensor(values, at::kLong).view({count, static_cast<std::int64_t>(attributes)});
  return out;
}

at::Tensor detector_loss(const at::Tensor& maps, const DetectorTargets& targets,
                         const std::vector<std::int64_t>& sizes) {
  // Focal loss with penalties that fall off around centres (Law & Deng 2018, "CornerNet", eq. 1).
  const at::Tensor logits = maps.select(1, 0);
  const at::Tensor p = at::sigmoid(logits).clamp(1e-5, 1 - 1e-5);
  const at::Tensor centre = targets.centre.eq(1);
  const auto count = static_cast<double>(std::max<std::int64_t>(1, targets.cells.numel()));
  const at::Tensor hit = (1 - p).pow(2) * at::log(p);
  const at::Tensor miss = (1 - targets.centre).pow(4) * p.pow(2) * at::log(1 - p);
  at::Tensor total = -at::where(centre, hit, miss).sum() / count;
  if (targets.cells.numel() == 0) return total;
  const at::Tensor found =
      maps.permute({0, 2, 3, 1}).reshape({-1, maps.size(1)}).index_select(0, targets.cells);
  const at::Tensor places = found.slice(1, 1, ObjectDetector::kPlaces);
  const at::Tensor apart = ((places - targets.places).abs() * targets.weights).sum(1);
  total = total + apart.sum() / count;
  std::int64_t channel = ObjectDetector::kPlaces;
  for (std::size_t a = 0; a < sizes.size(); ++a) {
    const at::Tensor wanted = targets.attributes.select(1, static_cast<std::int64_t>(a));
    const at::Tensor known = wanted.ge(0);
    if (known.any().item<bool>())
      total = total + (at::cross_entropy_loss(found.slice(1, channel, channel + sizes[a]), wanted,
                                              {}, at::Reduction::None, -1) *
                       known)
                              .sum() /
                          known.sum();
    channel += sizes[a];
  }
  return total;
}

}  // namespace beholder::train
