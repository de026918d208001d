#include "models/blip/blip_model.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include "core/cancel.hpp"
#include "core/check.hpp"
#include "core/stopwatch.hpp"
#include "core/text_lines.hpp"
#include "generation/caption_rules.hpp"
#include "generation/transformers_beam_search.hpp"
#include "generation/word_limits.hpp"
#include "io/model_weights.hpp"
#include "models/confidence.hpp"
#include "models/description_confidence.hpp"
#include "nn/finite.hpp"
#include "nn/kernels/log_softmax.hpp"
#include "nn/pooling.hpp"
#include "nn/shape.hpp"

namespace beholder::models::blip {
namespace {

using Task = BlipConfig::Task;
using nn::KeyValue;

// Of many candidates those with the likeliest first tokens are scored whole, as BLIP's own
// evaluation does (models/blip_vqa.py, rank_answer).
constexpr std::size_t kRankedWhole = 128;
constexpr std::int64_t kRankedTogether = 32;
constexpr int kReferenceTokens = 20;  // the reference's `generate` when nothing is asked

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

std::uint64_t BlipPicture::bytes() const {
  std::uint64_t floats = pooled.numel();
  for (const KeyValue& layer : image) floats += layer.key.numel() + layer.value.numel();
  return floats * sizeof(float) + sizeof(BlipPicture);
}

BlipModel::BlipModel(const std::filesystem::path& directory, const EngineOptions&)
    : Model(directory),
      config_(load_blip_config(directory)),
      processor_(config_.image),
      tokenizer_(text::WordPieceTokenizer::load_published(directory)) {
  check(static_cast<std::int64_t>(tokenizer_.vocab_size()) <= config_.text.vocab_size,
        ErrorCode::kModelFormat, directory.string(), ": its vocabulary has ",
        tokenizer_.vocab_size(), " pieces, config.json says ", config_.text.vocab_size);
  const io::SafetensorsFile file = blip_weights(io::open_weights(directory), config_);
  weight_bytes_ = file.file_bytes();
  // Weights stored in int8 are multiplied as int8 everywhere.
  nn::StoredParameters parameters(file, {{"", nn::kernels::Int8Compute::kInt8}});
  networks_.emplace(parameters, config_);
  parameters.check_all_used();
}

ModelInfo BlipModel::info() const {
  ModelInfo out;
  out.published = true;
  out.color_management = false;  // the reference leaves colour profiles out of account
  out.parameter_bytes = weight_bytes_;
  out.max_question_tokens = max_text_tokens();
  out.answer_search = out.describe_search = {1, kReferenceTokens, 1};
  out.skills = {config_.task == Task::kAnswer     ? Skill::kAnswer
                : config_.task == Task::kDescribe ? Skill::kDescribe
                                                  : Skill::kMatch};
  return out;
}

std::unique_ptr<PreparedPixels> BlipModel::prepare(const vision::Image& image, int width,
                                                   int height) const {
  const c10::InferenceMode inference;
  auto out = std::make_unique<BlipPixels>(*this, width, height);
  const vision::ProcessedImage processed = processor_.process(image);
  out->pixel_values = at::empty({1, 3, processed.height, processed.width});
  std::copy(processed.pixel_values.begin(), processed.pixel_values.end(),
            out->pixel_values.data_ptr<float>());
  return out;
}

std::shared_ptr<const EncodedPicture> BlipModel::encode(const PreparedPixels& prepared) const {
  const auto& pixels = own<BlipPixels>(prepared);
  const at::Tensor embeds = networks_->vision_model->forward(pixels.pixel_values);  // (1, N + 1, D)
  nn::check_finite(embeds, "vision encoder");
  const BlipTextModel& reader =
      networks_->text_encoder ? *networks_->text_encoder : *networks_->text_decoder;
  auto out = std::make_shared<BlipPicture>(*this, pixels.width, pixels.height);
  out->image = reader.project(embeds);
  out->pooled = embeds[0][0].clone();
  return out;
}

std::vector<std::int64_t> BlipModel::ids_of(const std::string& text) const {
  check(!blank(text), ErrorCode::kUsage, "the text is empty; give some words");
  std::vector<std::int64_t> ids = tokenizer_.encode(text);
  check(static_cast<int>(ids.size()) <= max_text_tokens(), ErrorCode::kQuestionTooLong,
        "the text has ", ids.size(), " tokens and this model takes at most ", max_text_tokens(),
        "; give a shorter one");
  return ids;
}

std::string BlipModel::piece(std::int64_t id) const {
  return tokenizer_.is_special(id) || id == config_.text.bos_token_id ? "" : tokenizer_.token(id);
}

std::string BlipModel::written(const std::vector<std::int64_t>& ids) const {
  std::vector<std::int64_t> said;
  std::copy_if(ids.begin(), ids.end(), std::back_inserter(said),
               [&](std::int64_t id) { return id != config_.text.bos_token_id; });
  return tokenizer_.decode(said);
}

generation::GenerationOptions BlipModel::search_options(const std::vector<std::int64_t>& prompt,
                                                        const DescribeOptions& options) const {
  generation::GenerationOptions out;
  out.max_new_tokens = most_tokens(options.max_new_tokens, prompt.size());
  out.end_token = config_.text.sep_token_id;
  out.length_penalty = options.length_penalty;
  out.prompt = prompt;
  generation::apply_rules(options, 0, out);
  if (options.temperature == 0) {
    out.num_beams = std::max(options.num_beams, options.num);
    out.num_return = out.num_beams;
  }
  // What is greedy or sampled is penalised before it is normalised, beams afterwards.
  out.logits = out.repetition_penalty != 1 && out.num_beams == 1;
  generation::limit_words(
      options, config_.text.vocab_size, [&](std::int64_t id) { return piece(id); }, out);
  return out;
}

std::int64_t BlipModel::most_tokens(int asked, std::size_t begun) const {
  const auto prompt = static_cast<std::int64_t>(begun);
  const std::int64_t room = config_.text.max_position_embeddings - prompt;
  check(room >= 1, ErrorCode::kQuestionTooLong, "the prompt of ", prompt,
        " tokens leaves no place for a text; give a shorter one");
  return std::min(room, std::int64_t{asked > 0 ? asked : kReferenceTokens});
}

std::vector<Answer> BlipModel::answer(const std::vector<Request>& requests,
                                      const AnswerOptions& options) const {
  if (config_.task != Task::kAnswer) return Model::answer(requests, options);
  std::vector<Answer> out;
  for (const Request& request : requests) {
    check(request.picture != nullptr, ErrorCode::kUsage,
          "this model answers from a picture; give one");
    out.push_back(answer_one(own<BlipPicture>(*request.picture), request.question, options));
  }
  return out;
}

Answer BlipModel::answer_one(const BlipPicture& picture, const std::string& question,
                             const AnswerOptions& options) const {
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
    for (const auto& found : generation::transformers_beam_search(writer.step_function(), search)) {
      std::string text = written(found.tokens);
      if (text.empty()) text = kAbstention;  // the end came first: nothing was said
      const bool known = std::any_of(out.top_k.begin(), out.top_k.end(),
                                     [&](const auto& other) { return other.answer == text; });
      if (!known) out.top_k.push_back({text, std::exp(found.log_probability)});
    }
  }
  out.confidence = out.top_k.front().probability;  // nothing is known of how often it is right
  conclude(out, options.top_k,
           out.confidence < std::max(0.0, options.min_confidence) ||
               out.top_k.front().answer == kAbstention);
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

std::vector<Descriptions> BlipModel::describe(const std::vector<const EncodedPicture*>& pictures,
                                              const DescribeOptions& options) const {
  if (config_.task != Task::kDescribe) return Model::describe(pictures, options);
  check(!options.on_text, ErrorCode::kUnsupported, directory().string(),
        ": published models hand out whole descriptions alone; leave on_text empty");
  std::vector<std::int64_t> prompt{config_.text.bos_token_id};
  if (!blank(options.prompt)) {
    const std::vector<std::int64_t> ids = ids_of(options.prompt);
    prompt.insert(prompt.end(), ids.begin() + 1, ids.end() - 1);  // without [CLS] and [SEP]
  }
  const generation::GenerationOptions search = search_options(prompt, options);
  std::vector<Descriptions> out;
  Stopwatch watch;
  for (const EncodedPicture* picture : pictures) {
    Descriptions one{describe_one(own<BlipPicture>(*picture), options, search), {}};
    withhold(one.list, std::max(0.0, options.min_confidence), true);
    one.timing.fusion = watch.lap();
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<Description> BlipModel::describe_one(
    const BlipPicture& picture, const DescribeOptions& options,
    const generation::GenerationOptions& search) const {
  const BlipTextModel& decoder = *networks_->text_decoder;
  const std::vector<std::int64_t>& prompt = search.prompt;
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
    found = generation::transformers_beam_search(writer.step_function(), search);
  }
  std::vector<Description> out;
  std::set<std::string> seen;
  for (const auto& hypothesis : found) {
    std::vector<std::int64_t> ids(prompt.begin() + 1, prompt.end());
    ids.insert(ids.end(), hypothesis.tokens.begin(), hypothesis.tokens.end());
    const std::string text = written(ids);
    if (static_cast<int>(out.size()) == options.num ||
        !generation::within_words(text, options.min_words, options.max_words) ||
        !seen.insert(text).second)
      continue;
    out.push_back(plain_description(text, hypothesis));
  }
  generation::check_kept(out, options);
  return out;
}

Match BlipModel::match(const EncodedPicture& encoded, const std::string& text) const {
  if (config_.task != Task::kMatch) return Model::match(encoded, text);
  const auto& picture = own<BlipPicture>(encoded);
  const at::Tensor ids = nn::id_tensor(ids_of(text)).unsqueeze(0);
  const at::Tensor both = networks_->text_encoder->forward(ids, picture.image, false);
  nn::check_finite(both, "text encoder");
  const at::Tensor logits = networks_->itm_head->forward(both[0][0]);  // (2)
  nn::check_finite(logits, "matching head");
  const at::Tensor scores = at::softmax(logits, -1);
  const std::vector<float> seen = embed(encoded), said = embed(text);
  Match out;
  out.probability = scores[1].item<double>();  // class 1: they belong together
  for (std::size_t i = 0; i < seen.size(); ++i)
    out.cosine += static_cast<double>(seen[i]) * static_cast<double>(said[i]);
  return out;
}

std::vector<float> BlipModel::embed(const EncodedPicture& encoded) const {
  const auto& picture = own<BlipPicture>(encoded);
  if (config_.task != Task::kMatch) return nn::unit_vector(picture.pooled);
  return nn::unit_vector(networks_->vision_proj->forward(picture.pooled));
}

std::vector<float> BlipModel::embed(const std::string& text) const {
  if (config_.task != Task::kMatch) return Model::embed(text);
  const at::Tensor alone =
      networks_->text_encoder->forward(nn::id_tensor(ids_of(text)).unsqueeze(0), {}, false);
  nn::check_finite(alone, "text encoder");
  return nn::unit_vector(networks_->text_proj->forward(alone[0][0]));
}

}  // namespace beholder::models::blip
