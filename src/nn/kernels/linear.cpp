#include "nn/kernels/linear.hpp"

#include <omp.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include "core/check.hpp"
#include "nn/kernels/onednn.hpp"
#include "nn/kernels/quantised_rows.hpp"

namespace beholder::nn::kernels {

namespace {

using dnnl::inner_product_forward;
using dnnl::memory;
using Type = memory::data_type;
using Tag = memory::format_tag;

// The layout is chosen for an encoder's row count; the same one serves one row and hundreds.
constexpr std::int64_t kTypicalRows = 128;
constexpr std::size_t kCachedPrimitives = 64;
// Integer sums of this many rows stay in the second-level cache until they are dequantised.
constexpr std::int64_t kInt8Rows = 96;
// From this many rows for each thread on, each takes rows of its own through all steps; below, the
// threads share the weights, whose reading is what a few rows cost.
constexpr std::int64_t kOwnRows = 24;
constexpr std::int64_t kInt8MaxInputs = 65536;

struct Key {
  std::int64_t rows;
  Activation activation;
  bool residual;
  int threads;  // oneDNN plans a primitive for the threads of the moment
  bool operator==(const Key& other) const {
    return rows == other.rows && activation == other.activation && residual == other.residual &&
           threads == other.threads;
  }
};

struct KeyHash {
  std::size_t operator()(const Key& key) const {
    const auto rows = static_cast<std::size_t>(key.rows);
    return ((rows * 8 + static_cast<std::size_t>(key.activation)) * 2 + key.residual) * 1021 +
           static_cast<std::size_t>(key.threads);
  }
};

using Cache = PrimitiveCache<Key, KeyHash>;

void check_sizes(const void* weight, std::int64_t in, std::int64_t out) {
  check(in > 0 && out > 0, ErrorCode::kUsage, "a linear layer needs positive sizes, got in=", in,
        " out=", out);
  check(weight != nullptr, ErrorCode::kUsage, "the weight of a linear layer (", out, ", ", in,
        ") is null");
}

std::vector<float> bias_or_zeros(const float* bias, std::int64_t out) {
  if (bias == nullptr) return std::vector<float>(static_cast<std::size_t>(out), 0.0f);
  return std::vector<float>(bias, bias + out);
}

memory::desc matrix(std::int64_t rows, std::int64_t columns, Type type, Tag tag) {
  return memory::desc({rows, columns}, type, tag);
}

CachedPrimitive make_cached(const inner_product_forward::primitive_desc& chosen,
                            const memory& weights) {
  return {inner_product_forward(chosen), chosen.src_desc(), chosen.dst_desc(),
          chosen.scratchpad_desc(), weights};
}

}  // namespace

class PackedLinear::Impl {
 public:
  Impl(std::int64_t in_size, std::int64_t out_size) : in(in_size), out(out_size) {}
  virtual ~Impl() = default;
  virtual void forward(const float* x, std::int64_t rows, float* y, Activation activation,
                       const float* residual) = 0;
  virtual bool computes_int8() const = 0;
  virtual std::size_t bytes() const = 0;

  const std::int64_t in, out;
};

class PackedLinear::Float final : public Impl {
 public:
  Float(const float* weight, const float* bias, std::int64_t in_size, std::int64_t out_size)
      : Impl(in_size, out_size), bias_(bias_or_zeros(bias, out_size)), cache_(kCachedPrimitives) {
    const Key typical{kTypicalRows, Activation::kNone, false, max_threads()};
    const memory::desc packed =
        describe(typical, matrix(out, in, Type::f32, Tag::any)).weights_desc();
    weights_ = reorder(view(matrix(out, in, Type::f32, Tag::ab), weight), packed);
  }

  void forward(const float* x, std::int64_t rows, float* y, Activation activation,
               const float* residual) override {
    if (residual != nullptr && residual != y) {
      std::memcpy(y, residual, static_cast<std::size_t>(rows * out) * sizeof(float));
    }
    const Key key{rows, activation, residual != nullptr, max_threads()};
    const auto cached = cache_.get(key, [&] {
      return make_cached(describe(key, weights_.memory.get_desc()), weights_.memory);
    });
    void* const scratch = thread_scratch(Scratch::kOneDnn, cached->scratchpad.get_size());
    cached->primitive.execute(
        thread_stream(),
        {{DNNL_ARG_SRC, view(cached->source, x)},
         {DNNL_ARG_WEIGHTS, cached->weights},
         {DNNL_ARG_BIAS, view(memory::desc({out}, Type::f32, Tag::a), bias_.data())},
         {DNNL_ARG_DST, view(cached->destination, y)},
         {DNNL_ARG_SCRATCHPAD, view(cached->scratchpad, scratch)}});
    thread_stream().wait();
  }

  bool computes_int8() const override { return false; }
  std::size_t bytes() const override {
    return weights_.memory.get_desc().get_size() + bias_.size() * sizeof(float);
  }

