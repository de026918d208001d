#include "models/native/config.hpp"

#include <nlohmann/json.hpp>

#include "core/check.hpp"
#include "core/file.hpp"

namespace beholder::models::native {
namespace {

// Bounds keep a hostile file from asking for memory that no real model needs.
constexpr std::int64_t kMaxWidth = 1 << 14, kMaxLayers = 256, kMaxVocabulary = 1 << 20;

vision::VisionConfig read_vision(const io::Config& in) {
  vision::VisionConfig out;
  out.kind = in.string("kind", {"hybrid", "patch"});
  out.image_size = in.integer("image_size", 8, 4096);
  out.patch_size = in.integer("patch_size", 1, 1024);
  out.hidden_size = in.integer("hidden_size", 1, kMaxWidth);
  out.num_attention_heads = in.integer("num_attention_heads", 1, kMaxWidth);
  out.intermediate_size = in.integer("intermediate_size", 1, 4 * kMaxWidth);
  out.num_hidden_layers = in.integer("num_hidden_layers", 0, kMaxLayers);
  out.layer_norm_eps = in.number("layer_norm_eps", 0, 1);
  out.max_cells = in.integer_or("max_cells", 0, 0, 1 << 14);
  return out;
}

text::TextConfig read_text(const io::Config& in) {
  text::TextConfig out;
  out.vocab_size = in.integer("vocab_size", 1, kMaxVocabulary);
  out.hidden_size = in.integer("hidden_size", 1, kMaxWidth);
  out.num_attention_heads = in.integer("num_attention_heads", 1, kMaxWidth);
  out.intermediate_size = in.integer("intermediate_size", 1, 4 * kMaxWidth);
  out.num_hidden_layers = in.integer("num_hidden_layers", 0, kMaxLayers);
  out.max_position_embeddings = in.integer("max_position_embeddings", 1, kMaxVocabulary);
  out.type_vocab_size = in.integer("type_vocab_size", 1, 16);
  out.layer_norm_eps = in.number("layer_norm_eps", 0, 1);
  return out;
}

fusion::FusionConfig read_fusion(const io::Config& in) {
  fusion::FusionConfig out;
  out.vocab_size = in.integer("vocab_size", 4, kMaxVocabulary);
  out.hidden_size = in.integer("hidden_size", 1, kMaxWidth);
  out.num_attention_heads = in.integer("num_attention_heads", 1, kMaxWidth);
  out.intermediate_size = in.integer("intermediate_size", 1, 4 * kMaxWidth);
  out.num_hidden_layers = in.integer("num_hidden_layers", 1, kMaxLayers);
  out.max_position_embeddings = in.integer("max_position_embeddings", 2, 4096);
  out.layer_norm_eps = in.number("layer_norm_eps", 0, 1);
  return out;
}

vision::ImageProcessorConfig read_image(const io::Config& in, std::int64_t size) {
  vision::ImageProcessorConfig out;
  out.resize = vision::ResizeRule::square(static_cast<int>(size));
  const std::string resample = in.string("resample", {"area", "pillow_bicubic", "pillow_bilinear"});
  out.resample = resample == "area"             ? vision::Resample::kArea
                 : resample == "pillow_bicubic" ? vision::Resample::kPillowBicubic
                                                : vision::Resample::kPillowBilinear;
  const std::vector<double> mean = in.numbers("mean", 3), std = in.numbers("std", 3);
  for (int i = 0; i < 3; ++i) {
    if (std[i] <= 0) in.fail_at("std", "three numbers above 0");
    out.image_mean[i] = static_cast<float>(mean[i]);
    out.image_std[i] = static_cast<float>(std[i]);
  }
  return out;
}

program::Lexicon read_lexicon(const std::vector<io::Config>& in) {
  program::Lexicon out;
  for (const io::Config& attribute : in) {
    out.push_back({attribute.string("name"), attribute.strings("values")});
    if (out.back().values.empty()) attribute.fail_at("values", "at least one word");
  }
  return out;
}

vision::DetectorConfig read_detector(const io::Config& in) {
  vision::DetectorConfig out;
  out.width = in.integer("width", 1, kMaxWidth);
  out.image_size = in.integer("image_size", 32, 4096);
  if (out.image_size % 32 != 0) in.fail_at("image_size", "a multiple of 32");
  out.slope = in.number_or("slope", 1, 1e-6, 1e6);
  out.offset = in.number_or("offset", 0, -1e6, 1e6);
  out.min_confidence = in.number("min_confidence", 0, 1);
  out.photo_min_confidence = in.number_or("photo_min_confidence", out.min_confidence, 0, 1);
  return out;
}

scene::PhotoObjectsConfig read_photo_objects(const io::Config& in,
                                             const program::Lexicon& lexicon) {
  scene::PhotoObjectsConfig out;
  out.names = in.strings("names");
  const std::vector<std::string>& shapes = lexicon[0].values;
  for (const std::string& name : out.names)
    if (std::find(shapes.begin(), shapes.end(), name) == shapes.end())
      in.fail_at("names", "values of the lexicon's first attribute");
  if (out.names.empty()) in.fail_at("names", "at least one word");
  out.min_confidence = in.number("min_confidence", 0, 1);
  const auto calibration = [&](const char* of, std::size_t looks) {
    const io::Config its = in.object(of);
    return scene::PhotoObjectsConfig::Calibration{its.numbers("slopes", looks),
                                                  its.number("offset", -1e6, 1e6)};
  };
  out.small = calibration("small", scene::PhotoObjects::kSmallLooks);
  out.large = calibration("large", scene::PhotoObjects::kLargeLooks);
  return out;
}

/// Where each fit of `scene::NamesConfig` is, and how much evidence it takes.
struct NamesFit {
  const char* key;
  scene::NamesConfig::Fit scene::NamesConfig::*fit;
  std::size_t evidence;
};
const NamesFit kNamesFits[] = {
    {"class_right", &scene::NamesConfig::class_right, scene::NamesConfig::kClassEvidence},
    {"kind_right", &scene::NamesConfig::kind_right, scene::NamesConfig::kKindEvidence},
    {"object_right", &scene::NamesConfig::object_right, scene::NamesConfig::kObjectEvidence},
    {"which_right", &scene::NamesConfig::which_right, scene::NamesConfig::kWhichEvidence},
    {"present_alone", &scene::NamesConfig::present_alone, scene::NamesConfig::kAloneEvidence},
    {"present_seen", &scene::NamesConfig::present_seen, scene::NamesConfig::kSeenEvidence},
    {"present_both", &scene::NamesConfig::present_both, scene::NamesConfig::kBothEvidence}};

scene::NamesConfig read_names(const io::Config& in) {
  scene::NamesConfig out;
  out.temperature = in.number("temperature", 0.01, 100);
  out.min_confidence = in.number("min_confidence", 0, 1);
  for (const NamesFit& one : kNamesFits) {
    const io::Config fit = in.object(one.key);
    out.*one.fit = {fit.numbers("slopes", one.evidence), fit.number("offset", -1e6, 1e6)};
  }
  return out;
}

fusion::ReasonerConfig read_reasoner(const io::Config& in) {
  fusion::ReasonerConfig out;
  out.vocab_size = in.integer("vocab_size", 4, kMaxVocabulary);
  out.hidden_size = in.integer("hidden_size", 1, kMaxWidth);
  out.num_attention_heads = in.integer("num_attention_heads", 1, kMaxWidth);
  out.intermediate_size = in.integer("intermediate_size", 1, 4 * kMaxWidth);
  out.num_encoder_layers = in.integer("num_encoder_layers", 1, kMaxLayers);
  out.num_decoder_layers = in.integer("num_decoder_layers", 1, kMaxLayers);
  out.max_question_tokens = in.integer("max_question_tokens", 3, 4096);
  out.max_program_tokens = in.integer("max_program_tokens", 4, 4095);
  out.ranks = in.boolean_or("ranks", false);
  out.known_words = in.strings_or("known_words", {});
  std::sort(out.known_words.begin(), out.known_words.end());
  out.layer_norm_eps = in.number("layer_norm_eps", 0, 1);
  return out;
}

scene::ReadingConfig read_reading(const io::Config& in) {
  scene::ReadingConfig out;
  out.min_confidence = in.number("min_confidence", 0, 1);
  out.min_side = static_cast<int>(in.integer("min_side", 32, scene::TextReader::kMostSide));
  return out;
}

CalibrationConfig read_calibration(const io::Config& in) {
  CalibrationConfig out;
  out.slope = in.number("slope", 1e-6, 1e6);
  out.offset = in.number("offset", -1e6, 1e6);
  out.yes_no_slope = in.number_or("yes_no_slope", out.slope, 1e-6, 1e6);
  out.yes_no_offset = in.number_or("yes_no_offset", out.offset, -1e6, 1e6);
  out.number_slope = in.number_or("number_slope", out.slope, 1e-6, 1e6);
  out.number_offset = in.number_or("number_offset", out.offset, -1e6, 1e6);
  out.min_confidence = in.number("min_confidence", 0, 1);
  out.yes_no_min_confidence = in.number_or("yes_no_min_confidence", out.min_confidence, 0, 1);
  out.number_min_confidence = in.number_or("number_min_confidence", out.min_confidence, 0, 1);
  out.program_slope = in.number_or("program_slope", 1, 1e-6, 1e6);
  out.program_offset = in.number_or("program_offset", 0, -1e6, 1e6);
  out.max_picture_distance = in.number("max_picture_distance", 0, 1e9);
  out.max_question_distance = in.number("max_question_distance", 0, 2);
  return out;
}

WordModel read_word_model(const io::Config& in) {
  WordModel out;
  const std::vector<double> weights = in.numbers("weights", kWordFeatures);
  std::copy(weights.begin(), weights.end(), out.weights.begin());
  out.offset = in.number("offset", -1e6, 1e6);
  return out;
}

DescriptionCalibration read_description_calibration(const io::Config& in) {
  DescriptionCalibration out;
  out.search = read_word_model(in.object("search"));
  out.alone = read_word_model(in.object("alone"));
  out.min_confidence = in.number("min_confidence", 0, 1);
  return out;
}

const char* resample_name(vision::Resample resample) {
  switch (resample) {
    case vision::Resample::kArea: return "area";
    case vision::Resample::kPillowBicubic: return "pillow_bicubic";
    case vision::Resample::kPillowBilinear: return "pillow_bilinear";
    case vision::Resample::kPillowNearest:
    case vision::Resample::kPillowLanczos: break;  // read_image makes neither
  }
  fail(ErrorCode::kInternal, "no resample of this format");
}

using OrderedJson = nlohmann::ordered_json;

/// What the networks are built from, and how pictures are prepared for them.
void write_networks(const ModelConfig& config, OrderedJson& out) {
  const auto& v = config.vision;
  const auto& t = config.text;
  const auto& f = config.fusion;
  const auto& i = config.image;
  // Through the shortest text that names the same float, so that 0.498 stays 0.498.
  const auto three = [](const auto& values) {
    OrderedJson array = OrderedJson::array();
    for (int k = 0; k < 3; ++k) array.push_back(std::stod(concat(values[k])));
    return array;
  };
  out["vision"] = {{"kind", v.kind},
                   {"image_size", v.image_size},
                   {"patch_size", v.patch_size},
                   {"hidden_size", v.hidden_size},
                   {"num_attention_heads", v.num_attention_heads},
                   {"intermediate_size", v.intermediate_size},
                   {"num_hidden_layers", v.num_hidden_layers},
                   {"layer_norm_eps", v.layer_norm_eps},
                   {"max_cells", v.max_cells}};
  out["image"] = {{"resample", resample_name(i.resample)},
                  {"mean", three(i.image_mean)},
                  {"std", three(i.image_std)}};
  out["text"] = {{"vocab_size", t.vocab_size},
                 {"hidden_size", t.hidden_size},
                 {"num_attention_heads", t.num_attention_heads},
                 {"intermediate_size", t.intermediate_size},
                 {"num_hidden_layers", t.num_hidden_layers},
                 {"max_position_embeddings", t.max_position_embeddings},
                 {"type_vocab_size", t.type_vocab_size},
                 {"layer_norm_eps", t.layer_norm_eps}};
  out["fusion"] = {{"vocab_size", f.vocab_size},
                   {"hidden_size", f.hidden_size},
                   {"num_attention_heads", f.num_attention_heads},
                   {"intermediate_size", f.intermediate_size},
                   {"num_hidden_layers", f.num_hidden_layers},
                   {"max_position_embeddings", f.max_position_embeddings},
                   {"layer_norm_eps", f.layer_norm_eps}};
}

void write_calibration(const ModelConfig& config, OrderedJson& out) {
  const auto& c = config.calibration;
  out["calibration"] = {{"slope", c.slope},
                        {"offset", c.offset},
                        {"yes_no_slope", c.yes_no_slope},
                        {"yes_no_offset", c.yes_no_offset},
                        {"number_slope", c.number_slope},
                        {"number_offset", c.number_offset},
                        {"min_confidence", c.min_confidence},
                        {"yes_no_min_confidence", c.yes_no_min_confidence},
                        {"number_min_confidence", c.number_min_confidence},
                        {"program_slope", c.program_slope},
                        {"program_offset", c.program_offset},
                        {"max_picture_distance", c.max_picture_distance},
                        {"max_question_distance", c.max_question_distance}};
  if (const auto& d = config.description_calibration) {
    const auto word_model = [](const WordModel& one) {
      return OrderedJson{{"weights", one.weights}, {"offset", one.offset}};
    };
    out["description_calibration"] = {{"search", word_model(d->search)},
                                      {"alone", word_model(d->alone)},
                                      {"min_confidence", d->min_confidence}};
  }
}

/// What not every model has.
void write_parts(const ModelConfig& config, OrderedJson& out) {
  for (const program::Attribute& attribute : config.lexicon)
    out["lexicon"].push_back({{"name", attribute.name}, {"values", attribute.values}});
  if (const auto& d = config.detector)
    out["detector"] = {{"width", d->width},
                       {"image_size", d->image_size},
                       {"min_confidence", d->min_confidence},
                       {"photo_min_confidence", d->photo_min_confidence},
                       {"slope", d->slope},
                       {"offset", d->offset}};
  if (const auto& p = config.photo_objects)
    out["photo_objects"] = {{"names", p->names},
                            {"min_confidence", p->min_confidence},
                            {"small", {{"slopes", p->small.slopes}, {"offset", p->small.offset}}},
                            {"large", {{"slopes", p->large.slopes}, {"offset", p->large.offset}}}};
  if (const auto& n = config.names) {
    out["names"] = {{"temperature", n->temperature}, {"min_confidence", n->min_confidence}};
    for (const NamesFit& one : kNamesFits) {
      const scene::NamesConfig::Fit& fit = (*n).*one.fit;
      out["names"][one.key] = {{"slopes", fit.slopes}, {"offset", fit.offset}};
    }
  }
  if (config.answer_scorer) out["answer_scorer"] = true;
  if (const auto& r = config.reading)
    out["reading"] = {{"min_confidence", r->min_confidence}, {"min_side", r->min_side}};
  if (const auto& r = config.reasoner)
    out["reasoner"] = {{"vocab_size", r->vocab_size},
                       {"hidden_size", r->hidden_size},
                       {"num_attention_heads", r->num_attention_heads},
                       {"intermediate_size", r->intermediate_size},
                       {"num_encoder_layers", r->num_encoder_layers},
                       {"num_decoder_layers", r->num_decoder_layers},
                       {"max_question_tokens", r->max_question_tokens},
                       {"max_program_tokens", r->max_program_tokens},
                       {"ranks", r->ranks},
                       {"known_words", r->known_words},
                       {"layer_norm_eps", r->layer_norm_eps}};
}

}  // namespace

ModelConfig read_model_config(const io::Config& config) {
  config.integer("format_version", ModelConfig::kFormatVersion, ModelConfig::kFormatVersion);
  config.string("model_type", {kOwnModelType});
  ModelConfig out;
  out.vision = read_vision(config.object("vision"));
  out.image = read_image(config.object("image"), out.vision.image_size);
  out.text = read_text(config.object("text"));
  out.fusion = read_fusion(config.object("fusion"));
  out.fusion.image_size = out.vision.hidden_size;
  out.fusion.question_size = out.text.hidden_size;
  out.max_question_tokens =
      config.integer("max_question_tokens", 3, out.text.max_position_embeddings);
  out.imagenet_head = config.boolean_or("imagenet_head", false);
  if (config.has("calibration")) out.calibration = read_calibration(config.object("calibration"));
  if (config.has("description_calibration"))
    out.description_calibration =
        read_description_calibration(config.object("description_calibration"));
  if (config.has("lexicon")) out.lexicon = read_lexicon(config.objects("lexicon"));
  if (config.has("detector")) out.detector = read_detector(config.object("detector"));
  if (config.has("reasoner")) out.reasoner = read_reasoner(config.object("reasoner"));
  if ((out.detector || out.reasoner) && out.lexicon.empty())
    config.fail_at("lexicon", "the words of the detector and the reasoner");
  if (config.has("photo_objects")) {
    if (!out.detector) config.fail_at("photo_objects", "a detector beside it");
    out.photo_objects = read_photo_objects(config.object("photo_objects"), out.lexicon);
  }
  if (config.has("names")) {
    if (!out.photo_objects || !out.imagenet_head)
      config.fail_at("names", "imagenet_head and photo_objects beside it");
    out.names = read_names(config.object("names"));
  }
  out.answer_scorer = config.boolean_or("answer_scorer", false);
  if (out.answer_scorer && !out.names) config.fail_at("answer_scorer", "names beside it");
  if (config.has("reading")) out.reading = read_reading(config.object("reading"));
  if (out.detector)
    for (const program::Attribute& attribute : out.lexicon)
      out.detector->attribute_sizes.push_back(static_cast<std::int64_t>(attribute.values.size()));
  if (out.reasoner) {
    out.reasoner->word_size = out.text.hidden_size;
    out.reasoner->object_size = static_cast<std::int64_t>(
        out.reasoner->ranks ? program::feature_count(out.lexicon)
                            : program::feature_count_without_ranks(out.lexicon));
  }
  config.check_all_used();
  return out;
}

ModelConfig load_model_config(const std::filesystem::path& directory) {
  return read_model_config(io::Config::load(directory / "config.json"));
}

std::string write_model_config(const ModelConfig& config) {
  OrderedJson out = {{"format_version", ModelConfig::kFormatVersion},
                     {"model_type", kOwnModelType}};
  write_networks(config, out);
  out["max_question_tokens"] = config.max_question_tokens;
  out["imagenet_head"] = config.imagenet_head;
  write_calibration(config, out);
  write_parts(config, out);
  return out.dump(2) + "\n";
}

std::map<std::string, std::string> companions(const std::filesystem::path& folder) {
  std::map<std::string, std::string> out;
  for (const char* name : kVocabularies)
    if (std::filesystem::exists(folder / name)) out[name] = read_file_text(folder / name);
  for (const char* name : {"reasoner_vocab.txt", scene::PhotoObjects::kFileName,
                           text::NameTree::kFileName, scene::AnswerScorer::kFileName,
                           scene::AnswerScorer::kListsName, scene::TextReader::kDetectionFile,
                           scene::TextReader::kRecognitionFile, scene::TextReader::kCharactersFile})
    if (std::filesystem::exists(folder / name)) out[name] = read_file_text(folder / name);
  return out;
}

void copy_companions(const std::filesystem::path& from, const std::filesystem::path& to) {
  for (const char* name : kVocabularies)
    read_file_text(from / name);  // throws where one is missing
  for (const auto& [name, content] : companions(from)) write_file_atomic(to / name, content);
}

}  // namespace beholder::models::native
