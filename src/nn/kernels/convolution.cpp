#include "nn/kernels/convolution.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "nn/kernels/finite.hpp"
#include "nn/kernels/onednn.hpp"

namespace beholder::nn::kernels {

namespace {

using dnnl::convolution_forward;
using dnnl::memory;
using Type = memory::data_type;
using Tag = memory::format_tag;

constexpr std::size_t kCachedPrimitives = 8;

struct Key {
  std::int64_t n, height, width;
  bool residual;
  int threads;
  bool operator==(const Key& other) const {
    return n == other.n && height == other.height && width == other.width &&
           residual == other.residual && threads == other.threads;
  }
};

struct KeyHash {
  std::size_t operator()(const Key& key) const {
    std::size_t hash = static_cast<std::size_t>(key.n);
    hash = hash * 8191 + static_cast<std::size_t>(key.height);
    hash = hash * 8191 + static_cast<std::size_t>(key.width);
    return (hash * 2 + key.residual) * 1021 + static_cast<std::size_t>(key.threads);
  }
};

std::int64_t columns_stride(const Conv2dOptions& options) {
  return options.width_stride > 0 ? options.width_stride : options.stride;
}

void check_options(const float* weight, const Conv2dOptions& o) {
  check(o.in_channels > 0 && o.out_channels > 0 && o.kernel_height > 0 && o.kernel_width > 0 &&
            o.stride > 0 && o.width_stride >= 0 && o.groups > 0 && o.typical_height > 0 &&
            o.typical_width > 0,
        ErrorCode::kUsage, "a convolution needs positive sizes, got ", o.in_channels, " -> ",
        o.out_channels, " channels, kernel ", o.kernel_height, "x", o.kernel_width, ", stride ",
        o.stride, "x", columns_stride(o), ", groups ", o.groups, ", typical size ",
        o.typical_height, "x", o.typical_width);
  check(o.in_channels % o.groups == 0 && o.out_channels % o.groups == 0, ErrorCode::kUsage,
        "the channels of a convolution (", o.in_channels, " -> ", o.out_channels,
        ") must be multiples of its groups (", o.groups, ")");
  check(o.height_padding.begin >= 0 && o.height_padding.end >= 0 && o.width_padding.begin >= 0 &&
            o.width_padding.end >= 0,
        ErrorCode::kUsage, "the padding of a convolution must not be negative");
  check(weight != nullptr, ErrorCode::kUsage, "the weight of a convolution is null");
}

Padding rows_padding(std::int64_t height, const Conv2dOptions& options) {
  return options.same ? same_padding(height, options.kernel_height, options.stride)
                      : options.height_padding;
}

Padding columns_padding(std::int64_t width, const Conv2dOptions& options) {
  return options.same ? same_padding(width, options.kernel_width, columns_stride(options))
                      : options.width_padding;
}

/// Places of the output; not positive where the kernel does not fit.
std::int64_t places(std::int64_t in, std::int64_t kernel, std::int64_t stride, Padding padding) {
  const std::int64_t room = in + padding.begin + padding.end - kernel;
  return room < 0 ? 0 : room / stride + 1;
}

}  // namespace

Padding same_padding(std::int64_t in, std::int64_t kernel, std::int64_t stride) {
  check(in > 0 && kernel > 0 && stride > 0, ErrorCode::kUsage,
        "SAME padding needs positive sizes, got input ", in, ", kernel ", kernel, ", stride ",
        stride);
  const std::int64_t out = (in + stride - 1) / stride;
  const std::int64_t total = std::max<std::int64_t>(0, (out - 1) * stride + kernel - in);
  return {total / 2, total - total / 2};
}

class PackedConv2d::Impl {
 public:
  Impl(const float* weight, const float* bias, const Conv2dOptions& given)
      : options(given),
        bias_(static_cast<std::size_t>(given.out_channels), 0.0f),
        cache_(kCachedPrimitives) {
    if (bias != nullptr) std::copy(bias, bias + options.out_channels, bias_.begin());
    const std::int64_t weights = options.out_channels * (options.in_channels / options.groups) *
                                 options.kernel_height * options.kernel_width;
    finite_ = all_finite(weight, weights) && all_finite(bias_.data(), options.out_channels);
    const Key typical{1, options.typical_height, options.typical_width, false, max_threads()};
    const memory::desc packed = describe(typical, weight_desc(Type::f32, true)).weights_desc();
    packed_.push_back(reorder(view(weight_desc(Type::f32, false), weight), packed));
  }

  void forward(const float* x, const Key& key, float* y, const float* residual,
               std::size_t output_items) {
    if (residual != nullptr && residual != y) {
      std::memcpy(y, residual, output_items * sizeof(float));
    }
    const auto cached = cache_.get(key, [&] { return make(key); });
    void* const scratch = thread_scratch(Scratch::kOneDnn, cached->scratchpad.get_size());
    cached->primitive.execute(thread_stream(),
                              {{DNNL_ARG_SRC, view(cached->source, x)},
                               {DNNL_ARG_WEIGHTS, cached->weights},
                               {DNNL_ARG_BIAS, view(bias_desc(), bias_.data())},
                               {DNNL_ARG_DST, view(cached->destination, y)},
                               {DNNL_ARG_SCRATCHPAD, view(cached->scratchpad, scratch)}});
    thread_stream().wait();
  }

