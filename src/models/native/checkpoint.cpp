#include "models/native/checkpoint.hpp"

#include <c10/core/InferenceMode.h>

#include "core/check.hpp"
#include "io/model_folder.hpp"
#include "io/model_weights.hpp"
#include "scene/scene_evidence.hpp"

namespace beholder::models::native {
namespace fs = std::filesystem;

namespace {

const char kVisionName[] = "vision_encoder";

/// The vision encoder of stored parameters, made on a thread of its own: packing takes as long as
/// for all the rest. Other sources get no future: fresh parameters must be drawn in a fixed order,
/// or one seed gives different weights.
std::future<std::unique_ptr<vision::VisionEncoder>> begin_vision(nn::ParameterSource& source,
                                                                 const ModelConfig& config) {
  if (!source.concurrent()) return {};
  return std::async(std::launch::async, [&source, &config] {
    const c10::InferenceMode inference;
    return vision::make_vision_encoder(source, kVisionName, config.vision);
  });
}

void load_reasoner_words(const fs::path& directory, Checkpoint& model) {
  auto vocabulary = text::OutputVocabulary::load(directory / "reasoner_vocab.txt");
  check(vocabulary.size() == model.config.reasoner->vocab_size, ErrorCode::kModelFormat,
        directory.string(), ": reasoner_vocab.txt has ", vocabulary.size(),
        " tokens, config.json says ", model.config.reasoner->vocab_size);
  std::vector<std::string> words;
  for (std::int64_t id = 0; id < vocabulary.size(); ++id) words.push_back(vocabulary.token(id));
  model.grammar.emplace(words,
                        static_cast<std::size_t>(model.config.reasoner->max_program_tokens - 1));
  model.reasoner_vocabulary = std::move(vocabulary);
}

/// What training pictures and questions looked like, and the gate; a model may lack them.
void load_familiarity(const fs::path& directory, const io::SafetensorsFile& file,
                      nn::StoredParameters& parameters, Checkpoint& model) {
  const auto optional = [&](const std::string& name, std::vector<std::int64_t> shape) {
    if (!file.contains(name)) return at::Tensor();
    shape[0] = shape[0] == 0 ? file.at(name).shape.at(0) : shape[0];
    return parameters.tensor(name, shape, nn::Init::kZeros);
  };
  const std::int64_t cell = model.networks.vision->cell_size();
  model.picture_mean = optional("familiarity.picture_mean", {cell});
  model.picture_centroids = optional("familiarity.picture_centroids", {0, cell});
  model.question_centroids =
      optional("familiarity.question_centroids", {0, model.config.text.hidden_size});
  model.scene_centroids = optional("familiarity.scene_centroids", {0, cell});
  check(!model.scene_centroids.defined() || model.picture_centroids.defined(),
        ErrorCode::kModelFormat, directory.string(),
        ": has familiarity.scene_centroids without familiarity.picture_centroids");
  const auto of_gate = [&](const char* name) { return concat(scene::kGroundGateName, ".", name); };
  constexpr auto kEvidence = static_cast<std::int64_t>(scene::kSceneEvidence) + 1;
  model.ground_gate = {optional(of_gate("weight"), {scene::kPictureKinds, cell}),
                       optional(of_gate("bias"), {scene::kPictureKinds}),
                       optional(of_gate("evidence_weight"), {2, kEvidence}),
                       optional(of_gate("evidence_bias"), {2})};
  const scene::GroundGate& gate = model.ground_gate;
  check(gate.weight.defined() == gate.bias.defined() &&
            gate.weight.defined() == gate.evidence_weight.defined() &&
            gate.weight.defined() == gate.evidence_bias.defined(),
        ErrorCode::kModelFormat, directory.string(),
        ": has some of the tensors ground_gate.weight, bias, evidence_weight, evidence_bias, but ",
        "not all; fit the gate again (beholder calibrate --grounds)");
}

}  // namespace

Networks::Networks(nn::ParameterSource& source, const ModelConfig& config)
    : Networks(source, config, begin_vision(source, config)) {}

Networks::Networks(nn::ParameterSource& source, const ModelConfig& config,
                   std::future<std::unique_ptr<vision::VisionEncoder>> begun)
    : vision(begun.valid() ? nullptr
                           : vision::make_vision_encoder(source, kVisionName, config.vision)),
      text(source, "text_encoder", config.text),
      fusion(source, "fusion_decoder", config.fusion) {
  if (config.imagenet_head)
    imagenet_head.emplace(source, "imagenet_head", vision::EfficientNetStem::kStride32Channels,
                          1000);
  if (config.detector) detector.emplace(source, kDetectorName, *config.detector);
  if (config.reasoner) reasoner.emplace(source, "reasoner", *config.reasoner);
  if (begun.valid()) vision = begun.get();
}

io::SafetensorsFile all_weights(const fs::path& directory) {
  std::vector<io::SafetensorsFile> files = {io::open_weights(directory)};
  const ModelConfig config = load_model_config(directory);
  if (config.photo_objects)
    files.push_back(scene::PhotoObjects(directory, *config.photo_objects).file());
  if (config.answer_scorer) files.push_back(scene::AnswerScorer::open(directory));
  if (config.reading) {
    const scene::TextReader reader(directory, *config.reading);
    files.push_back(reader.detection_file());
    files.push_back(reader.recognition_file());
  }
  return files.size() == 1 ? files.front() : io::SafetensorsFile::joined(directory, files);
}

void verify_weights(const fs::path& directory, WeightReport& out) {
  out.family = kOwnModelType;
  const Checkpoint checkpoint = load_checkpoint(directory);
  if (checkpoint.photo_objects) checkpoint.photo_objects->load();
  if (checkpoint.answer_scorer) checkpoint.answer_scorer->load();
  if (checkpoint.reader) checkpoint.reader->load();
  const io::SafetensorsFile file = all_weights(directory);
  out.tensors = file.names().size();
  out.damage = find_damage(file, file.names());
}

Checkpoint load_checkpoint(const fs::path& directory, const LoadOptions& options) {
  io::check_model_folder(directory);
  ModelConfig config = load_model_config(directory);
  auto tokenizer = text::WordPieceTokenizer::load(directory);
  text::OutputVocabulary vocabulary = text::OutputVocabulary::load(directory / "output_vocab.txt");
  check(static_cast<std::int64_t>(tokenizer.vocab_size()) == config.text.vocab_size,
        ErrorCode::kModelFormat, directory.string(), ": vocab.txt has ", tokenizer.vocab_size(),
        " pieces, config.json says ", config.text.vocab_size);
  check(vocabulary.size() == config.fusion.vocab_size, ErrorCode::kModelFormat, directory.string(),
        ": output_vocab.txt has ", vocabulary.size(), " tokens, config.json says ",
        config.fusion.vocab_size);
  const io::SafetensorsFile file = io::open_weights(directory);
  // The decoder is where the time goes and what integers change least: of 849 answers on DAQUAR's
  // dev set none with 16 bits and 5 with 8; with the text encoder in 8 bits too 23, whose
  // activations have a few very large values.
  using nn::kernels::Int8Compute;
  nn::StoredParameters parameters(
      file, {{"fusion_decoder.", options.compute_int8 ? Int8Compute::kInt8 : Int8Compute::kInt16}});
  Networks networks(parameters, config);
  Checkpoint out(std::move(config), std::move(tokenizer), std::move(vocabulary),
                 std::move(networks));
  out.weight_bytes = file.file_bytes();
  if (out.config.reasoner) load_reasoner_words(directory, out);
  if (out.config.photo_objects) {
    out.photo_objects = std::make_unique<scene::PhotoObjects>(directory, *out.config.photo_objects);
    out.weight_bytes += out.photo_objects->file().file_bytes();
  }
  if (out.config.reading) {
    out.reader = std::make_unique<scene::TextReader>(directory, *out.config.reading);
    out.weight_bytes +=
        out.reader->detection_file().file_bytes() + out.reader->recognition_file().file_bytes();
  }
  if (out.config.names) {
    const fs::path path = directory / text::NameTree::kFileName;
    check(
        fs::exists(path), ErrorCode::kFileNotFound, path.string(),
        ": no such file; the model's config.json has names, which it holds: fetch the model again");
    out.names =
        std::make_unique<scene::NameAnswerer>(text::NameTree::load(path), *out.config.names);
  }
  if (out.config.answer_scorer) {
    out.answer_scorer = std::make_unique<scene::AnswerScorer>(directory, out.names->tree());
    out.weight_bytes += out.answer_scorer->file().file_bytes();
  }
  load_familiarity(directory, file, parameters, out);
  parameters.check_all_used();
  return out;
}

scene::Detectors Checkpoint::detectors(const vision::ImageProcessor& processor) const {
  return {*networks.vision, *networks.detector,  config.lexicon,
          ground_gate,      photo_objects.get(), processor};
}

scene::ReasoningParts Checkpoint::reasoning() const {
  return {tokenizer,
          networks.text,
          *networks.reasoner,
          *reasoner_vocabulary,
          *grammar,
          config.lexicon,
          config.calibration.program_slope,
          config.calibration.program_offset};
}

}  // namespace beholder::models::native
