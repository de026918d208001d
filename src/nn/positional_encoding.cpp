#include "nn/positional_encoding.hpp"

#include "core/check.hpp"

namespace beholder::nn {
namespace {

at::Tensor stretched(const at::Tensor& table, std::int64_t count) {
  if (table.size(0) == count) return table;
  return at::upsample_linear1d(table.t().unsqueeze(0), at::IntArrayRef{count}, false)
      .squeeze(0)
      .t();  // (G, D) -> (count, D)
}

}  // namespace

LearnedPositions::LearnedPositions(ParameterSource& source, const std::string& name,
                                   std::int64_t count, std::int64_t size)
    : name_(name), table_(source.tensor(name + ".weight", {count, size}, Init::kNormal02)) {}

at::Tensor LearnedPositions::forward(std::int64_t first, std::int64_t length) const {
  check(first + length <= table_.size(0), ErrorCode::kShape, name_, ": ", first + length,
        " positions, at most ", table_.size(0));
  return table_.narrow(0, first, length);
}

GridPositions::GridPositions(ParameterSource& source, const std::string& name, std::int64_t side,
                             std::int64_t size)
    : rows_(source.tensor(name + ".row_embeddings.weight", {side, size}, Init::kNormal02)),
      columns_(source.tensor(name + ".column_embeddings.weight", {side, size}, Init::kNormal02)) {}

at::Tensor GridPositions::forward(std::int64_t rows, std::int64_t columns) const {
  return (stretched(rows_, rows).unsqueeze(1) + stretched(columns_, columns).unsqueeze(0))
      .reshape({rows * columns, -1});
}

}  // namespace beholder::nn
