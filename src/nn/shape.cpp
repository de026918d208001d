#include "nn/shape.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace beholder::nn {

void check_shape(const at::Tensor& tensor, std::initializer_list<std::int64_t> expected,
                 const char* what) {
  const bool same =
      tensor.defined() && tensor.dim() == static_cast<std::int64_t>(expected.size()) &&
      std::equal(expected.begin(), expected.end(), tensor.sizes().begin(),
                 [](std::int64_t want, std::int64_t got) { return want == kAny || want == got; });
  if (same) return;
  std::string wanted;
  for (const std::int64_t size : expected)
    wanted += (wanted.empty() ? "" : ", ") + (size == kAny ? "any" : std::to_string(size));
  const std::string got = tensor.defined() ? concat(tensor.sizes()) : "no tensor";
  fail(ErrorCode::kShape, what, ": expected [", wanted, "], got ", got);
}

}  // namespace beholder::nn
