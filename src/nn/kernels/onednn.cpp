#include "nn/kernels/onednn.hpp"

#include <omp.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace beholder::nn::kernels {

namespace {

struct AlignedBuffer {
  void* data = nullptr;
  std::size_t bytes = 0;
  ~AlignedBuffer() { std::free(data); }
};

}  // namespace

const dnnl::engine& cpu_engine() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

dnnl::stream& thread_stream() {
  thread_local dnnl::stream stream(cpu_engine());
  return stream;
}

int max_threads() { return omp_get_max_threads(); }

void* thread_scratch(Scratch slot, std::size_t bytes) {
  thread_local std::array<AlignedBuffer, static_cast<std::size_t>(Scratch::kCount)> buffers;
  AlignedBuffer& buffer = buffers[static_cast<std::size_t>(slot)];
  if (bytes <= buffer.bytes) return buffer.data;
  std::free(buffer.data);
  buffer.bytes = 0;
  const std::size_t rounded = (bytes + 4095) / 4096 * 4096;
  buffer.data = std::aligned_alloc(64, rounded);
  check(buffer.data != nullptr, ErrorCode::kOutOfMemory, "no memory for ", rounded,
        " bytes of scratch space of a kernel");
  buffer.bytes = rounded;
  return buffer.data;
}

dnnl::post_ops make_post_ops(Activation activation, bool residual, float scale, float shift) {
  using dnnl::algorithm;
  dnnl::post_ops ops;
  switch (activation) {
    case Activation::kNone: break;
    case Activation::kGelu: ops.append_eltwise(1.0f, algorithm::eltwise_gelu_erf, 0, 0); break;
    case Activation::kGeluTanh: ops.append_eltwise(1.0f, algorithm::eltwise_gelu_tanh, 0, 0); break;
    case Activation::kRelu: ops.append_eltwise(1.0f, algorithm::eltwise_relu, 0, 0); break;
    case Activation::kRelu6: ops.append_eltwise(1.0f, algorithm::eltwise_clip, 0, 6); break;
    case Activation::kHardSwish:
      ops.append_eltwise(1.0f, algorithm::eltwise_hardswish, 1.0f / 6, 0.5f);
      break;
    case Activation::kSilu: ops.append_eltwise(1.0f, algorithm::eltwise_swish, 1, 0); break;
  }
  if (scale != 1 || shift != 0) ops.append_eltwise(1.0f, algorithm::eltwise_linear, scale, shift);
  if (residual) ops.append_sum(1.0f);
  return ops;
}

dnnl::primitive_attr make_attributes(const dnnl::post_ops& post_ops) {
  dnnl::primitive_attr attributes;
  attributes.set_post_ops(post_ops);
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

namespace {

constexpr std::size_t kHugePage = std::size_t{1} << 21;

std::shared_ptr<void> huge_pages(std::size_t bytes) {
  const std::size_t alignment = bytes >= kHugePage ? kHugePage : 64;
  void* data = nullptr;
  check(::posix_memalign(&data, alignment, std::max<std::size_t>(bytes, 1)) == 0,
        ErrorCode::kOutOfMemory, "no memory for ", bytes, " bytes of weights");
#ifdef MADV_HUGEPAGE
  if (bytes >= kHugePage) ::madvise(data, bytes / kHugePage * kHugePage, MADV_HUGEPAGE);  // a wish
#endif
  return {data, &std::free};
}

}  // namespace

PackedWeights reorder(const dnnl::memory& data, const dnnl::memory::desc& to) {
  PackedWeights out;
  out.bytes = huge_pages(to.get_size());
  out.memory = dnnl::memory(to, cpu_engine(), out.bytes.get());
  dnnl::reorder(data, out.memory)
      .execute(thread_stream(), const_cast<dnnl::memory&>(data), out.memory);
  thread_stream().wait();
  return out;
}

}  // namespace beholder::nn::kernels
