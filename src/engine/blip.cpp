#include "engine/blip.hpp"

#include <algorithm>
#include <cmath>
#include <future>
#include <set>

#include "core/check.hpp"
#include "engine/caption_rules.hpp"
#include "engine/decoder_run.hpp"
#include "engine/engine_impl.hpp"
#include "engine/question.hpp"
#include "engine/stopwatch.hpp"
#include "engine/word_limits.hpp"
#include "generation/reference_search.hpp"
#include "io/model_weights.hpp"
#include "nn/finite.hpp"
#include "nn/kernels/log_softmax.hpp"
#include "nn/shape.hpp"
#include "text/word_joiner.hpp"

namespace beholder::engine {
namespace {

using Task = BlipConfig::Task;
using fusion::BlipTextModel;
using nn::KeyValue;

// Of many candidates those with the likeliest first tokens are scored whole, as BLIP's own
// evaluation does (models/blip_vqa.py, rank_answer).
constexpr std::size_t kRankedWhole = 128;
constexpr std::int64_t kRankedTogether = 32;
constexpr std::int64_t kReferenceTokens = 20;  // the reference's `generate` when nothing is asked

/// The decoder writing one sequence: `generation` sees a step function.
class Writer {
 public:
  Writer(const BlipTextModel& decoder, const std::vector<KeyValue>& memory,
         std::vector<std::int64_t> prompt, const std::atomic<bool>* cancel, bool as_logits = false)
      : decoder_(decoder),
        memory_(memory),
        prompt_(std::move(prompt)),
        cancel_(cancel),
        as_logits_(as_logits) {}

  generation::StepFunction step_function() {
    return [this](const std::vector<std::int64_t>& rows, const std::vector<std::int64_t>& tokens) {
      check_cancelled(cancel_);
      if (!tokens.empty()) cache_.select(rows);
      const at::Tensor ids = tokens.empty() ? nn::id_tensor(prompt_).unsqueeze(0)
                                            : nn::id_tensor(tokens).unsqueeze(1);  // (S, T)
      const at::Tensor hidden = decoder_.step(ids, memory_, cache_).slice(1, -1);
      const at::Tensor logits = decoder_.logits(hidden).contiguous();  // (S, 1, V)
      nn::check_finite(logits, "decoder");
      if (as_logits_)
        return std::vector<float>(logits.data_ptr<float>(),
                                  logits.data_ptr<float>() + logits.numel());
      std::vector<float> out(static_cast<std::size_t>(logits.numel()));
      nn::kernels::mean_log_softmax(logits.data_ptr<float>(), 1, logits.size(0), logits.size(-1),
                                    -1, -1, out.data());
      return out;
    };
  }

