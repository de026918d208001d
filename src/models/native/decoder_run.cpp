#include "models/native/decoder_run.hpp"

#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <map>

#include "core/cancel.hpp"
#include "core/check.hpp"
#include "nn/finite.hpp"
#include "nn/kernels/log_softmax.hpp"
#include "nn/shape.hpp"

namespace beholder::models::native {
namespace {

// Rows of the decoder at a step; more do not make its products faster.
constexpr std::size_t kRowsTogether = 640;

/// The keys and values of all items one after the other.
std::vector<nn::KeyValue> joined(
    const std::vector<DecoderItem>& items,
    const std::function<const std::vector<nn::KeyValue>&(const DecoderItem&)>& part) {
  if (items.size() == 1) return part(items.front());
  std::vector<nn::KeyValue> out;
  for (std::size_t layer = 0; layer < part(items.front()).size(); ++layer) {
    std::vector<at::Tensor> keys, values;
    for (const DecoderItem& item : items) {
      keys.push_back(part(item)[layer].key);
      values.push_back(part(item)[layer].value);
    }
    out.push_back({at::cat(keys), at::cat(values)});
  }
  return out;
}

}  // namespace

DecoderRun::DecoderRun(const NativeModel& model, fusion::Task task,
                       const std::vector<DecoderItem>& items)
    : model_(model), task_(task), views_(items.at(0).image->at(0).key.size(0)) {
  memory_.image = joined(
      items, [](const DecoderItem& item) -> const auto& { return *item.image; });
  memory_.question = joined(
      items, [](const DecoderItem& item) -> const auto& { return item.question; });
  for (std::size_t i = 0; i < items.size(); ++i) active_.push_back(i);
}

/// Only what comes from another place is copied: most of what is kept stays where it lies.
void DecoderRun::keep(const std::vector<std::int64_t>& places) {
  const auto count = static_cast<std::int64_t>(places.size());
  for (auto* part : {&memory_.image, &memory_.question})
    for (nn::KeyValue& layer : *part)
      for (at::Tensor* tensor : {&layer.key, &layer.value}) {
        for (std::int64_t to = 0; to < count; ++to)
          if (places[to] != to)
            tensor->narrow(0, to * views_, views_)
                .copy_(tensor->narrow(0, places[to] * views_, views_));
        *tensor = tensor->narrow(0, 0, count * views_);
      }
}

at::Tensor DecoderRun::step(const std::vector<const std::vector<std::int64_t>*>& rows,
                            const std::vector<const std::vector<std::int64_t>*>& tokens) {
  at::Tensor last;
  if (cache_.length() > 0) {
    std::vector<std::int64_t> kept;
    std::int64_t group = 0;
    for (std::size_t place = 0; place < active_.size(); ++place)
      if (!rows[active_[place]]->empty()) {
        kept.push_back(static_cast<std::int64_t>(place));
        group = std::max(group, static_cast<std::int64_t>(rows[active_[place]]->size()));
      }
    check(!kept.empty(), ErrorCode::kInternal, "DecoderRun: no item has a row");
    // Items at the end move into the places of those that have ended.
    const auto count = static_cast<std::int64_t>(kept.size());
    std::vector<std::int64_t> moved;
    for (const std::int64_t place : kept)
      if (place >= count) moved.push_back(place);
    for (std::int64_t place = 0; place < count; ++place)
      if (rows[active_[place]]->empty()) {
        kept.insert(kept.begin() + place, moved.back());
        moved.pop_back();
      }
    kept.resize(static_cast<std::size_t>(count));
    most_ = std::max(most_, group);
    // Few different shapes: a kernel is compiled, and kept, for each.
    group = 2 * group <= most_ ? (most_ + 1) / 2 : most_;
    std::vector<std::int64_t> origins, ids;
    for (const std::int64_t place : kept) {
      const auto& from = *rows[active_[place]];
      const auto& given = *tokens[active_[place]];
      for (std::int64_t view = 0; view < views_; ++view)
        for (std::int64_t g = 0; g < group; ++g) {
          // Padded with copies of the first, whose scores nobody reads, so that all have as many.
          const std::size_t own = g < static_cast<std::int64_t>(from.size()) ? g : 0;
          origins.push_back((place * views_ + view) * group_ + from[own]);
          ids.push_back(view == 0 ? given[own] : model_.mirrored(given[own]));
        }
    }
    cache_.select(origins);
    last = nn::id_tensor(ids);
    if (kept.size() < active_.size()) {
      keep(kept);
      std::vector<std::size_t> left;
      for (const std::int64_t place : kept) left.push_back(active_[place]);
      active_ = std::move(left);
    }
    group_ = group;
  }
  const auto& decoder = model_.checkpoint().networks.fusion;
  const auto count = static_cast<std::int64_t>(active_.size());
  const at::Tensor hidden = decoder.step(last, count * views_ * group_, task_, memory_, cache_);
  const at::Tensor logits = decoder.logits(hidden).contiguous();  // (A W G, 1, V)
  nn::check_finite(logits, "decoder");
  const std::int64_t vocabulary = logits.size(-1);
  at::Tensor scores = at::empty({count, group_, vocabulary});
  for (std::int64_t item = 0; item < count; ++item)
    nn::kernels::mean_log_softmax(logits.data_ptr<float>() + item * views_ * group_ * vocabulary,
                                  views_, group_, vocabulary, model_.left_id(), model_.right_id(),
                                  scores.data_ptr<float>() + item * group_ * vocabulary);
  return scores;
}

generation::StepFunction DecoderRun::step_function() {
  return [this](const std::vector<std::int64_t>& rows, const std::vector<std::int64_t>& tokens) {
    const at::Tensor scores = step({&rows}, {&tokens});
    return std::vector<float>(scores.data_ptr<float>(), scores.data_ptr<float>() + scores.numel());
  };
}

namespace {

using Found = std::vector<std::vector<generation::Hypothesis>>;

/// Beam search of items of equal shapes in lockstep.
Found search_alike(const NativeModel& model, fusion::Task task,
                   const std::vector<DecoderItem>& items,
                   const generation::GenerationOptions& options, const std::atomic<bool>* cancel,
                   const std::function<void(const generation::BeamSearch&)>& watch) {
  DecoderRun run(model, task, items);
  std::vector<generation::BeamSearch> searches(items.size(), generation::BeamSearch(options));
  const std::vector<std::int64_t> none;
  while (true) {
    check_cancelled(cancel);
    std::vector<const std::vector<std::int64_t>*> rows, tokens;
    bool all_done = true;
    for (const generation::BeamSearch& search : searches) {
      rows.push_back(search.done() ? &none : &search.rows());
      tokens.push_back(search.done() ? &none : &search.tokens());
      all_done = all_done && search.done();
    }
    if (all_done) break;
    at::Tensor scores = run.step(rows, tokens);  // (A, G, V)
    const std::int64_t stride = scores.size(1) * scores.size(2), vocabulary = scores.size(2);
    float* const data = scores.data_ptr<float>();
    const std::vector<std::size_t>& asked = run.active();
    at::parallel_for(0, static_cast<std::int64_t>(asked.size()), 1,
                     [&](std::int64_t begin, std::int64_t end) {
                       for (std::int64_t i = begin; i < end; ++i)
                         searches[asked[i]].advance(data + i * stride, vocabulary);
                     });
    if (watch) watch(searches.front());
  }
  Found out;
  for (const generation::BeamSearch& search : searches) out.push_back(search.results());
  return out;
}

}  // namespace

Found search_all(const NativeModel& model, fusion::Task task, const std::vector<DecoderItem>& items,
                 const generation::GenerationOptions& options, const std::atomic<bool>* cancel,
                 const std::function<void(const generation::BeamSearch&)>& watch) {
  // Only equal shapes lie in one tensor: views, cells, question tokens.
  std::map<std::array<std::int64_t, 3>, std::vector<std::size_t>> alike;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const at::Tensor& key = items[i].image->front().key;
    const auto& question = items[i].question;
    alike[{key.size(0), key.size(2), question.empty() ? 0 : question.front().key.size(2)}]
        .push_back(i);
  }
  Found out(items.size());
  for (const auto& [shape, members] : alike) {
    const std::size_t together = std::max<std::size_t>(
        1, kRowsTogether / static_cast<std::size_t>(shape[0] * options.num_beams));
    for (std::size_t begin = 0; begin < members.size(); begin += together) {
      const std::size_t end = std::min(members.size(), begin + together);
      std::vector<DecoderItem> part;
      for (std::size_t i = begin; i < end; ++i) part.push_back(items[members[i]]);
      Found found = search_alike(model, task, part, options, cancel, watch);
      for (std::size_t i = begin; i < end; ++i) out[members[i]] = std::move(found[i - begin]);
    }
  }
  return out;
}

}  // namespace beholder::models::native
