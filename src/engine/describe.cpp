// Descriptions: beam search and the choice among its hypotheses, or samples.
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <set>

#include "core/check.hpp"
#include "engine/caption_rules.hpp"
#include "engine/decoder_run.hpp"
#include "engine/engine_impl.hpp"
#include "engine/scene_text.hpp"
#include "engine/stopwatch.hpp"
#include "engine/word_limits.hpp"
#include "generation/consensus.hpp"
#include "generation/logits_processors.hpp"

namespace beholder {
namespace {

using engine::DecoderItem;
using fusion::Task;
using generation::Hypothesis;

constexpr int kOwnNoRepeatNgram = 3;  // tokens

void check_options(const DescribeOptions& options, bool published) {
  check(options.num >= 1 && options.num <= 100, ErrorCode::kUsage, "num is ", options.num,
        "; it must lie between 1 and 100");
  check(options.num_beams >= 1 && options.num_beams <= 100, ErrorCode::kUsage, "num_beams is ",
        options.num_beams, "; it must lie between 1 and 100");
  engine::check_max_new_tokens(options.max_new_tokens, published);
  check(std::isfinite(options.length_penalty), ErrorCode::kUsage, "length_penalty is ",
        options.length_penalty, "; it must be a finite number");
  check(std::isfinite(options.temperature) && options.temperature >= 0, ErrorCode::kUsage,
        "temperature is ", options.temperature, "; it must be 0 or a finite number above");
  engine::check_caption_rules(options);
  check(!options.on_text || (options.num == 1 && (!options.consensus || options.temperature > 0)),
        ErrorCode::kUsage,
        "text can be had while it is written only of one description (num = 1), without consensus");
}

generation::GenerationOptions generation_options(const Engine::Impl& impl,
                                                 const DescribeOptions& options) {
  generation::GenerationOptions out;
  out.max_new_tokens = std::min<std::int64_t>(
      options.max_new_tokens, impl.model->config.fusion.max_position_embeddings - 1);
  out.num_beams = std::max(options.num_beams, options.num);
  out.num_return = out.num_beams;
  out.length_penalty = options.length_penalty;
  out.forbidden = impl.forbidden;
  out.end_token = impl.model->vocabulary.eos_id();
  engine::apply_rules(options, kOwnNoRepeatNgram, out);
  generation::check_rules(out);
  if (options.min_words == 0 && options.max_words == 0) return out;
  engine::WordLimitsOptions limits;
  limits.min_words = options.min_words;
  limits.max_words = options.max_words;
  const text::OutputVocabulary& vocabulary = impl.model->vocabulary;
  for (std::int64_t id = 0; id < vocabulary.size(); ++id)
    limits.pieces.push_back(id == vocabulary.pad_id() || id == vocabulary.bos_id() ||
                                    id == vocabulary.eos_id()
                                ? ""
                                : vocabulary.token(id));
  limits.end_token = out.end_token;
  limits.max_new_tokens = out.max_new_tokens;
  out.restrict = engine::word_limits(std::move(limits));
  return out;
}

/// The different texts among the hypotheses, in their order or by consensus, at most `num`; with
/// limits of words those that keep them.
std::vector<Description> choose(const text::OutputVocabulary& vocabulary,
                                const std::vector<Hypothesis>& hypotheses,
                                const DescribeOptions& options, bool consensus) {
  std::vector<Description> all;
  std::set<std::string> seen;
  for (const Hypothesis& hypothesis : hypotheses) {
    const std::string text = vocabulary.decode(hypothesis.tokens);
    if (text.empty() || !engine::within_words(text, options.min_words, options.max_words) ||
        !seen.insert(text).second)
      continue;
    all.push_back({text, std::exp(hypothesis.log_probability /
                                  static_cast<double>(hypothesis.tokens.size() + 1))});
  }
  engine::check_kept(all, options);
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (consensus) {
    std::vector<std::string> texts;
    for (const Description& description : all) texts.push_back(description.text);
    const std::vector<double> scores = generation::consensus_scores(texts);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  }
  std::vector<Description> out;
  for (const std::size_t i : order)
    if (static_cast<int>(out.size()) < options.num) out.push_back(all[i]);
  return out;
}

/// Hands on the words of a text that is being written, each as soon as nothing can change it.
class TextStream {
 public:
  TextStream(const Engine::Impl& impl, const DescribeOptions& options)
      : vocabulary_(impl.model->vocabulary), options_(options) {}

  /// @param tokens certain so far  @param whole nothing follows
  void update(const std::vector<std::int64_t>& tokens, bool whole) {
    if (!options_.on_text) return;
    std::string text = vocabulary_.decode(tokens);
    // The last word may go on, and punctuation may still close up to it.
    if (!whole)
      text.resize(text.find_last_of(' ') == std::string::npos ? 0 : text.find_last_of(' '));
    if (text.size() <= sent_.size() || text.compare(0, sent_.size(), sent_) != 0) return;
    const std::string piece = text.substr(sent_.size());
    sent_ = text;
    check(options_.on_text(piece), ErrorCode::kCancelled, "stopped on request");
  }

