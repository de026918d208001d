// Objects and relations: what the detector saw, sorted and cut as asked; of photos also what
// descriptions say of it.
#include <algorithm>

#include "core/check.hpp"
#include "models/native/native_model.hpp"
#include "scene/caption_relations.hpp"
#include "scene/scene_relations.hpp"

namespace beholder::models::native {
namespace {

/// Peaks below this are noise; what a caller asks for is cut from what is above.
constexpr double kLeastConfidence = 0.02;
constexpr std::size_t kMostObjects = 300;

double threshold(const NativeModel& model, const scene::SceneView& view,
                 const ObjectsOptions& options) {
  if (options.min_confidence >= 0) return options.min_confidence;
  const Checkpoint& checkpoint = model.checkpoint();
  return view.ground == scene::Ground::kPhoto
             ? checkpoint.detectors(model.processor()).photo_min_confidence()
             : checkpoint.config.detector->min_confidence;
}

std::vector<Description> descriptions_of(const std::vector<Written>& written) {
  std::vector<Description> out;
  for (const Written& one : written) out.push_back(one.description);
  return out;
}

}  // namespace

const scene::SceneView& NativeModel::view(const NativePicture& picture) const {
  if (!checkpoint_.networks.detector) cannot("give objects");
  std::call_once(picture.viewed, [&] {
    scene::Look look{picture.width, picture.height, kLeastConfidence, kMostObjects, mirror_};
    if (checkpoint_.ground_gate.defined()) look.scene_logit = picture.scene_logit;
    look.perhaps_scene = picture.perhaps_scene || !checkpoint_.ground_gate.defined();
    picture.view =
        scene::view_scene(checkpoint_.detectors(processor_), picture.small, picture.photo, look);
  });
  return picture.view;
}

Objects NativeModel::objects(const EncodedPicture& picture, const ObjectsOptions& options) const {
  const scene::SceneView& seen = view(own_picture(picture));
  const double least = threshold(*this, seen, options);
  Objects out;
  for (const Object& object : seen.objects)
    if (object.confidence >= least &&
        out.list.size() < static_cast<std::size_t>(options.max_objects))
      out.list.push_back(object);
  return out;
}

Relations NativeModel::relations(const EncodedPicture& encoded,
                                 const ObjectsOptions& options) const {
  const NativePicture& picture = own_picture(encoded);
  const scene::SceneView& seen = view(picture);
  const double least = threshold(*this, seen, options);
  const auto most = static_cast<std::size_t>(options.max_objects);
  Relations out{scene::relations_of(scene::certain_part(seen, least, most)), {}};
  if (seen.ground != scene::Ground::kPhoto) return out;
  // What descriptions name may be fainter, unless the caller says how faint.
  const double faint = options.min_confidence >= 0 ? least : least / 2;
  const scene::SceneView part = scene::certain_part(seen, faint, most);
  if (part.objects.size() < 2) return out;
  DescribeOptions several;
  several.num = several.num_beams;
  several.cancel = options.cancel;
  const std::vector<Relation> said = scene::relations_said(
      descriptions_of(generate_descriptions({&picture}, several).front()), part.objects);
  out.list.insert(out.list.end(), said.begin(), said.end());
  std::stable_sort(out.list.begin(), out.list.end(), [](const Relation& a, const Relation& b) {
    return a.confidence > b.confidence;
  });
  return out;
}

}  // namespace beholder::models::native
