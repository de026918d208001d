// Descriptions: beam search and the choice among its hypotheses, or samples.
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <set>

#include "core/check.hpp"
#include "engine/caption_rules.hpp"
#include "engine/decoder_run.hpp"
#include "engine/description_check.hpp"
#include "engine/description_confidence.hpp"
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
  check(options.min_confidence <= 1, ErrorCode::kUsage, "min_confidence is ",
        options.min_confidence, "; it must lie between 0 and 1");
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
/// @param novelty of the picture
std::vector<engine::Written> choose(const text::OutputVocabulary& vocabulary,
                                    const std::vector<Hypothesis>& hypotheses,
                                    const DescribeOptions& options, bool consensus,
                                    double novelty) {
  std::vector<Description> all;
  std::vector<engine::Wording> wordings;
  std::vector<std::size_t> wording;  // of each description
  std::set<std::string> seen;
  for (const Hypothesis& hypothesis : hypotheses) {
    wordings.push_back(engine::wording_of(vocabulary, hypothesis));
    const std::string text = vocabulary.decode(hypothesis.tokens);
    if (text.empty() || !engine::within_words(text, options.min_words, options.max_words) ||
        !seen.insert(text).second)
      continue;
    Description one;
    one.text = one.guess = text;
    // Its confidence too, where nothing else is known of it.
    one.confidence = one.probability =
        std::exp(hypothesis.log_probability / static_cast<double>(hypothesis.tokens.size() + 1));
    all.push_back(std::move(one));
    wording.push_back(wordings.size() - 1);
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
  std::vector<engine::Written> out;
  for (const std::size_t i : order)
    if (static_cast<int>(out.size()) < options.num)
      out.push_back({all[i], engine::word_evidence(wordings[wording[i]], wordings, novelty),
                     wordings.size()});
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

double Engine::Impl::description_threshold(const DescribeOptions& options) const {
  if (options.min_confidence >= 0) return options.min_confidence;
  const bool known = model && model->config.description_calibration;
  return known ? model->config.description_calibration->min_confidence : 0;
}

std::vector<std::vector<engine::Written>> Engine::Impl::write(const std::vector<Picture>& photos,
                                                              const DescribeOptions& asked) const {
  std::vector<DecoderItem> items;
  for (const Picture& photo : photos) items.push_back({&photo.encoded()->image, {}});
  const auto& vocabulary = model->vocabulary;
  const generation::GenerationOptions generate = generation_options(*this, asked);
  std::vector<std::vector<engine::Written>> out;
  if (items.empty()) return out;
  const auto novelty = [&] { return photos[out.size()].encoded()->novelty; };
  if (asked.temperature > 0) {
    for (const DecoderItem& item : items)
      out.push_back(
          choose(vocabulary, sampled(*this, item, generate, asked), asked, false, novelty()));
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
    out.push_back(choose(vocabulary, found, asked, asked.consensus, novelty()));
  return out;
}

/// Confidences of what was written about photos, and what is withheld of it.
std::vector<Description> Engine::Impl::vouch(const Picture& photo,
                                             const std::vector<engine::Written>& written,
                                             const DescribeOptions& asked) const {
  const bool familiar = !off_ground(photo);
  const double threshold = description_threshold(asked);
  std::vector<Description> out;
  for (const engine::Written& one : written) {
    out.push_back(one.description);
    if (const auto& calibration = model->config.description_calibration)
      engine::set_confidence(one, *calibration, familiar, out.back());
    // The detector takes longer than the description: it is asked about what would be given.
    if (model->photo_objects && familiar && threshold > 0 && out.back().confidence >= threshold)
      engine::hold_against(model->photo_objects->config().names, view(photo).objects, out.back());
  }
  engine::withhold(out, threshold, familiar || asked.min_confidence >= 0);
  return out;
}

std::vector<Descriptions> Engine::Impl::describe(const std::vector<Picture>& pictures,
                                                 const DescribeOptions& options) const {
  std::vector<Descriptions> out(pictures.size());
  const engine::ComputeGate::Place place(gate);
  engine::Stopwatch watch;
  if (imported) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i].list = imported->describe(*pictures[i].encoded(), options);
      engine::withhold(out[i].list, description_threshold(options), true);
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
      engine::withhold(out[i].list, description_threshold(options), true);
      check(!options.on_text || options.on_text(out[i].list.front().text), ErrorCode::kCancelled,
            "stopped on request");
      continue;
    }
    places.push_back(i);
    photos.push_back(pictures[i]);
  }
  const auto written = write(photos, options);
  for (std::size_t i = 0; i < written.size(); ++i)
    out[places[i]].list = vouch(photos[i], written[i], options);
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
  check(!options.on_text || !impl_->imported, ErrorCode::kUnsupported, impl_->directory.string(),
        ": published models hand out whole descriptions alone; leave on_text empty");
  DescribeOptions asked = options;
  // A text that may yet be withheld is handed out at its end.
  const bool whole = options.on_text && !pictures.empty() &&
                     (impl_->description_threshold(options) > 0 ||
                      (options.min_confidence < 0 && impl_->off_ground(pictures.front())));
  bool begun = false;
  if (whole)
    asked.on_text = {};
  else if (options.on_text)
    asked.on_text = [&](const std::string& piece) {
      const std::string text = begun ? piece : options.prefix + piece;
      begun = true;
      return options.on_text(text);
    };
  std::vector<Descriptions> out = impl_->describe(pictures, asked);
  for (Descriptions& one : out)
    for (Description& description : one.list)
      if (!description.abstained)
        description.text = options.prefix + description.text + options.suffix;
  if (whole && !out.empty() && !out.front().list.empty())
    check(options.on_text(out.front().list.front().text), ErrorCode::kCancelled,
          "stopped on request");
  else if (begun && !options.suffix.empty())
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