 private:
  const BlipTextModel& decoder_;
  const std::vector<KeyValue>& memory_;
  std::vector<std::int64_t> prompt_;
  const std::atomic<bool>* cancel_;
  bool as_logits_;
  nn::KeyValueCache cache_;
};

}  // namespace

BlipNetworks::BlipNetworks(nn::ParameterSource& source, const BlipConfig& config) {
  // Packing hundreds of megabytes is most of a start: of stored weights on two threads.
  const bool together = source.concurrent();
  const auto make_encoders = [&] {
    const c10::InferenceMode inference(together);
    vision_model.emplace(source, "vision_model", config.vision);
    if (config.task != Task::kDescribe)
      text_encoder.emplace(source, "text_encoder", config.text, BlipTextModel::Head::kNone);
  };
  std::future<void> encoders =
      std::async(together ? std::launch::async : std::launch::deferred, make_encoders);
  if (config.task != Task::kMatch) {
    text_decoder.emplace(source, "text_decoder", config.text, BlipTextModel::Head::kLanguageModel);
  } else {
    vision_proj.emplace(source, "vision_proj", config.vision.hidden_size,
                        config.image_text_hidden_size);
    text_proj.emplace(source, "text_proj", config.text.hidden_size, config.image_text_hidden_size);
    itm_head.emplace(source, "itm_head", config.text.hidden_size, 2);
  }
  encoders.get();
}

BlipModel::BlipModel(const std::filesystem::path& directory)
    : config_(load_blip_config(directory)), tokenizer_(text::Tokenizer::load_published(directory)) {
  check(static_cast<std::int64_t>(tokenizer_.vocab_size()) <= config_.text.vocab_size,
        ErrorCode::kModelFormat, directory.string(), ": its vocabulary has ",
        tokenizer_.vocab_size(), " pieces, config.json says ", config_.text.vocab_size);
  const io::SafetensorsFile file = blip_weights(io::open_weights(directory), config_);
  weight_bytes_ = file.file_bytes();
  // Who stores int8 wants its speed, everywhere.
  nn::StoredParameters parameters(file, {{"", nn::kernels::Int8Compute::kInt8}});
  networks_.emplace(parameters, config_);
  parameters.check_all_used();
}

std::vector<Skill> BlipModel::skills() const {
  switch (config_.task) {
    case Task::kAnswer: return {Skill::kAnswer};
    case Task::kDescribe: return {Skill::kDescribe};
    case Task::kMatch: return {Skill::kMatch};
  }
  return {};
}

int BlipModel::max_question_tokens() const {
  return static_cast<int>(config_.text.max_position_embeddings);
}

void BlipModel::encode(const at::Tensor& pixel_values, Picture::Encoded& out) const {
  const at::Tensor embeds = networks_->vision_model->forward(pixel_values);  // (1, N + 1, D)
  nn::check_finite(embeds, "vision encoder");
  const BlipTextModel& reader =
      networks_->text_encoder ? *networks_->text_encoder : *networks_->text_decoder;
  out.image = reader.project(embeds);
  out.pooled = embeds[0][0].clone();  // the class token
  out.grid = {config_.vision.grid(), config_.vision.grid()};
}

std::vector<std::int64_t> BlipModel::ids_of(const std::string& text) const {
  check(!blank(text), ErrorCode::kUsage, "the text is empty; give some words");
  std::vector<std::int64_t> ids = tokenizer_.encode(text);
  check(static_cast<int>(ids.size()) <= max_question_tokens(), ErrorCode::kQuestionTooLong,
        "the text has ", ids.size(), " tokens and this model takes at most ", max_question_tokens(),
        "; give a shorter one");
  return ids;
}

std::string BlipModel::piece(std::int64_t id) const {
  const bool special = id >= static_cast<std::int64_t>(tokenizer_.vocab_size()) ||
                       id == tokenizer_.pad_id() || id == tokenizer_.cls_id() ||
                       id == tokenizer_.sep_id() || id == tokenizer_.mask_id() ||
                       id == tokenizer_.unk_id() || id == config_.text.bos_token_id;
  return special ? "" : tokenizer_.token(id);
}

std::string BlipModel::written(const std::vector<std::int64_t>& ids) const {
  std::vector<std::string> pieces;
  for (const std::int64_t id : ids)
    if (std::string one = piece(id); !one.empty()) pieces.push_back(std::move(one));
  return text::join_pieces(pieces);
}

generation::GenerationOptions BlipModel::search_options(const std::vector<std::int64_t>& prompt,
                                                        const DescribeOptions& options) const {
  generation::GenerationOptions out;
  out.max_new_tokens = most_tokens(options.max_new_tokens, prompt.size());
  out.end_token = config_.text.sep_token_id;
  out.length_penalty = options.length_penalty;
  out.prompt = prompt;
  apply_rules(options, 0, out);
  if (options.temperature == 0) {
    out.num_beams = std::max(options.num_beams, options.num);
    out.num_return = out.num_beams;
  }
  // What is greedy or sampled is penalised before it is normalised, beams afterwards.
  out.logits = out.repetition_penalty != 1 && out.num_beams == 1;
  if (options.min_words == 0 && options.max_words == 0) return out;
  WordLimitsOptions limits;
  limits.min_words = options.min_words;
  limits.max_words = options.max_words;
  for (std::int64_t id = 0; id < config_.text.vocab_size; ++id) limits.pieces.push_back(piece(id));
  for (const std::int64_t id : prompt)
    if (std::string one = piece(id); !one.empty()) limits.begun.push_back(std::move(one));
  limits.end_token = out.end_token;
  limits.max_new_tokens = out.max_new_tokens;
  out.restrict = word_limits(std::move(limits));
  return out;
}

std::int64_t BlipModel::most_tokens(int asked, std::size_t begun) const {
  const auto prompt = static_cast<std::int64_t>(begun);
  const std::int64_t room = config_.text.max_position_embeddings - prompt;
  check(room >= 1, ErrorCode::kQuestionTooLong, "the prompt of ", prompt,
        " tokens leaves no place for a text; give a shorter one");
  return std::min(room, asked > 0 ? std::int64_t{asked} : kReferenceTokens);
}

Answer BlipModel::answer(const Picture::Encoded& picture, const std::string& question,
                         const AnswerOptions& options) const {
  if (!networks_->text_encoder || !networks_->text_decoder)
    return ImportedModel::answer(picture, question, options);
  Stopwatch watch;
  const std::vector<std::int64_t> ids = ids_of(question);
  const at::Tensor embeds = networks_->text_encoder->forward(nn::id_tensor(ids).unsqueeze(0),
                                                             picture.image, false);  // (1, L, D)
  nn::check_finite(embeds, "text encoder");
  const BlipTextModel& decoder = *networks_->text_decoder;
  const std::vector<KeyValue> memory = decoder.project(embeds);
  Answer out;
  out.timing.text = watch.lap();
  if (!options.choices.empty()) {
    out.top_k = rank(memory, options);
  } else {
    generation::GenerationOptions search;
    search.num_beams = std::max(options.num_beams, options.top_k);
    search.num_return = search.num_beams;
    search.max_new_tokens = most_tokens(options.max_new_tokens, 1);
    search.end_token = config_.text.sep_token_id;
    Writer writer(decoder, memory, {config_.text.bos_token_id}, options.cancel);
    for (const auto& found : generation::reference_beam_search(writer.step_function(), search)) {
      std::string text = written(found.tokens);
      if (text.empty()) text = kAbstention;  // the end came first: nothing was said
      const bool known = std::any_of(out.top_k.begin(), out.top_k.end(),
                                     [&](const auto& other) { return other.answer == text; });
      if (!known) out.top_k.push_back({text, std::exp(found.log_probability)});
    }
  }
  if (out.top_k.size() > static_cast<std::size_t>(options.top_k))
    out.top_k.resize(static_cast<std::size_t>(options.top_k));
  out.confidence = out.top_k.front().probability;  // nothing is known of how often it is right
  out.abstained = out.confidence < std::max(0.0, options.min_confidence) ||
                  out.top_k.front().answer == kAbstention;
  out.text = out.abstained ? kAbstention : out.top_k.front().answer;
  out.timing.fusion = watch.lap();
  return out;
}

std::vector<ScoredAnswer> BlipModel::rank(const std::vector<KeyValue>& memory,
                                          const AnswerOptions& options) const {
  const BlipTextModel& decoder = *networks_->text_decoder;
  struct Choice {
    std::size_t place;
    std::vector<std::int64_t> ids;  // with the end
    double score = 0;
  };
  std::vector<Choice> choices;
  for (std::size_t i = 0; i < options.choices.size(); ++i) {
    Choice choice{i, ids_of(options.choices[i])};
    choice.ids.erase(choice.ids.begin());  // [CLS]: the decoder starts from its own token
    choices.push_back(std::move(choice));
  }
  if (choices.size() > kRankedWhole) {
    Writer writer(decoder, memory, {config_.text.bos_token_id}, options.cancel);
    const std::vector<float> first = writer.step_function()({}, {});
    for (Choice& choice : choices) choice.score = first[static_cast<std::size_t>(choice.ids[0])];
    std::stable_sort(choices.begin(), choices.end(),
                     [](const Choice& a, const Choice& b) { return a.score > b.score; });
    choices.resize(kRankedWhole);
  }
  // Those of one length lie in one tensor.
  std::stable_sort(choices.begin(), choices.end(),
                   [](const Choice& a, const Choice& b) { return a.ids.size() < b.ids.size(); });
  for (std::size_t begin = 0; begin < choices.size();) {
    check_cancelled(options.cancel);
    const std::size_t length = choices[begin].ids.size();
    std::size_t end = begin;
    std::vector<std::int64_t> inputs, targets;
    while (end < choices.size() && choices[end].ids.size() == length &&
           end - begin < static_cast<std::size_t>(kRankedTogether)) {
      const auto& ids = choices[end++].ids;
      inputs.push_back(config_.text.bos_token_id);
      inputs.insert(inputs.end(), ids.begin(), ids.end() - 1);
      targets.insert(targets.end(), ids.begin(), ids.end());
    }
    const auto rows = static_cast<std::int64_t>(end - begin);
    const auto width = static_cast<std::int64_t>(length);
    std::vector<KeyValue> shared;  // a long row's causal mask differs by token: one memory a row
    for (const KeyValue& layer : memory)
      shared.push_back(
          {layer.key.expand({rows, -1, -1, -1}), layer.value.expand({rows, -1, -1, -1})});
    const at::Tensor logits = decoder.logits(
        decoder.forward(nn::id_tensor(inputs).view({rows, width}), shared, true));  // (S, T, V)
    nn::check_finite(logits, "decoder");
    const at::Tensor said = at::log_softmax(logits, -1)
                                .gather(2, nn::id_tensor(targets).view({rows, width, 1}))
                                .sum(at::IntArrayRef{1, 2})
                                .contiguous();  // (S)
    for (std::int64_t row = 0; row < rows; ++row)
      choices[begin + static_cast<std::size_t>(row)].score = said.data_ptr<float>()[row];
    begin = end;
  }
  std::stable_sort(choices.begin(), choices.end(),
                   [](const Choice& a, const Choice& b) { return a.score > b.score; });
  double total = 0;
  for (const Choice& choice : choices) total += std::exp(choice.score - choices.front().score);
  std::vector<ScoredAnswer> out;
  for (const Choice& choice : choices)
    out.push_back(
        {options.choices[choice.place], std::exp(choice.score - choices.front().score) / total});
  return out;
}

std::vector<Description> BlipModel::describe(const Picture::Encoded& picture,
                                             const DescribeOptions& options) const {
  if (config_.task != Task::kDescribe) return ImportedModel::describe(picture, options);
  const BlipTextModel& decoder = *networks_->text_decoder;
  std::vector<std::int64_t> prompt{config_.text.bos_token_id};
  if (!blank(options.prompt)) {
    const std::vector<std::int64_t> ids = ids_of(options.prompt);
    prompt.insert(prompt.end(), ids.begin() + 1, ids.end() - 1);  // without [CLS] and [SEP]
  }
  const generation::GenerationOptions search = search_options(prompt, options);
  std::vector<generation::Hypothesis> found;
  if (options.temperature > 0) {
    for (int i = 0; i < options.num; ++i) {
      Writer writer(decoder, picture.image, prompt, options.cancel, search.logits);
      found.push_back(generation::sample(
          writer.step_function(), search,
          {options.temperature, options.top_k, options.top_p, options.seed + i}));
    }
  } else {
    Writer writer(decoder, picture.image, prompt, options.cancel, search.logits);
    found = generation::reference_beam_search(writer.step_function(), search);
  }
  std::vector<Description> out;
  std::set<std::string> seen;
  for (const auto& hypothesis : found) {
    std::vector<std::int64_t> ids(prompt.begin() + 1, prompt.end());
    ids.insert(ids.end(), hypothesis.tokens.begin(), hypothesis.tokens.end());
    const std::string text = written(ids);
    if (static_cast<int>(out.size()) == options.num ||
        !within_words(text, options.min_words, options.max_words) || !seen.insert(text).second)
      continue;
    Description one;
    one.text = one.guess = text;
    // Nothing is known of how often its words are right.
    one.confidence = one.probability =
        std::exp(hypothesis.log_probability / static_cast<double>(hypothesis.tokens.size() + 1));
    out.push_back(std::move(one));
  }
  check_kept(out, options);
  return out;
}

Match BlipModel::match(const Picture::Encoded& picture, const std::string& text) const {
  if (config_.task != Task::kMatch) return ImportedModel::match(picture, text);
  const at::Tensor ids = nn::id_tensor(ids_of(text)).unsqueeze(0);
  const at::Tensor both = networks_->text_encoder->forward(ids, picture.image, false);
  nn::check_finite(both, "text encoder");
  const at::Tensor logits = networks_->itm_head->forward(both[0][0]);  // (2)
  nn::check_finite(logits, "matching head");
  const at::Tensor scores = at::softmax(logits, -1);
  const std::vector<float> seen = embed(picture), said = embed(text);
  Match out;
  out.probability = scores[1].item<double>();  // class 1: they belong together
  for (std::size_t i = 0; i < seen.size(); ++i)
    out.cosine += static_cast<double>(seen[i]) * static_cast<double>(said[i]);
  return out;
}

std::vector<float> BlipModel::embed(const Picture::Encoded& picture) const {
  if (config_.task != Task::kMatch) return unit_vector(picture.pooled);
  return unit_vector(networks_->vision_proj->forward(picture.pooled));
}

std::vector<float> BlipModel::embed(const std::string& text) const {
  if (config_.task != Task::kMatch) return ImportedModel::embed(text);
  const at::Tensor alone =
      networks_->text_encoder->forward(nn::id_tensor(ids_of(text)).unsqueeze(0), {}, false);
  nn::check_finite(alone, "text encoder");
  return unit_vector(networks_->text_proj->forward(alone[0][0]));
}

}  // namespace beholder::engine
