#include "nn/embedding.hpp"

#include "core/check.hpp"

namespace beholder::nn {

Embedding::Embedding(ParameterSource& source, const std::string& name, std::int64_t rows,
                     std::int64_t width, const std::string& tied_bias) {
  const std::string weight = name + ".weight";
  if (StoredParameters* stored = source.packed(name)) {
    table_ = stored->row_table(weight, rows, width);
    if (!tied_bias.empty()) output_.emplace(stored->linear(weight, tied_bias, width, rows));
    return;
  }
  weight_ = source.tensor(weight, {rows, width}, Init::kNormal02);
  if (!tied_bias.empty()) output_.emplace(weight_, source.tensor(tied_bias, {rows}, Init::kZeros));
}

at::Tensor Embedding::forward(const at::Tensor& ids) const {
  return table_ ? table_->lookup(ids) : at::embedding(weight_, ids);
}

at::Tensor Embedding::logits(const at::Tensor& hidden) const {
  check(output_.has_value(), ErrorCode::kInternal, "Embedding: it has no tied output");
  return output_->forward(hidden);
}

}  // namespace beholder::nn
