#include "nn/key_value_cache.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "nn/shape.hpp"

namespace beholder::nn {

using kernels::kTokenBlock;

void KeyValueCache::Blocks::append(const at::Tensor& rows) {
  const std::int64_t count = rows.size(0);
  for (std::int64_t done = 0; done < count;) {
    const std::int64_t first = rows_ % kTokenBlock;
    if (first == 0) {
      blocks_.push_back(at::empty({kTokenBlock, rows.size(1)}, rows.options()));
      starts_.push_back(blocks_.back().data_ptr<float>());
    }
    const std::int64_t fitting = std::min(kTokenBlock - first, count - done);
    blocks_.back().narrow(0, first, fitting).copy_(rows.narrow(0, done, fitting));
    done += fitting;
    rows_ += fitting;
  }
}

at::Tensor KeyValueCache::Blocks::gathered(const at::Tensor& places) const {
  const at::Tensor all = blocks_.size() == 1 ? blocks_.front() : at::cat(blocks_);
  return at::embedding(all, places.to(all.device()));
}

void KeyValueCache::select(const std::vector<std::int64_t>& rows) {
  std::vector<std::int64_t> chosen;
  chosen.reserve(rows.size() * static_cast<std::size_t>(length_ + 1));
  for (const std::int64_t row : rows) {
    check(row >= 0 && row < rows_, ErrorCode::kShape, "KeyValueCache: row ", row, " of ", rows_);
    const auto begin = places_.begin() + row * length_;
    chosen.insert(chosen.end(), begin, begin + length_);
  }
  places_ = std::move(chosen);
  rows_ = static_cast<std::int64_t>(rows.size());
}

void KeyValueCache::extend_places(std::int64_t rows, std::int64_t tokens) {
  check(length_ == 0 || rows == rows_, ErrorCode::kShape, "KeyValueCache: ", rows,
        " new rows do not go on from ", rows_);
  std::int64_t next = layers_.empty() ? 0 : layers_.front().keys.rows();
  std::vector<std::int64_t> grown;
  grown.reserve(static_cast<std::size_t>(rows * (length_ + tokens)));
  for (std::int64_t row = 0; row < rows; ++row) {
    const auto begin = places_.begin() + row * length_;
    grown.insert(grown.end(), begin, begin + length_);
    for (std::int64_t token = 0; token < tokens; ++token) grown.push_back(next++);
  }
  places_ = std::move(grown);
  rows_ = rows;
  length_ += tokens;
}

void KeyValueCache::extend(std::size_t layer, const at::Tensor& key, const at::Tensor& value) {
  check_shape(key, {kAny, kAny, kAny}, "KeyValueCache's keys");
  check_shape(value, {key.size(0), key.size(1), key.size(2)}, "KeyValueCache's values");
  if (layer == 0) extend_places(key.size(0), key.size(1));
  if (layers_.size() <= layer) layers_.resize(layer + 1);
  Layer& own = layers_[layer];
  own.keys.append(key.reshape({-1, key.size(2)}));
  own.values.append(value.reshape({-1, key.size(2)}));
  check(own.keys.rows() == layers_.front().keys.rows(), ErrorCode::kShape, "KeyValueCache: layer ",
        layer, " has ", own.keys.rows(), " rows, the first one ", layers_.front().keys.rows());
}

kernels::WrittenTokens KeyValueCache::written(std::size_t layer) const {
  const Layer& own = layers_.at(layer);
  return {length_, own.keys.starts(), own.values.starts(), places_.data()};
}

std::pair<at::Tensor, at::Tensor> KeyValueCache::gathered(std::size_t layer) const {
  const at::Tensor places = id_tensor(places_).view({rows_, length_});
  const Layer& own = layers_.at(layer);
  return {own.keys.gathered(places), own.values.gathered(places)};
}

}  // namespace beholder::nn
