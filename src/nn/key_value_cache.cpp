#include "nn/key_value_cache.hpp"

#include <ATen/Parallel.h>

#include <cstring>

#include "core/check.hpp"
#include "nn/shape.hpp"

namespace beholder::nn {
namespace {

/// The rows `kept` (S') of `past` (S, H, t, d), each with its new position of `added` (S', H, 1, d)
/// behind it: (S', H, t + 1, d). `kept` may be undefined: all rows. On the processor one copy; with
/// gradients or on another device by libtorch's own functions.
at::Tensor append(const at::Tensor& past, const at::Tensor& kept, const at::Tensor& added) {
  if (!past.is_cpu() || past.requires_grad() || added.requires_grad()) {
    return at::cat({kept.defined() ? past.index_select(0, kept) : past, added}, 2);
  }
  check_shape(added, {kAny, past.size(1), 1, past.size(3)}, "append");
  const std::int64_t rows = added.size(0), heads = past.size(1), size = past.size(3);
  const std::int64_t before = past.size(2) * size, after = before + size;  // floats a head
  check((kept.defined() ? kept.size(0) : past.size(0)) == rows, ErrorCode::kShape, "append: ", rows,
        " new rows do not go on from ", kept.defined() ? kept.size(0) : past.size(0));
  const at::Tensor from = past.contiguous(), news = added.contiguous();
  const at::Tensor places = kept.defined() ? kept.contiguous() : at::Tensor();
  at::Tensor out = at::empty({rows, heads, past.size(2) + 1, size}, past.options());
  const float* const old = from.data_ptr<float>();
  const float* const fresh = news.data_ptr<float>();
  const std::int64_t* const origins = places.defined() ? places.data_ptr<std::int64_t>() : nullptr;
  float* const to = out.data_ptr<float>();
  at::parallel_for(0, rows, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row)
      for (std::int64_t head = 0; head < heads; ++head) {
        const std::int64_t origin = origins ? origins[row] : row;
        float* const place = to + (row * heads + head) * after;
        std::memcpy(place, old + (origin * heads + head) * before, before * sizeof(float));
        std::memcpy(place + before, fresh + (row * heads + head) * size, size * sizeof(float));
      }
  });
  return out;
}

}  // namespace

KeyValue KeyValueCache::extend(std::size_t layer, const KeyValue& added) {
  if (layers_.size() <= layer) {
    layers_.push_back(added);
  } else {
    layers_[layer] = {append(layers_[layer].key, kept_, added.key),
                      append(layers_[layer].value, kept_, added.value)};
  }
  return layers_[layer];
}

void KeyValueCache::advance(std::int64_t tokens) {
  length_ += tokens;
  kept_ = at::Tensor();
}

}  // namespace beholder::nn
