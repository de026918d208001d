#include "train/self_critical.hpp"

#include <c10/core/GradMode.h>

#include <limits>

namespace beholder::train {
namespace {

using fusion::Task;

std::vector<std::vector<eval::Tokens>> reference_tokens(
    const std::vector<std::vector<std::string>>& captions) {
  std::vector<std::vector<eval::Tokens>> out;
  for (const auto& list : captions) {
    if (list.empty()) continue;
    out.emplace_back();
    for (const std::string& caption : list) {
      out.back().push_back(eval::caption_tokens(caption));
      out.back().back().emplace_back("<end>");
    }
  }
  return out;
}

/// Mean over all tokens, ends included, of -advantage · log probability.
/// @param written (rows) tokens  @param finished (rows) whether the end was written
at::Tensor policy_loss(const fusion::FusionDecoder& decoder, const fusion::DecoderMemory& memory,
                       const text::OutputVocabulary& vocabulary,
                       const std::vector<std::vector<std::int64_t>>& written,
                       const std::vector<bool>& finished, const std::vector<double>& advantages) {
  const at::Device device = memory.image.at(0).key.device();
  const auto rows = static_cast<std::int64_t>(written.size());
  const std::int64_t end = vocabulary.eos_id(), pad = vocabulary.pad_id();
  std::int64_t longest = 1;
  for (std::int64_t row = 0; row < rows; ++row)
    longest = std::max(longest, static_cast<std::int64_t>(written[row].size()) + finished[row]);
  at::Tensor input = at::full({rows, longest - 1}, pad, at::kLong);
  at::Tensor target = at::full({rows, longest}, pad, at::kLong);
  at::Tensor weight = at::zeros({rows, longest});
  std::int64_t tokens = 0;
  for (std::int64_t row = 0; row < rows; ++row) {
    const auto length = static_cast<std::int64_t>(written[row].size());
    for (std::int64_t t = 0; t < length + finished[row]; ++t, ++tokens) {
      target.data_ptr<std::int64_t>()[row * longest + t] = t < length ? written[row][t] : end;
      weight.data_ptr<float>()[row * longest + t] = static_cast<float>(advantages[row]);
      if (t < length && t < longest - 1)
        input.data_ptr<std::int64_t>()[row * (longest - 1) + t] = written[row][t];
    }
  }
  const at::Tensor hidden =
      decoder.forward(input.to(device), Task::kDescribe, memory);  // (rows, T, D)
  weight = weight.view({-1}).to(device);
  const at::Tensor places = weight.ne(0).nonzero().squeeze(1);
  const at::Tensor scores = at::log_softmax(
      decoder.logits(hidden.reshape({rows * longest, -1}).index_select(0, places)), -1);  // (n, V)
  const at::Tensor chosen =
      scores.gather(1, target.view({-1}).to(device).index_select(0, places).unsqueeze(1))
          .squeeze(1);
  return -(chosen * weight.index_select(0, places)).sum() /
         static_cast<double>(std::max<std::int64_t>(1, tokens));
}

}  // namespace

CaptionReward::CaptionReward(const std::vector<std::vector<std::string>>& captions)
    : scorer_(reference_tokens(captions)) {
  std::int64_t row = 0;
  for (const auto& list : captions) rows_.push_back(list.empty() ? -1 : row++);
}

double CaptionReward::score(std::int64_t picture, const std::string& caption, bool finished) const {
  if (rows_.at(picture) < 0) return 0;
  eval::Tokens tokens = eval::caption_tokens(caption);
  if (finished) tokens.emplace_back("<end>");
  return scorer_.score(rows_[picture], tokens);
}

SelfCritical self_critical(const fusion::FusionDecoder& decoder,
                           const fusion::DecoderMemory& memory,
                           const std::vector<std::int64_t>& pictures,
                           const text::OutputVocabulary& vocabulary, const CaptionReward& reward,
                           std::int64_t samples, std::int64_t max_tokens) {
  const auto rows = static_cast<std::int64_t>(pictures.size()) * samples;
  const std::int64_t end = vocabulary.eos_id(), pad = vocabulary.pad_id();
  std::vector<std::vector<std::int64_t>> written(rows);
  std::vector<bool> finished(rows, false);
  {
    const c10::NoGradGuard no_grad;
    nn::KeyValueCache cache;
    at::Tensor last;
    std::int64_t alive = rows;
    for (std::int64_t t = 0; t < max_tokens && alive > 0; ++t) {
      const at::Tensor hidden = decoder.step(last, rows, Task::kDescribe, memory, cache);
      at::Tensor scores = decoder.logits(hidden).view({rows, -1}).clone();  // (rows, V)
      for (const std::int64_t never : {pad, vocabulary.bos_id(), vocabulary.unk_id()})
        scores.select(1, never).fill_(-std::numeric_limits<float>::infinity());
      last = at::multinomial(at::softmax(scores, -1), 1).squeeze(1);  // (rows)
      const at::Tensor drawn = last.to(at::kCPU);
      const std::int64_t* ids = drawn.data_ptr<std::int64_t>();
      for (std::int64_t row = 0; row < rows; ++row) {
        if (finished[row]) continue;
        if (ids[row] == end) {
          finished[row] = true;
          --alive;
        } else {
          written[row].push_back(ids[row]);
        }
      }
    }
  }

  SelfCritical out;
  std::vector<double> rewards;
  for (std::int64_t row = 0; row < rows; ++row) {
    rewards.push_back(
        reward.score(pictures[row / samples], vocabulary.decode(written[row]), finished[row]));
    out.mean_reward += rewards.back() / static_cast<double>(rows);
  }
  std::vector<double> advantages;  // over the mean of the picture's other samples
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::int64_t first = row / samples * samples;
    double others = -rewards[row];
    for (std::int64_t other = first; other < first + samples; ++other) others += rewards[other];
    advantages.push_back(rewards[row] - others / static_cast<double>(samples - 1));
  }
  out.loss = policy_loss(decoder, memory, vocabulary, written, finished, advantages);
  return out;
}

}  // namespace beholder::train
