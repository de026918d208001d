// Objects and relations: what the detector saw, sorted and cut as asked; of photos also what
// descriptions say of it.
#include <algorithm>

#include "core/check.hpp"
#include "engine/caption_relations.hpp"
#include "engine/decoder_run.hpp"
#include "engine/engine_impl.hpp"
#include "engine/stopwatch.hpp"

namespace beholder {
namespace {

/// Peaks below this are noise; what a caller asks for is cut from what is above.
constexpr double kLeastConfidence = 0.02;
constexpr std::size_t kMostObjects = 300;

void check_options(const ObjectsOptions& options) {
  check(options.min_confidence <= 1, ErrorCode::kUsage, "min_confidence is ",
        options.min_confidence, "; it must lie between 0 and 1");
  check(options.max_objects >= 1, ErrorCode::kUsage, "max_objects is ", options.max_objects,
        "; it must be 1 or more");
}

double threshold(const Engine::Impl& impl, const engine::SceneView& view,
                 const ObjectsOptions& options) {
  if (options.min_confidence >= 0) return options.min_confidence;
  return view.ground == engine::Ground::kPhoto ? engine::photo_min_confidence(*impl.model)
                                               : impl.model->config.detector->min_confidence;
}

std::vector<Description> descriptions_of(const std::vector<engine::Written>& written) {
  std::vector<Description> out;
  for (const engine::Written& one : written) out.push_back(one.description);
  return out;
}

/// One result for each picture, by a function of picture and options.
template <typename Result, typename Find>
std::vector<Result> each(const Engine::Impl& impl, const std::vector<Picture>& pictures,
                         const ObjectsOptions& options, const Find& find) {
  check_options(options);
  const engine::ComputeGate::Place place(impl.gate);
  std::vector<Result> out;
  for (const Picture& picture : pictures) {
    engine::check_cancelled(options.cancel);
    engine::Stopwatch watch;
    Result result = find(picture);
    result.timing = picture.timing();
    result.timing.fusion = watch.lap();
    out.push_back(std::move(result));
  }
  return out;
}

}  // namespace

const engine::SceneView& Engine::Impl::view(const Picture& picture) const {
  check(model != nullptr && model->config.detector.has_value(), ErrorCode::kUnsupported,
        directory.string(),
        ": this model cannot give objects; use one that was trained to (beholder model info lists "
        "what a model can do)");
  check(static_cast<bool>(picture), ErrorCode::kUsage, "objects are found in a picture; give one");
  const Picture::Encoded& encoded = *picture.encoded();
  std::call_once(encoded.viewed, [&] {
    engine::Look look{encoded.width, encoded.height, kLeastConfidence, kMostObjects,
                      options.mirror};
    if (model->ground_gate.defined()) look.scene_logit = encoded.scene_logit;
    look.perhaps_scene = encoded.perhaps_scene || !model->ground_gate.defined();
    encoded.view = engine::view_scene(*model, *processor, encoded.small, encoded.photo, look);
  });
  return encoded.view;
}

std::vector<Objects> Engine::objects(const std::vector<Picture>& pictures,
                                     const ObjectsOptions& options) const {
  return each<Objects>(*impl_, pictures, options, [&](const Picture& picture) {
    Objects out;
    const engine::SceneView& view = impl_->view(picture);
    const double least = threshold(*impl_, view, options);
    for (const Object& object : view.objects)
      if (object.confidence >= least &&
          out.list.size() < static_cast<std::size_t>(options.max_objects))
        out.list.push_back(object);
    return out;
  });
}

Objects Engine::objects(const Picture& picture, const ObjectsOptions& options) const {
  return objects(std::vector{picture}, options).front();
}

std::vector<Relations> Engine::relations(const std::vector<Picture>& pictures,
                                         const ObjectsOptions& options) const {
  return each<Relations>(*impl_, pictures, options, [&](const Picture& picture) {
    const engine::SceneView& view = impl_->view(picture);
    const double least = threshold(*impl_, view, options);
    const auto most = static_cast<std::size_t>(options.max_objects);
    Relations out{engine::relations_of(engine::certain_part(view, least, most)), {}};
    if (view.ground != engine::Ground::kPhoto) return out;
    // What descriptions name may be fainter, unless the caller says how faint.
    const double faint = options.min_confidence >= 0 ? least : least / 2;
    const engine::SceneView part = engine::certain_part(view, faint, most);
    if (part.objects.size() < 2) return out;
    DescribeOptions several;
    several.num = several.num_beams;
    several.cancel = options.cancel;
    const std::vector<Relation> said = engine::relations_said(
        descriptions_of(impl_->write({picture}, several).front()), part.objects);
    out.list.insert(out.list.end(), said.begin(), said.end());
    std::stable_sort(out.list.begin(), out.list.end(), [](const Relation& a, const Relation& b) {
      return a.confidence > b.confidence;
    });
    return out;
  });
}

Relations Engine::relations(const Picture& picture, const ObjectsOptions& options) const {
  return relations(std::vector{picture}, options).front();
}

}  // namespace beholder