 private:
  inner_product_forward::primitive_desc describe(const Key& key,
                                                 const memory::desc& weights) const {
    const inner_product_forward::desc operation(
        dnnl::prop_kind::forward_inference, matrix(key.rows, in, Type::f32, Tag::ab), weights,
        memory::desc({out}, Type::f32, Tag::a), matrix(key.rows, out, Type::f32, Tag::ab));
    return {operation, make_attributes(make_post_ops(key.activation, key.residual)), cpu_engine()};
  }

  std::vector<float> bias_;
  PackedWeights weights_;
  Cache cache_;
};

class PackedLinear::Int8 final : public Impl {
 public:
  /// @param bytes that a number of `x` becomes, 1 to 3
  Int8(const std::int8_t* weight, const float* scales, const float* bias, std::int64_t in_size,
       std::int64_t out_size, int bytes_of_x)
      : Impl(in_size, out_size),
        bytes_of_x_(bytes_of_x),
        scales_(scales, scales + out_size),
        weight_sums_(static_cast<std::size_t>(out_size)),
        bias_(bias_or_zeros(bias, out_size)),
        cache_(kCachedPrimitives) {
    for (std::int64_t o = 0; o < out; ++o) {
      std::int32_t sum = 0;
      for (std::int64_t i = 0; i < in; ++i) sum += weight[o * in + i];
      weight_sums_[static_cast<std::size_t>(o)] = sum;
    }
    const memory::desc packed =
        describe(kInt8Rows, matrix(out, in, Type::s8, Tag::any)).weights_desc();
    weights_ = reorder(view(matrix(out, in, Type::s8, Tag::ab), weight), packed);
    // Without VNNI two products of u8 x s8 are added in 16 bits, which 127 x 128 x 2 still fits.
    levels_ = has_vnni() ? 255 : 127;
  }

  /// Whether oneDNN multiplies integers with VNNI here.
  static bool has_vnni() {
    static const bool found = [] {
      const auto chosen = describe(kInt8Rows, 256, 256, matrix(256, 256, Type::s8, Tag::any));
      return std::string(chosen.impl_info_str()).find("vnni") != std::string::npos;
    }();
    return found;
  }

  void forward(const float* x, std::int64_t rows, float* y, Activation activation,
               const float* residual) override {
    const int threads = max_threads();
    const std::int64_t apart =
        threads > 1 && rows * bytes_of_x_ >= threads * kOwnRows ? threads : 1;
    const std::int64_t most = apart * kInt8Rows / bytes_of_x_;
    const std::int64_t blocks = (rows + most - 1) / most * apart;
    const std::int64_t size = (rows + blocks - 1) / blocks;
    const auto run = [&](std::int64_t block) {
      const std::int64_t first = block * size, count = std::min(size, rows - first);
      if (count <= 0) return;
      forward_block(x + first * in, count, y + first * out, activation,
                    residual == nullptr ? nullptr : residual + first * out);
    };
    if (apart == 1) {
      for (std::int64_t block = 0; block < blocks; ++block) run(block);
      return;
    }
    std::exception_ptr failed;
#pragma omp parallel num_threads(threads)
    {
      omp_set_num_threads(1);  // of this thread's own loops, and of the primitives made for them
#pragma omp for schedule(static)
      for (std::int64_t block = 0; block < blocks; ++block) {
        try {
          run(block);
        } catch (...) {
#pragma omp critical
          failed = std::current_exception();
        }
      }
    }
    if (failed) std::rethrow_exception(failed);
  }

  bool computes_int8() const override { return true; }
  std::size_t bytes() const override {
    return weights_.memory.get_desc().get_size() +
           (scales_.size() + weight_sums_.size() + bias_.size()) * sizeof(float);
  }

