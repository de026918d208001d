#include "models/native/native_model.hpp"

#include <c10/core/InferenceMode.h>

#include "models/confidence.hpp"
#include "models/identity.hpp"
#include "models/native/question.hpp"
#include "nn/finite.hpp"
#include "nn/pooling.hpp"
#include "nn/shape.hpp"
#include "vision/flat_shapes.hpp"

namespace beholder::models::native {
namespace {

/// Pictures are looked at for solids and flat shapes even when they are this much more like photos
/// (models without a gate).
constexpr double kSceneMargin = 0.05;
/// From this probability of a scene on, the detector is asked.
constexpr double kPerhapsScene = 0.05;

/// What kind of picture it is, as far as its cells tell.
void judge_ground(const Checkpoint& model, NativePicture& out) {
  using scene::PictureKind;
  const bool detector = model.networks.detector.has_value();
  if (model.ground_gate.defined()) {
    const auto kinds = scene::picture_kinds(model.ground_gate, out.pooled);
    const auto of = [&](PictureKind kind) { return kinds[static_cast<std::size_t>(kind)]; };
    out.scene_logit = scene::scene_logit(kinds);
    out.no_photo = of(PictureKind::kPhoto) < 0.5;
    out.perhaps_scene =
        detector && (of(PictureKind::kSolids) + of(PictureKind::kShapes) >= kPerhapsScene ||
                     vision::read_flat_shapes(out.small).has_value());
    return;
  }
  out.perhaps_scene = detector && (!model.scene_centroids.defined() ||
                                   novelty(out.pooled, model.picture_mean, model.scene_centroids) <
                                       out.novelty + kSceneMargin);
}

}  // namespace

NativePicture::NativePicture(const Model& model, const NativePixels& pixels)
    : EncodedPicture(model, pixels.width, pixels.height),
      grid(pixels.grid),
      small(pixels.small),
      photo(pixels.photo),
      page(pixels.page) {}

std::uint64_t NativePicture::bytes() const {
  std::uint64_t floats = pooled.numel();
  for (const nn::KeyValue& layer : image) floats += layer.key.numel() + layer.value.numel();
  return floats * sizeof(float) + small.rgb.size() + photo.rgb.size() +
         (page ? page->rgb.size() : 0) + sizeof(NativePicture);
}

NativeModel::NativeModel(const std::filesystem::path& directory, const EngineOptions& options)
    : Model(directory),
      checkpoint_(load_checkpoint(directory, {options.int8})),
      mirror_(options.mirror),
      processor_(checkpoint_.config.image) {
  no_image_ = checkpoint_.networks.fusion.project_image({});
  const auto& vocabulary = checkpoint_.vocabulary;
  forbidden_ = {vocabulary.pad_id(), vocabulary.bos_id(), vocabulary.unk_id()};
  const std::int64_t left = vocabulary.id("left"), right = vocabulary.id("right");
  if (left != vocabulary.unk_id() && right != vocabulary.unk_id()) {
    left_id_ = left;
    right_id_ = right;
  }
}

ModelInfo NativeModel::info() const {
  const ModelConfig& config = checkpoint_.config;
  ModelInfo out;
  out.parameter_bytes = checkpoint_.weight_bytes;
  out.skills = {Skill::kAnswer, Skill::kDescribe};
  if (config.detector) {
    out.skills.push_back(Skill::kObjects);
    out.skills.push_back(Skill::kRelations);
    if (config.reasoner) out.skills.push_back(Skill::kExplain);
  }
  if (config.reading) out.skills.push_back(Skill::kRead);
  out.default_min_confidence = config.calibration.min_confidence;
  out.default_min_description_confidence = description_threshold({});
  out.answer_search = {AnswerOptions().num_beams, AnswerOptions().max_new_tokens, 0};
  const DescribeOptions describe;
  out.describe_search = {describe.num_beams, describe.max_new_tokens, describe.length_penalty};
  out.max_question_tokens = static_cast<int>(config.max_question_tokens);
  return out;
}

std::unique_ptr<PreparedPixels> NativeModel::prepare(const vision::Image& image, int width,
                                                     int height) const {
  const c10::InferenceMode inference;
  const ModelConfig& config = checkpoint_.config;
  auto out = std::make_unique<NativePixels>(*this, width, height);
  out->grid = config.vision.grid_of(width, height);
  const std::int64_t wide = out->grid.columns * config.vision.patch_size;
  const std::int64_t high = out->grid.rows * config.vision.patch_size;
  out->pixel_values = at::empty({1, 3, high, wide});
  processor_.process(image, static_cast<int>(wide), static_cast<int>(high),
                     out->pixel_values.data_ptr<float>());
  if (config.detector) {
    const auto [columns, rows] = vision::detector_size(config.detector->image_size, width, height);
    out->small = vision::resize_image(image, columns, rows, config.image.resample);
    constexpr int kSide = scene::PhotoObjects::kSide;
    if (checkpoint_.photo_objects)
      out->photo = vision::resize_image(image, kSide, kSide, vision::Resample::kArea);
  }
  if (checkpoint_.reader)
    out->page = std::make_shared<vision::Image>(scene::TextReader::page_of(image));
  return out;
}

std::shared_ptr<const EncodedPicture> NativeModel::encode(const PreparedPixels& prepared) const {
  const NativePixels& pixels = own_pixels(prepared);
  const Networks& networks = checkpoint_.networks;
  at::Tensor views = pixels.pixel_values;  // (W, 3, h, w)
  if (mirror_) views = at::cat({views, views.flip(3)});
  auto out = std::make_shared<NativePicture>(*this, pixels);
  const at::Tensor cells = networks.vision->cells(views);  // (W, N, C)
  nn::check_finite(cells, "vision encoder");
  const at::Tensor embeds = networks.vision->encode(cells, pixels.grid);
  nn::check_finite(embeds, "vision encoder");
  out->image = networks.fusion.project_image(embeds);
  out->pooled = cells[0].mean(0);
  if (checkpoint_.picture_centroids.defined())
    out->novelty = novelty(out->pooled, checkpoint_.picture_mean, checkpoint_.picture_centroids);
  judge_ground(checkpoint_, *out);
  return out;
}

bool NativeModel::shows_scene(const NativePicture* picture) const {
  return picture != nullptr && picture->perhaps_scene &&
         view(*picture).ground != scene::Ground::kPhoto;
}

bool NativeModel::off_ground(const NativePicture* picture) const {
  return picture != nullptr && picture->no_photo && !shows_scene(picture);
}

std::vector<float> NativeModel::embed(const EncodedPicture& picture) const {
  return nn::unit_vector(own_picture(picture).pooled);
}

std::vector<float> NativeModel::embed(const std::string& text) const {
  const auto ids = question_ids(checkpoint_, text);
  return nn::unit_vector(
      nn::mean_pool(checkpoint_.networks.text.forward(nn::id_tensor(ids).unsqueeze(0))));
}

std::shared_ptr<const NativeModel> load_native(const std::filesystem::path& directory,
                                               const char* what, const EngineOptions& options) {
  check(identity_of(directory).own(), ErrorCode::kUnsupported, directory.string(),
        ": a published model cannot ", what,
        "; use one of Beholder's own, such as the bundled one");
  return std::make_shared<NativeModel>(directory, options);
}

}  // namespace beholder::models::native