  MapSize output_size(std::int64_t height, std::int64_t width) const {
    return {places(height, options.kernel_height, options.stride, rows_padding(height, options)),
            places(width, options.kernel_width, columns_stride(options),
                   columns_padding(width, options))};
  }

  std::size_t bytes() const {
    const std::lock_guard<std::mutex> lock(packed_mutex_);
    std::size_t total = bias_.size() * sizeof(float);
    for (const auto& [bytes, weights] : packed_) total += weights.get_desc().get_size();
    return total;
  }

  bool finite() const { return finite_; }

  const Conv2dOptions options;

 private:
  memory::desc bias_desc() const { return memory::desc({options.out_channels}, Type::f32, Tag::a); }

  memory::desc weight_desc(Type type, bool any) const {
    const std::int64_t g = options.groups, i = options.in_channels / g,
                       o = options.out_channels / g;
    const std::int64_t kh = options.kernel_height, kw = options.kernel_width;
    if (g == 1) return memory::desc({o, i, kh, kw}, type, any ? Tag::any : Tag::oihw);
    return memory::desc({g, o, i, kh, kw}, type, any ? Tag::any : Tag::goihw);
  }

  convolution_forward::primitive_desc describe(const Key& key, const memory::desc& weights) const {
    const MapSize out = output_size(key.height, key.width);
    const Padding rows = rows_padding(key.height, options);
    const Padding columns = columns_padding(key.width, options);
    const convolution_forward::desc operation(
        dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct,
        memory::desc({key.n, options.in_channels, key.height, key.width}, Type::f32, Tag::nhwc),
        weights, bias_desc(),
        memory::desc({key.n, options.out_channels, out.height, out.width}, Type::f32, Tag::nhwc),
        {options.stride, columns_stride(options)}, {rows.begin, columns.begin},
        {rows.end, columns.end});
    return {operation,
            make_attributes(
                make_post_ops(options.activation, key.residual, options.scale, options.shift)),
            cpu_engine()};
  }

  CachedPrimitive make(const Key& key) {
    const std::lock_guard<std::mutex> lock(packed_mutex_);
    const auto best = describe(key, weight_desc(Type::f32, true));
    for (const auto& [bytes, weights] : packed_) {
      if (weights.get_desc() == best.weights_desc()) return cached(best, weights);
    }
    // Another size may like other blocks; the layout at hand will do if the same kernel takes it.
    const auto same = describe(key, packed_.front().memory.get_desc());
    if (std::string(same.impl_info_str()) == best.impl_info_str()) {
      return cached(same, packed_.front().memory);
    }
    packed_.push_back(reorder(packed_.front().memory, best.weights_desc()));
    return cached(best, packed_.back().memory);
  }

  static CachedPrimitive cached(const convolution_forward::primitive_desc& chosen,
                                const memory& weights) {
    return {convolution_forward(chosen), chosen.src_desc(), chosen.dst_desc(),
            chosen.scratchpad_desc(), weights};
  }

  std::vector<float> bias_;
  bool finite_ = true;
  mutable std::mutex packed_mutex_;
  std::vector<PackedWeights> packed_;  // the first is the typical size's; seldom another
  PrimitiveCache<Key, KeyHash> cache_;
};

PackedConv2d::PackedConv2d(PackedConv2d&&) noexcept = default;
PackedConv2d& PackedConv2d::operator=(PackedConv2d&&) noexcept = default;
PackedConv2d::~PackedConv2d() = default;

PackedConv2d::PackedConv2d(const float* weight, const float* bias, const Conv2dOptions& options) {
  check_options(weight, options);
  // A kernel larger than the typical input has no output there; it is taken at its own size.
  Conv2dOptions fitted = options;
  fitted.typical_height = std::max(fitted.typical_height, options.kernel_height);
  fitted.typical_width = std::max(fitted.typical_width, options.kernel_width);
  impl_ = guarded("packing a convolution",
                  [&] { return std::make_unique<Impl>(weight, bias, fitted); });
}

void PackedConv2d::forward(const float* x, std::int64_t n, std::int64_t height, std::int64_t width,
                           float* y, const float* residual) const {
  check(n >= 0, ErrorCode::kUsage, "a convolution got a negative batch size: ", n);
  const MapSize out = output_size(height, width);
  if (n == 0) return;
  check(x != nullptr && y != nullptr, ErrorCode::kUsage,
        "a convolution got a null input or output for ", n, " maps of ", height, "x", width);
  const Key key{n, height, width, residual != nullptr, max_threads()};
  const auto items =
      static_cast<std::size_t>(n * out.height * out.width * impl_->options.out_channels);
  guarded("a convolution", [&] { impl_->forward(x, key, y, residual, items); });
}

MapSize PackedConv2d::output_size(std::int64_t height, std::int64_t width) const {
  check(height > 0 && width > 0, ErrorCode::kUsage, "a convolution got an input of ", height, "x",
        width, " places; both must be positive");
  const MapSize size = impl_->output_size(height, width);
  check(size.height > 0 && size.width > 0, ErrorCode::kUsage, "an input of ", height, "x", width,
        " places is too small for a kernel of ", impl_->options.kernel_height, "x",
        impl_->options.kernel_width);
  return size;
}

const Conv2dOptions& PackedConv2d::options() const { return impl_->options; }
bool PackedConv2d::finite() const { return impl_->finite(); }
std::size_t PackedConv2d::bytes() const { return impl_->bytes(); }

}  // namespace beholder::nn::kernels
