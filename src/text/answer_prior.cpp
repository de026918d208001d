#include "text/answer_prior.hpp"

#include "nn/shape.hpp"

namespace beholder::text {

AnswerPrior::AnswerPrior(nn::ParameterSource& source, const std::string& name, std::int64_t ngrams,
                         std::int64_t width, std::int64_t answers)
    : table_(source, name + ".ngrams", ngrams, width),
      bias_(source.tensor(name + ".bias", {width}, nn::Init::kZeros)),
      output_(source, name + ".output", width, answers) {}

at::Tensor AnswerPrior::forward(const std::vector<std::vector<std::int64_t>>& questions,
                                double dropout) const {
  std::vector<std::int64_t> ids, rows;
  for (std::size_t i = 0; i < questions.size(); ++i)
    for (const std::int64_t id : questions[i]) {
      ids.push_back(id);
      rows.push_back(static_cast<std::int64_t>(i));
    }
  at::Tensor sums = at::zeros({static_cast<std::int64_t>(questions.size()), bias_.size(0)});
  if (!ids.empty())
    sums = sums.index_add(0, nn::id_tensor(rows), table_.forward(nn::id_tensor(ids)));
  return output_.forward(at::dropout(at::relu(sums + bias_), dropout, dropout > 0));
}

}  // namespace beholder::text
