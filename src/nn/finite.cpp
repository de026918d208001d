#include "nn/finite.hpp"

#include "core/check.hpp"
#include "nn/kernels/finite.hpp"

namespace beholder::nn {

void fail_not_finite(const std::string& network) {
  fail(ErrorCode::kModelFormat, "the model's ", network,
       " gave values that are not finite (NaN or infinity), so there is no answer: its weights are "
       "damaged; `beholder model verify` on its folder says which");
}

void check_finite(const at::Tensor& values, const char* network) {
  const at::Tensor plain = values.contiguous();
  if (!kernels::all_finite(plain.data_ptr<float>(), plain.numel())) fail_not_finite(network);
}

}  // namespace beholder::nn
