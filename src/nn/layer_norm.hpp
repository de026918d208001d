// Layer normalisation over the last dimension (Ba et al. 2016).
#pragma once

#include <ATen/ATen.h>

#include <string>

#include "nn/parameters.hpp"

namespace beholder::nn {

class LayerNorm {
 public:
  LayerNorm(ParameterSource& source, const std::string& name, std::int64_t size, double eps)
      : weight_(source.tensor(name + ".weight", {size}, Init::kOnes)),
        bias_(source.tensor(name + ".bias", {size}, Init::kZeros)),
        eps_(eps) {}
  at::Tensor forward(const at::Tensor& x) const {  // (…, size) -> (…, size)
    return at::layer_norm(x, weight_.sizes(), weight_, bias_, eps_);
  }

 private:
  at::Tensor weight_, bias_;
  double eps_;
};

}  // namespace beholder::nn
