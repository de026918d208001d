// Descriptions: beam search and the choice among its hypotheses, or samples.
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <set>

#include "core/cancel.hpp"
#include "core/check.hpp"
#include "core/stopwatch.hpp"
#include "generation/caption_rules.hpp"
#include "generation/consensus.hpp"
#include "generation/logits_processors.hpp"
#include "generation/word_limits.hpp"
#include "models/description_confidence.hpp"
#include "models/native/decoder_run.hpp"
#include "models/native/description_check.hpp"
#include "models/native/native_model.hpp"
#include "scene/scene_text.hpp"

namespace beholder::models::native {
namespace {

using fusion::Task;
using generation::Hypothesis;

constexpr int kOwnNoRepeatNgram = 3;  // tokens

generation::GenerationOptions generation_options(const NativeModel& model,
                                                 const DescribeOptions& options) {
  generation::GenerationOptions out;
  out.max_new_tokens = std::min<std::int64_t>(
      options.max_new_tokens, model.checkpoint().config.fusion.max_position_embeddings - 1);
  out.num_beams = std::max(options.num_beams, options.num);
  out.num_return = out.num_beams;
  out.length_penalty = options.length_penalty;
  out.forbidden = model.forbidden();
  out.end_token = model.checkpoint().vocabulary.eos_id();
  generation::apply_rules(options, kOwnNoRepeatNgram, out);
  generation::check_rules(out);
  const text::OutputVocabulary& vocabulary = model.checkpoint().vocabulary;
  const auto piece = [&](std::int64_t id) {
    const bool silent =
        id == vocabulary.pad_id() || id == vocabulary.bos_id() || id == vocabulary.eos_id();
    return silent ? std::string() : vocabulary.token(id);
  };
  generation::limit_words(options, vocabulary.size(), piece, out);
  return out;
}

/// The different texts among the hypotheses, in their order or by consensus, at most `num`; with
/// limits of words those that keep them.
/// @param novelty of the picture
std::vector<Written> choose(const text::OutputVocabulary& vocabulary,
                            const std::vector<Hypothesis>& hypotheses,
                            const DescribeOptions& options, bool consensus, double novelty) {
  std::vector<Description> all;
  std::vector<Wording> wordings;
  std::vector<std::size_t> wording;  // of each description
  std::set<std::string> seen;
  for (const Hypothesis& hypothesis : hypotheses) {
    wordings.push_back(wording_of(vocabulary, hypothesis));
    const std::string text = vocabulary.decode(hypothesis.tokens);
    if (text.empty() || !generation::within_words(text, options.min_words, options.max_words) ||
        !seen.insert(text).second)
      continue;
    all.push_back(plain_description(text, hypothesis));
    wording.push_back(wordings.size() - 1);
  }
  generation::check_kept(all, options);
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (consensus) {
    std::vector<std::string> texts;
    for (const Description& description : all) texts.push_back(description.text);
    const std::vector<double> scores = generation::consensus_scores(texts);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  }
  std::vector<Written> out;
  for (const std::size_t i : order)
    if (static_cast<int>(out.size()) < options.num)
      out.push_back(
          {all[i], word_evidence(wordings[wording[i]], wordings, novelty), wordings.size()});
  return out;
}

/// Hands on the words of a text that is being written, each as soon as nothing can change it.
class TextStream {
 public:
  TextStream(const text::OutputVocabulary& vocabulary, const DescribeOptions& options)
      : vocabulary_(vocabulary), options_(options) {}

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

std::vector<Hypothesis> sampled(const NativeModel& model, const DecoderItem& item,
                                const generation::GenerationOptions& generate,
                                const DescribeOptions& options) {
  TextStream stream(model.checkpoint().vocabulary, options);
  std::vector<Hypothesis> out;
  std::set<std::string> different;
  // Some samples come twice; more are drawn until there are `num` different ones.
  for (int i = 0; i < 4 * options.num && static_cast<int>(different.size()) < options.num; ++i) {
    DecoderRun run(model, Task::kDescribe, {item});
    const auto step = run.step_function();
    std::vector<std::int64_t> written;
    out.push_back(generation::sample(
        [&](const std::vector<std::int64_t>& rows, const std::vector<std::int64_t>& tokens) {
          check_cancelled(options.cancel);
          written.insert(written.end(), tokens.begin(), tokens.end());
          stream.update(written, false);
          return step(rows, tokens);
        },
        generate, {options.temperature, options.top_k, options.top_p, options.seed + i}));
    const std::string text = model.checkpoint().vocabulary.decode(out.back().tokens);
    if (!text.empty()) different.insert(text);
  }
  stream.update(out.front().tokens, true);
  return out;
}

}  // namespace

double NativeModel::description_threshold(const DescribeOptions& options) const {
  if (options.min_confidence >= 0) return options.min_confidence;
  const auto& calibration = checkpoint_.config.description_calibration;
  return calibration ? calibration->min_confidence : 0;
}

std::vector<std::vector<Written>> NativeModel::generate_descriptions(
    const std::vector<const NativePicture*>& photos, const DescribeOptions& options) const {
  std::vector<DecoderItem> items;
  for (const NativePicture* photo : photos) items.push_back({&photo->image, {}});
  const auto& vocabulary = checkpoint_.vocabulary;
  const generation::GenerationOptions generate = generation_options(*this, options);
  std::vector<std::vector<Written>> out;
  if (items.empty()) return out;
  const auto novelty = [&] { return photos[out.size()]->novelty; };
  if (options.temperature > 0) {
    for (const DecoderItem& item : items)
      out.push_back(
          choose(vocabulary, sampled(*this, item, generate, options), options, false, novelty()));
    return out;
  }
  TextStream stream(vocabulary, options);
  std::function<void(const generation::BeamSearch&)> watch_text;
  if (options.on_text)
    watch_text = [&](const generation::BeamSearch& search) {
      stream.update(search.certain(), search.done());
    };
  for (const auto& found :
       search_all(*this, Task::kDescribe, items, generate, options.cancel, watch_text))
    out.push_back(choose(vocabulary, found, options, options.consensus, novelty()));
  return out;
}

std::vector<Description> NativeModel::with_confidences(const NativePicture& photo,
                                                       const std::vector<Written>& written,
                                                       const DescribeOptions& options) const {
  const bool familiar = !off_ground(&photo);
  const double threshold = description_threshold(options);
  std::vector<Description> out;
  for (const Written& one : written) {
    out.push_back(one.description);
    if (const auto& calibration = checkpoint_.config.description_calibration)
      set_confidence(one, *calibration, familiar, out.back());
    // The detector takes longer than the description: it is asked about what would be given.
    if (checkpoint_.photo_objects && familiar && threshold > 0 &&
        out.back().confidence >= threshold)
      hold_against(checkpoint_.photo_objects->config().names, view(photo).objects, out.back());
  }
  withhold(out, threshold, familiar || options.min_confidence >= 0);
  return out;
}

std::vector<Descriptions> NativeModel::describe(const std::vector<const EncodedPicture*>& pictures,
                                                const DescribeOptions& asked) const {
  check(asked.prompt.empty(), ErrorCode::kUnsupported, directory().string(),
        ": this model takes no prompt; use a published captioning model, or leave it out");
  std::vector<Descriptions> out(pictures.size());
  Stopwatch watch;
  DescribeOptions options = asked;
  std::vector<const NativePicture*> photos;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < out.size(); ++i) {
    check_cancelled(options.cancel);
    const NativePicture& picture = own_picture(*pictures[i]);
    // A text that may yet be withheld is handed out at its end.
    if (options.on_text && (description_threshold(options) > 0 ||
                            (options.min_confidence < 0 && off_ground(&picture))))
      options.on_text = {};
    if (shows_scene(&picture))
      out[i].list = scene::describe_scene(scene::reading_of(view(picture)), options);
    if (!out[i].list.empty()) {
      withhold(out[i].list, description_threshold(options), true);
      continue;
    }
    places.push_back(i);
    photos.push_back(&picture);
  }
  const auto written = generate_descriptions(photos, options);
  for (std::size_t i = 0; i < written.size(); ++i)
    out[places[i]].list = with_confidences(*photos[i], written[i], options);
  const double fusion_ms = watch.lap() / static_cast<double>(std::max<std::size_t>(1, out.size()));
  for (Descriptions& one : out) one.timing.fusion = fusion_ms;
  return out;
}

}  // namespace beholder::models::native
