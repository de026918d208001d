#include "nn/linear.hpp"

#include "core/check.hpp"

namespace beholder::nn {

at::Tensor activate(const at::Tensor& x, Activation activation) {
  switch (activation) {
    case Activation::kNone: return x;
    case Activation::kGelu: return at::gelu(x);
    case Activation::kGeluTanh: return at::gelu(x, "tanh");
    case Activation::kRelu: return at::relu(x);
    case Activation::kRelu6: return at::clamp(x, 0, 6);
    case Activation::kSilu: return at::silu(x);
    case Activation::kHardSwish: return at::hardswish(x);
  }
  fail(ErrorCode::kInternal, "activate: unknown activation");
}

Linear::Linear(ParameterSource& source, const std::string& name, std::int64_t in, std::int64_t out,
               bool bias)
    : in_(in) {
  const std::string weight_name = name + ".weight", bias_name = bias ? name + ".bias" : "";
  if (StoredParameters* stored = source.packed(name)) {
    packed_ = stored->linear(weight_name, bias_name, in, out);
    return;
  }
  weight_ = source.tensor(weight_name, {out, in}, Init::kXavier);
  if (bias) bias_ = source.tensor(bias_name, {out}, Init::kZeros);
}

at::Tensor Linear::forward(const at::Tensor& x, Activation activation,
                           const at::Tensor& residual) const {
  check(x.dim() >= 1 && x.size(-1) == in_, ErrorCode::kShape, "Linear: expected (…, ", in_,
        "), got ", x.sizes());
  if (!packed_) {
    const at::Tensor y = activate(at::linear(x, weight_, bias_), activation);
    return residual.defined() ? y + residual : y;
  }
  const at::Tensor input = x.contiguous();
  std::vector<std::int64_t> shape = x.sizes().vec();
  shape.back() = packed_->out();
  at::Tensor out = at::empty(shape);
  const at::Tensor added = residual.defined() ? residual.expand(shape).contiguous() : residual;
  packed_->forward(input.data_ptr<float>(), input.numel() / in_, out.data_ptr<float>(), activation,
                   added.defined() ? added.data_ptr<float>() : nullptr);
  return out;
}

}  // namespace beholder::nn