 private:
  void forward_block(const float* x, std::int64_t rows, float* y, Activation activation,
                     const float* residual) {
    const int threads = max_threads();
    const std::int64_t products = rows * bytes_of_x_;
    const auto cached = cache_.get({products, Activation::kNone, false, threads}, [&] {
      return make_cached(describe(products, weights_.memory.get_desc()), weights_.memory);
    });
    // The quantised rows first (all highest bytes, then the next ones), then one RowQuantisation a
    // row on an 8-byte boundary.
    const auto quantised_bytes = static_cast<std::size_t>((products * in + 7) / 8 * 8);
    auto* const q = static_cast<std::uint8_t*>(
        thread_scratch(Scratch::kQuantised,
                       quantised_bytes + static_cast<std::size_t>(rows) * sizeof(RowQuantisation)));
    auto* const ranges = reinterpret_cast<RowQuantisation*>(q + quantised_bytes);
    auto* const sums = static_cast<std::int32_t*>(thread_scratch(
        Scratch::kAccumulators, static_cast<std::size_t>(products * out) * sizeof(std::int32_t)));
    void* const scratch = thread_scratch(Scratch::kOneDnn, cached->scratchpad.get_size());

#pragma omp parallel for schedule(static) num_threads(threads) if (rows >= 8 && threads > 1)
    for (std::int64_t r = 0; r < rows; ++r) {
      ranges[r] = bytes_of_x_ == 1
                      ? quantise_row(x + r * in, in, levels_, q + r * in)
                      : quantise_row(x + r * in, in, bytes_of_x_, rows * in, q + r * in);
    }

    cached->primitive.execute(thread_stream(),
                              {{DNNL_ARG_SRC, view(cached->source, q)},
                               {DNNL_ARG_WEIGHTS, cached->weights},
                               {DNNL_ARG_DST, view(cached->destination, sums)},
                               {DNNL_ARG_SCRATCHPAD, view(cached->scratchpad, scratch)}});
    thread_stream().wait();

    const OutputChannels channels{out, scales_.data(), weight_sums_.data(), bias_.data()};
#pragma omp parallel for schedule(static) num_threads(threads) if (rows >= 8 && threads > 1)
    for (std::int64_t r = 0; r < rows; ++r) {
      dequantise_row({sums + r * out, bytes_of_x_, rows * out}, ranges[r], channels, activation,
                     residual == nullptr ? nullptr : residual + r * out, y + r * out);
    }
  }

  static inner_product_forward::primitive_desc describe(std::int64_t rows, std::int64_t in,
                                                        std::int64_t out,
                                                        const memory::desc& weights) {
    const inner_product_forward::desc operation(dnnl::prop_kind::forward_inference,
                                                matrix(rows, in, Type::u8, Tag::ab), weights,
                                                matrix(rows, out, Type::s32, Tag::ab));
    return {operation, make_attributes({}), cpu_engine()};
  }
  inner_product_forward::primitive_desc describe(std::int64_t rows,
                                                 const memory::desc& weights) const {
    return describe(rows, in, out, weights);
  }

  const int bytes_of_x_;
  std::vector<float> scales_;
  std::vector<std::int32_t> weight_sums_;
  std::vector<float> bias_;
  PackedWeights weights_;
  int levels_ = 127;
  Cache cache_;
};

PackedLinear::PackedLinear(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PackedLinear::PackedLinear(PackedLinear&&) noexcept = default;
PackedLinear& PackedLinear::operator=(PackedLinear&&) noexcept = default;
PackedLinear::~PackedLinear() = default;

PackedLinear::PackedLinear(const float* weight, const float* bias, std::int64_t in,
                           std::int64_t out) {
  check_sizes(weight, in, out);
  impl_ = guarded("packing a linear layer",
                  [&] { return std::make_unique<Float>(weight, bias, in, out); });
}

PackedLinear PackedLinear::from_int8(const std::int8_t* weight, const float* scales,
                                     const float* bias, std::int64_t in, std::int64_t out,
                                     Int8Compute compute) {
  check_sizes(weight, in, out);
  check(scales != nullptr, ErrorCode::kUsage, "the scales (", out,
        ") of an int8 linear layer are null");
  check(compute == Int8Compute::kFloat || in <= kInt8MaxInputs, ErrorCode::kUsage,
        "an int8 linear layer takes at most ", kInt8MaxInputs, " inputs, got ", in,
        "; compute it in floating point");
  if (compute == Int8Compute::kInt8 || (compute != Int8Compute::kFloat && Int8::has_vnni())) {
    const int bytes_of_x = compute == Int8Compute::kInt24   ? 3
                           : compute == Int8Compute::kInt16 ? 2
                                                            : 1;
    return PackedLinear(guarded("packing an int8 linear layer", [&] {
      return std::make_unique<Int8>(weight, scales, bias, in, out, bytes_of_x);
    }));
  }
  std::vector<float> expanded(static_cast<std::size_t>(in * out));
  for (std::int64_t o = 0; o < out; ++o) {
    for (std::int64_t i = 0; i < in; ++i) {
      expanded[static_cast<std::size_t>(o * in + i)] =
          static_cast<float>(weight[o * in + i]) * scales[o];
    }
  }
  return PackedLinear(expanded.data(), bias, in, out);
}

void PackedLinear::forward(const float* x, std::int64_t rows, float* y, Activation activation,
                           const float* residual) const {
  check(rows >= 0, ErrorCode::kUsage, "a linear layer got a negative row count: ", rows);
  if (rows == 0) return;
  check(x != nullptr && y != nullptr, ErrorCode::kUsage, "a linear layer (", in(), " -> ", out(),
        ") got a null input or output for ", rows, " rows");
  guarded("a linear layer", [&] { impl_->forward(x, rows, y, activation, residual); });
}

std::int64_t PackedLinear::in() const { return impl_->in; }
std::int64_t PackedLinear::out() const { return impl_->out; }
bool PackedLinear::computes_int8() const { return impl_->computes_int8(); }
std::size_t PackedLinear::bytes() const { return impl_->bytes(); }

}  // namespace beholder::nn::kernels
