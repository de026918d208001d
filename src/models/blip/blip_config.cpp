// Reading of a BLIP folder's configuration.
#include "core/check.hpp"
#include "io/config.hpp"
#include "io/json_text.hpp"
#include "models/blip/blip_networks.hpp"
#include "vision/preprocess/preprocessor_config.hpp"

namespace beholder::models::blip {
namespace {

constexpr std::int64_t kMostWidth = 65536, kMostLayers = 256;

BlipConfig::Task task_of(const io::Config& config) {
  const std::vector<std::string> names = config.strings("architectures");
  const std::string name = names.size() == 1 ? names.front() : "";
  if (name == "BlipForQuestionAnswering") return BlipConfig::Task::kAnswer;
  if (name == "BlipForConditionalGeneration") return BlipConfig::Task::kDescribe;
  if (name == "BlipForImageTextRetrieval") return BlipConfig::Task::kMatch;
  std::string shown;
  for (const std::string& one : names) shown += (shown.empty() ? "" : ", ") + io::in_quotes(one);
  fail(ErrorCode::kUnsupported, config.name(),
       ": key 'architectures': ", shown.empty() ? "an empty list" : shown,
       " does not run here; of this family BlipForQuestionAnswering, BlipForConditionalGeneration "
       "and BlipForImageTextRetrieval do, one at a time");
}

/// What the reference's processor does where the file says nothing; the statistics are OpenAI's
/// CLIP's.
vision::ImageProcessorConfig reference_processor(int image_size) {
  vision::ImageProcessorConfig out;
  out.resize = vision::ResizeRule::square(image_size);
  out.resample = vision::Resample::kPillowBicubic;
  out.image_mean = {0.48145466f, 0.4578275f, 0.40821073f};
  out.image_std = {0.26862954f, 0.26130258f, 0.27577711f};
  return out;
}

BlipVisionConfig read_vision(const io::Config& in) {
  BlipVisionConfig out;
  const auto size = [&](const char* key, std::int64_t& value, std::int64_t most) {
    value = in.integer_or(key, value, 1, most);
  };
  size("image_size", out.image_size, 8192);
  size("patch_size", out.patch_size, 1024);
  size("hidden_size", out.hidden_size, kMostWidth);
  size("num_attention_heads", out.num_attention_heads, kMostWidth);
  size("intermediate_size", out.intermediate_size, kMostWidth);
  size("num_hidden_layers", out.num_hidden_layers, kMostLayers);
  out.layer_norm_eps = in.number_or("layer_norm_eps", out.layer_norm_eps, 0, 1);
  in.string_or("hidden_act", "gelu", {"gelu"});
  return out;
}

BlipTextConfig read_text(const io::Config& in) {
  BlipTextConfig out;
  const auto size = [&](const char* key, std::int64_t& value, std::int64_t most,
                        std::int64_t least = 1) { value = in.integer_or(key, value, least, most); };
  size("vocab_size", out.vocab_size, 1 << 24);
  size("hidden_size", out.hidden_size, kMostWidth);
  size("num_attention_heads", out.num_attention_heads, kMostWidth);
  size("intermediate_size", out.intermediate_size, kMostWidth);
  size("num_hidden_layers", out.num_hidden_layers, kMostLayers);
  size("max_position_embeddings", out.max_position_embeddings, 1 << 20);
  size("bos_token_id", out.bos_token_id, out.vocab_size - 1, 0);
  size("sep_token_id", out.sep_token_id, out.vocab_size - 1, 0);
  size("pad_token_id", out.pad_token_id, out.vocab_size - 1, 0);
  out.layer_norm_eps = in.number_or("layer_norm_eps", out.layer_norm_eps, 0, 1);
  in.string_or("hidden_act", "gelu", {"gelu"});
  if (!in.boolean_or("is_decoder", true)) in.fail_at("is_decoder", "true");
  if (!in.boolean_or("tie_word_embeddings", true)) in.fail_at("tie_word_embeddings", "true");
  return out;
}

}  // namespace

BlipConfig load_blip_config(const std::filesystem::path& directory) {
  // Published configurations carry many keys that decide nothing here; those are not checked.
  const io::Config config = io::Config::load(directory / "config.json");
  BlipConfig out;
  out.task = task_of(config);
  if (config.has("vision_config")) out.vision = read_vision(config.object("vision_config"));
  if (config.has("text_config")) out.text = read_text(config.object("text_config"));
  if (!config.boolean_or("tie_word_embeddings", true))
    config.fail_at("tie_word_embeddings", "true");
  out.text.encoder_hidden_size = out.vision.hidden_size;  // as BlipConfig of the reference sets it
  out.image_text_hidden_size =
      config.integer_or("image_text_hidden_size", out.image_text_hidden_size, 1, kMostWidth);
  check(out.task != BlipConfig::Task::kAnswer || out.text.hidden_size == out.vision.hidden_size,
        ErrorCode::kModelFormat, config.name(), ": the decoder attends to the question, of width ",
        out.text.hidden_size, ", by keys of width ", out.vision.hidden_size,
        "; the two hidden sizes must be equal");
  out.image = vision::load_preprocessor_config(
      directory, reference_processor(static_cast<int>(out.vision.image_size)),
      out.vision.image_size);
  return out;
}

}  // namespace beholder::models::blip
