#include "models/blip/blip_networks.hpp"

#include <c10/core/InferenceMode.h>

#include <cstring>
#include <future>
#include <map>
#include <set>

#include "core/check.hpp"
#include "io/model_weights.hpp"
#include "models/identity.hpp"

namespace beholder::models::blip {
namespace {

bool same_data(const io::TensorView& a, const io::TensorView& b) {
  return a.dtype == b.dtype && a.shape == b.shape &&
         (a.data == b.data || std::memcmp(a.data, b.data, a.bytes) == 0);
}

}  // namespace

BlipNetworks::BlipNetworks(nn::ParameterSource& source, const BlipConfig& config) {
  // Packing hundreds of megabytes is most of a start: of stored weights on two threads.
  const bool together = source.concurrent();
  const auto make_encoders = [&] {
    const c10::InferenceMode inference(together);
    vision_model.emplace(source, "vision_model", config.vision);
    if (config.task != BlipConfig::Task::kDescribe)
      text_encoder.emplace(source, "text_encoder", config.text, BlipTextModel::Head::kNone);
  };
  std::future<void> encoders =
      std::async(together ? std::launch::async : std::launch::deferred, make_encoders);
  if (config.task != BlipConfig::Task::kMatch) {
    text_decoder.emplace(source, "text_decoder", config.text, BlipTextModel::Head::kLanguageModel);
  } else {
    vision_proj.emplace(source, "vision_proj", config.vision.hidden_size,
                        config.image_text_hidden_size);
    text_proj.emplace(source, "text_proj", config.text.hidden_size, config.image_text_hidden_size);
    itm_head.emplace(source, "itm_head", config.text.hidden_size, 2);
  }
  encoders.get();
}

io::SafetensorsFile all_weights(const std::filesystem::path& directory) {
  return blip_weights(io::open_weights(directory), load_blip_config(directory));
}

void verify_weights(const std::filesystem::path& directory, WeightReport& out) {
  out.family = identity_of(directory).architectures.at(0);
  compare_weights(
      all_weights(directory),
      [&](nn::ParameterSource& source) { BlipNetworks(source, load_blip_config(directory)); }, out);
}

io::SafetensorsFile blip_weights(const io::SafetensorsFile& file, const BlipConfig& config) {
  std::set<std::string> dropped;
  for (const char* part : {"text_encoder", "text_decoder.bert"})
    dropped.insert(std::string(part) + ".embeddings.position_ids");  // 0, 1, 2, …
  std::map<std::string, std::string> names;
  if (config.task != BlipConfig::Task::kMatch) {
    // Tied tensors are stored once, under either name, or twice.
    const std::string predictions = "text_decoder.cls.predictions.";
    const std::string words = "text_decoder.bert.embeddings.word_embeddings.weight";
    for (const auto& [copy, name] : {std::pair{predictions + "decoder.weight", words},
                                     {predictions + "decoder.bias", predictions + "bias"}}) {
      if (!file.contains(name)) {
        names[copy] = name;
        continue;
      }
      if (file.contains(copy))
        check(same_data(file.at(copy), file.at(name)), ErrorCode::kUnsupported,
              file.path().string(), ": '", copy, "' and '", name,
              "' differ, and this version runs only models that share them; save the model again "
              "with tie_word_embeddings");
      dropped.insert(copy);
    }
  }
  return file.renamed(names, dropped);
}

}  // namespace beholder::models::blip