 private:
  const text::OutputVocabulary& vocabulary_;
  const DescribeOptions& options_;
  std::string sent_;
};

std::vector<Hypothesis> sampled(const Engine::Impl& impl, const DecoderItem& item,
                                const generation::GenerationOptions& generate,
                                const DescribeOptions& options) {
  TextStream stream(impl, options);
  std::vector<Hypothesis> out;
  std::set<std::string> different;
  // Some samples come twice; more are drawn until there are `num` different ones.
  for (int i = 0; i < 4 * options.num && static_cast<int>(different.size()) < options.num; ++i) {
    engine::DecoderRun run(impl, Task::kDescribe, {item});
    const auto step = run.step_function();
    std::vector<std::int64_t> written;
    out.push_back(generation::sample(
        [&](const std::vector<std::int64_t>& rows, const std::vector<std::int64_t>& tokens) {
          engine::check_cancelled(options.cancel);
          written.insert(written.end(), tokens.begin(), tokens.end());
          stream.update(written, false);
          return step(rows, tokens);
        },
        generate, {options.temperature, options.top_k, options.top_p, options.seed + i}));
    const std::string text = impl.model->vocabulary.decode(out.back().tokens);
    if (!text.empty()) different.insert(text);
  }
  stream.update(out.front().tokens, true);
  return out;
}

}  // namespace

std::vector<std::vector<Description>> Engine::Impl::write(const std::vector<Picture>& photos,
                                                          const DescribeOptions& asked) const {
  std::vector<DecoderItem> items;
  for (const Picture& photo : photos) items.push_back({&photo.encoded()->image, {}});
  const auto& vocabulary = model->vocabulary;
  const generation::GenerationOptions generate = generation_options(*this, asked);
  std::vector<std::vector<Description>> out;
  if (items.empty()) return out;
  if (asked.temperature > 0) {
    for (const DecoderItem& item : items)
      out.push_back(choose(vocabulary, sampled(*this, item, generate, asked), asked, false));
    return out;
  }
  TextStream stream(*this, asked);
  std::function<void(const generation::BeamSearch&)> watch_text;
  if (asked.on_text)
    watch_text = [&](const generation::BeamSearch& search) {
      stream.update(search.certain(), search.done());
    };
  for (const auto& found :
       engine::search_all(*this, Task::kDescribe, items, generate, asked.cancel, watch_text))
    out.push_back(choose(vocabulary, found, asked, asked.consensus));
  return out;
}

std::vector<Descriptions> Engine::Impl::describe(const std::vector<Picture>& pictures,
                                                 const DescribeOptions& options) const {
  std::vector<Descriptions> out(pictures.size());
  const engine::ComputeGate::Place place(gate);
  engine::Stopwatch watch;
  if (imported) {
    check(!options.on_text, ErrorCode::kUnsupported, directory.string(),
          ": published models hand out whole descriptions alone; leave on_text empty");
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i].list = imported->describe(*pictures[i].encoded(), options);
      out[i].timing = pictures[i].timing();
      out[i].timing.fusion = watch.lap();
    }
    return out;
  }
  check(options.prompt.empty(), ErrorCode::kUnsupported, directory.string(),
        ": this model takes no prompt; use a published captioning model, or leave it out");
  std::vector<Picture> photos;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < out.size(); ++i) {
    engine::check_cancelled(options.cancel);
    if (shows_scene(pictures[i]))
      out[i].list = engine::describe_scene(engine::reading_of(view(pictures[i])), options);
    if (!out[i].list.empty()) {
      check(!options.on_text || options.on_text(out[i].list.front().text), ErrorCode::kCancelled,
            "stopped on request");
      continue;
    }
    places.push_back(i);
    photos.push_back(pictures[i]);
  }
  std::vector<std::vector<Description>> written = write(photos, options);
  for (std::size_t i = 0; i < written.size(); ++i) out[places[i]].list = std::move(written[i]);
  const double fusion_ms = watch.lap() / static_cast<double>(std::max<std::size_t>(1, out.size()));
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].timing = pictures[i].timing();
    out[i].timing.fusion = fusion_ms;
  }
  return out;
}

std::vector<Descriptions> Engine::describe(const std::vector<Picture>& pictures,
                                           const DescribeOptions& options) const {
  check_options(options, impl_->imported != nullptr);
  check(!options.on_text || pictures.size() <= 1, ErrorCode::kUsage,
        "text can be had while it is written only of one picture at a time");
  for (const Picture& picture : pictures)
    check(static_cast<bool>(picture), ErrorCode::kUsage, "describe needs a picture");
  if (options.prefix.empty() && options.suffix.empty()) return impl_->describe(pictures, options);
  DescribeOptions asked = options;
  bool begun = false;
  if (options.on_text)
    asked.on_text = [&](const std::string& piece) {
      const std::string text = begun ? piece : options.prefix + piece;
      begun = true;
      return options.on_text(text);
    };
  std::vector<Descriptions> out = impl_->describe(pictures, asked);
  for (Descriptions& one : out)
    for (Description& description : one.list)
      description.text = options.prefix + description.text + options.suffix;
  if (begun && !options.suffix.empty())
    check(options.on_text(options.suffix), ErrorCode::kCancelled, "stopped on request");
  return out;
}

Descriptions Engine::describe(const Picture& picture, const DescribeOptions& options) const {
  return describe(std::vector{picture}, options).front();
}

std::vector<float> Engine::embed(const Picture& picture) const {
  check(static_cast<bool>(picture), ErrorCode::kUsage, "embed needs a picture");
  const engine::ComputeGate::Place place(impl_->gate);
  if (impl_->imported) return impl_->imported->embed(*picture.encoded());
  return engine::unit_vector(picture.encoded()->pooled);
}

}  // namespace beholder
