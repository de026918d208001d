#include "nn/key_value_cache.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "nn/shape.hpp"

namespace beholder::nn {

void KeyValueCache::select(const std::vector<std::int64_t>& rows) {
  std::vector<std::int64_t> chosen;
  chosen.reserve(rows.size() * static_cast<std::size_t>(length_ + 1));
  for (const std::int64_t row : rows) {
    check(row >= 0 && row < rows_, ErrorCode::kShape, "KeyValueCache: row ", row, " of ", rows_);
    const auto begin = origins_.begin() + row * length_;
    chosen.insert(chosen.end(), begin, begin + length_);
  }
  origins_ = std::move(chosen);
  rows_ = static_cast<std::int64_t>(rows.size());
}

void KeyValueCache::extend(std::size_t layer, const at::Tensor& key, const at::Tensor& value) {
  check_shape(key, {kAny, kAny}, "KeyValueCache's keys");
  check_shape(value, {key.size(0), key.size(1)}, "KeyValueCache's values");
  if (layer == 0) {  // all layers' rows are the same
    const std::int64_t rows = key.size(0);
    check(length_ == 0 || rows == rows_, ErrorCode::kShape, "KeyValueCache: ", rows,
          " new rows do not go on from ", rows_);
    std::vector<std::int64_t> grown;
    grown.reserve(static_cast<std::size_t>(rows * (length_ + 1)));
    for (std::int64_t row = 0; row < rows; ++row) {
      const auto begin = origins_.begin() + row * length_;
      grown.insert(grown.end(), begin, begin + length_);
      grown.push_back(row);
    }
    origins_ = std::move(grown);
    rows_ = rows;
  }
  check(key.size(0) == rows_, ErrorCode::kShape, "KeyValueCache: layer ", layer, " has ",
        key.size(0), " rows, the first one ", rows_);
  if (layers_.size() <= layer) layers_.resize(layer + 1);
  layers_[layer].keys.push_back(key.contiguous());
  layers_[layer].values.push_back(value.contiguous());
}

}  // namespace beholder::nn
