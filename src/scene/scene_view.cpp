#include "scene/scene_view.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/logistic.hpp"
#include "nn/finite.hpp"
#include "program/boxes.hpp"
#include "program/places.hpp"
#include "scene/scene_evidence.hpp"
#include "vision/color_name.hpp"
#include "vision/flat_shapes.hpp"
#include "vision/panels.hpp"

namespace beholder::scene {
namespace {

using vision::Detection;

/// The likeliest value of each attribute, and the next.
struct Reading {
  std::vector<std::size_t> values, second;
  std::vector<double> odds;  ///< of the second against the first
  double certainty = 1;      ///< that all that matter are right
};

/// Whether things on this ground can be called so.
bool belongs(Ground ground, const std::string& shape) {
  switch (ground) {
    case Ground::kPhoto: return true;
    case Ground::kFlat: return program::is_flat(shape);
    case Ground::kSolid: return program::is_solid(shape);
  }
  return true;
}

Reading read(const Detection& found, const program::Lexicon& lexicon, Ground ground) {
  Reading out;
  for (std::size_t a = 0; a < lexicon.size(); ++a) {
    const auto& p = found.attributes[a];
    std::vector<std::size_t> order;
    for (std::size_t v = 0; v < p.size(); ++v)
      if (a > 0 || belongs(ground, lexicon[0].values[v])) order.push_back(v);
    if (order.size() == 1) order.push_back(order.front());
    std::partial_sort(order.begin(), order.begin() + 2, order.end(),
                      [&](std::size_t x, std::size_t y) { return p[x] > p[y]; });
    out.values.push_back(order[0]);
    out.second.push_back(order[1]);
    out.odds.push_back(p[order[1]] / std::max(1e-6f, p[order[0]]));
    const std::string& shape = lexicon[0].values[out.values[0]];
    if (program::has_attribute(shape, lexicon[a].name)) out.certainty *= p[order[0]];
  }
  return out;
}

const std::string& likeliest_shape(const Detection& found, const program::Lexicon& lexicon) {
  const auto& p = found.attributes[0];
  return lexicon[0]
      .values[static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin())];
}

Ground ground_of(const std::vector<Detection>& found, const program::Lexicon& lexicon) {
  double solid = 0, flat = 0, all = 0;
  for (const Detection& one : found) {
    const std::string& shape = likeliest_shape(one, lexicon);
    if (one.confidence < 0.3) continue;
    all += one.confidence;
    if (program::is_solid(shape)) solid += one.confidence;
    if (program::is_flat(shape)) flat += one.confidence;
  }
  // One thing that looks like a ball does not make a photo a scene of solids.
  constexpr double kLeast = 1.2;
  if (solid > kLeast && solid > 0.8 * all) return Ground::kSolid;
  if (flat > kLeast && flat > 0.8 * all) return Ground::kFlat;
  return Ground::kPhoto;
}

/// The same by the model's gate, where it has one.
Ground ground_of(const Detectors& detectors, const std::vector<Detection>& found,
                 const vision::Image& small, const Look& look) {
  if (!look.scene_logit) return ground_of(found, detectors.lexicon);
  const SceneCase seen = scene_case(found, detectors.lexicon, small, *look.scene_logit);
  return is_scene(detectors.gate, seen) ? seen.ground : Ground::kPhoto;
}

/// Things of a photo as what a detector of scenes would say of them.
std::vector<Detection> photo_detections(const PhotoObjects& detector,
                                        const program::Lexicon& lexicon, const vision::Image& photo,
                                        const Look& look) {
  std::vector<Detection> out;
  const std::vector<std::string>& shapes = lexicon[0].values;
  for (const PhotoObject& one : detector.find(photo, look.mirror)) {
    if (one.confidence < look.min_confidence || out.size() == look.max_objects) break;
    Detection found;
    found.confidence = static_cast<float>(one.confidence);
    found.box = one.box;
    found.x = (one.box[0] + one.box[2]) / 2;
    found.y = (one.box[1] + one.box[3]) / 2;
    for (const program::Attribute& attribute : lexicon)
      found.attributes.emplace_back(attribute.values.size(), 0.0f);
    const auto shape = std::find(shapes.begin(), shapes.end(), detector.config().names[one.kind]);
    found.attributes[0][static_cast<std::size_t>(shape - shapes.begin())] = 1;
    out.push_back(std::move(found));
  }
  return out;
}

double area(const Box& box) { return (box.right - box.left) * (box.bottom - box.top); }

/// Where a thing stands that has no place on a floor.
void place_upright(program::Thing& thing, const Object& object) {
  thing.across = (object.box.left + object.box.right) / 2;
  thing.height = -(object.box.top + object.box.bottom) / 2;
  thing.extent = std::sqrt(std::max(0.0, area(object.box))) / 2;
}

/// Adds a shape that was read from the pixels.
void add(SceneView& view, const vision::FlatShape& shape, int width, int height) {
  // Of the shorter side: half-way between the sizes of `world::sample_flat_scene`.
  constexpr float kMedium = 11.5f / 240, kLarge = 19.5f / 240;
  constexpr double kSure = 0.99;
  // A triangle is as wide as the circle that it is drawn in, and covers 0.56 of its area.
  const float radius = shape.shape == "triangle" ? shape.radius * 1.34f : shape.radius;
  Object object;
  object.name = shape.shape;
  object.attributes = {radius < kMedium  ? "small"
                       : radius < kLarge ? "medium"
                                         : "large",
                       vision::color_name(shape.rgb)};
  object.box = {shape.box[0] * width, shape.box[1] * height, shape.box[2] * width,
                shape.box[3] * height};
  object.center_x = shape.x * width;
  object.center_y = shape.y * height;
  object.confidence = kSure;
  program::Thing thing;
  thing.attributes = {
      {"shape", object.name}, {"size", object.attributes[0]}, {"color", object.attributes[1]}};
  place_upright(thing, object);
  program::set_place(thing, shape.x, shape.y);
  view.objects.push_back(std::move(object));
  view.world.things.push_back(std::move(thing));
  view.there.push_back(kSure);
}

double solid_extent(const program::Thing& thing) {
  return thing.attributes.at("size") == "large" ? 0.7 : 0.35;
}

void add(SceneView& out, const SceneView& view, std::size_t i) {
  out.objects.push_back(view.objects[i]);
  out.world.things.push_back(view.world.things[i]);
  out.there.push_back(view.there[i]);
}

/// Adds an object as it is read on the view's ground.
/// @param there how certain it is to be there, 0..1
void add(SceneView& view, const Detection& one, double there, const program::Lexicon& lexicon,
         const Look& look) {
  const int width = look.width, height = look.height;
  const Reading reading = read(one, lexicon, view.ground);
  const std::string& shape = lexicon[0].values[reading.values[0]];
  Object object;
  program::Thing thing;
  object.name = shape;
  object.box = {one.box[0] * width, one.box[1] * height, one.box[2] * width, one.box[3] * height};
  object.center_x = one.x * width;
  object.center_y = one.y * height;
  object.confidence = there * reading.certainty;
  thing.attributes["shape"] = shape;
  for (std::size_t a = 1; a < lexicon.size(); ++a) {
    if (!program::has_attribute(shape, lexicon[a].name)) continue;
    const std::string& value = lexicon[a].values[reading.values[a]];
    object.attributes.push_back(value);
    thing.attributes[lexicon[a].name] = value;
  }
  for (std::size_t a = 0; a < lexicon.size(); ++a)
    if (thing.attributes.count(lexicon[a].name) > 0 && reading.second[a] != reading.values[a])
      view.doubts.push_back({view.objects.size(), lexicon[a].name,
                             lexicon[a].values[reading.second[a]], reading.odds[a]});
  if (view.ground == Ground::kSolid) {
    thing.across = one.across;
    thing.depth = one.depth;
    thing.extent = solid_extent(thing);
    thing.height = thing.extent;
  } else {
    place_upright(thing, object);
    // In a photo what stands lower is mostly nearer.
    thing.depth = view.ground == Ground::kPhoto ? -object.box.bottom : 0;
  }
  program::set_place(thing, object.center_x / std::max(1, width),
                     object.center_y / std::max(1, height));
  view.objects.push_back(std::move(object));
  view.world.things.push_back(std::move(thing));
  view.there.push_back(there);
}

/// Which box each thing of a flat picture lies in, where the picture is made of several.
void find_boxes(SceneView& view, const vision::Image& small, const Look& look) {
  // As a share of a box: what the detector's boxes are off by at most, mostly.
  constexpr double kTolerance = 0.02;
  const double wide = static_cast<double>(look.width) / small.width;
  const double high = static_cast<double>(look.height) / small.height;
  std::vector<program::Rectangle> boxes, things;
  for (const auto& [left, top, right, bottom] : vision::find_panels(small))
    boxes.push_back({left * wide, top * high, right * wide, bottom * high});
  if (boxes.empty())
    boxes.push_back({0, 0, static_cast<double>(look.width), static_cast<double>(look.height)});
  for (const Object& object : view.objects)
    things.push_back({object.box.left, object.box.top, object.box.right, object.box.bottom});
  program::place_in_boxes(view.world, things, boxes,
                          kTolerance * (boxes.front().right - boxes.front().left));
}

}  // namespace

double Detectors::photo_min_confidence() const {
  return photo_objects != nullptr ? photo_objects->config().min_confidence
                                  : objects.config().photo_min_confidence;
}

std::vector<Detection> find_peaks(const Detectors& detectors, const vision::Image& small,
                                  const Look& look) {
  const vision::ObjectDetector& detector = detectors.objects;
  const at::Tensor pixels = at::empty({1, 3, small.height, small.width});
  detectors.processor.process(small, small.width, small.height, pixels.data_ptr<float>());
  at::Tensor maps = detector.forward(detectors.vision.pyramid(pixels))[0];  // (C, h, w)
  nn::check_finite(maps, "detector");
  if (look.mirror) {
    const at::Tensor mirrored = detector.forward(detectors.vision.pyramid(pixels.flip(3)))[0];
    maps = (maps + vision::mirrored_maps(mirrored)) / 2;
  }
  return detector.read(maps, look.min_confidence, look.max_objects);
}

SceneCase scene_case(const std::vector<Detection>& found, const program::Lexicon& lexicon,
                     const vision::Image& small, double scene_logit) {
  SceneCase out;
  double solid = 0, flat = 0;
  for (const Detection& one : found) {
    const std::string& shape = likeliest_shape(one, lexicon);
    if (program::is_solid(shape)) solid += one.confidence;
    if (program::is_flat(shape)) flat += one.confidence;
    out.objects = out.objects || one.confidence >= kCountedPeak;
  }
  if (solid > flat) out.ground = Ground::kSolid;
  const auto evidence = scene_evidence(found, lexicon, small);
  out.evidence.assign(evidence.begin(), evidence.end());
  out.evidence.push_back(scene_logit);
  return out;
}

bool is_scene(const GroundGate& gate, const SceneCase& seen) {
  return seen.objects &&
         scene_probability(gate, seen.ground == Ground::kSolid ? 0 : 1, seen.evidence) >= 0.5;
}

SceneView view_scene(const Detectors& detectors, const vision::Image& small,
                     const vision::Image& photo, const Look& look) {
  const program::Lexicon& lexicon = detectors.lexicon;
  SceneView view;
  if (const auto shapes = vision::read_flat_shapes(small)) {
    view.ground = Ground::kFlat;
    for (const vision::FlatShape& shape : *shapes) add(view, shape, look.width, look.height);
    return view;
  }
  std::vector<Detection> found;
  if (look.perhaps_scene) {
    found = find_peaks(detectors, small, look);
    view.ground = ground_of(detectors, found, small, look);
  }
  if (view.ground == Ground::kPhoto) {
    if (detectors.photo_objects != nullptr)
      found = photo_detections(*detectors.photo_objects, lexicon, photo, look);
    else if (!look.perhaps_scene)
      found = find_peaks(detectors, small, look);
    view.min_there = detectors.photo_min_confidence();
  }
  const vision::DetectorConfig& config = detectors.objects.config();
  for (const Detection& one : found) {
    // What is no solid has no place on the floor among solids, nor the other way round.
    if (!belongs(view.ground, likeliest_shape(one, lexicon))) continue;
    const double there = view.ground == Ground::kPhoto
                             ? one.confidence
                             : calibrated(one.confidence, config.slope, config.offset);
    add(view, one, there, lexicon, look);
  }
  if (view.ground == Ground::kFlat) find_boxes(view, small, look);
  return view;
}

SceneView certain_part(const SceneView& view, double min_confidence, std::size_t max_objects) {
  SceneView out;
  out.ground = view.ground;
  out.world.margin = view.world.margin;
  out.world.boxes = view.world.boxes;
  for (std::size_t i = 0; i < view.objects.size() && out.objects.size() < max_objects; ++i)
    if (view.objects[i].confidence >= min_confidence) add(out, view, i);
  return out;
}

SceneView reading_of(const SceneView& view, const Doubt* other) {
  SceneView out;
  out.ground = view.ground;
  out.world.margin = view.world.margin;
  out.world.boxes = view.world.boxes;
  for (std::size_t i = 0; i < view.objects.size(); ++i) {
    const bool doubted = other != nullptr && other->object == i;
    const bool there = view.there[i] >= view.min_there;
    if (doubted && other->attribute.empty() ? there : !there) continue;
    add(out, view, i);
    if (!doubted) continue;
    Object& object = out.objects.back();
    object.confidence *= other->odds;
    if (other->attribute.empty()) continue;
    program::Thing& thing = out.world.things.back();
    std::string& value = thing.attributes.at(other->attribute);
    if (other->attribute == "shape") object.name = other->value;
    std::replace(object.attributes.begin(), object.attributes.end(), value, other->value);
    value = other->value;
    if (view.ground == Ground::kSolid) thing.height = thing.extent = solid_extent(thing);
  }
  return out;
}

std::vector<Doubt> doubts_of(const SceneView& view, std::size_t most) {
  constexpr double kLeastOdds = 1e-3;
  std::vector<Doubt> out;
  for (const Doubt& doubt : view.doubts)
    if (view.there[doubt.object] >= view.min_there && doubt.odds >= kLeastOdds)
      out.push_back(doubt);
  for (std::size_t i = 0; i < view.there.size(); ++i) {
    const double odds = view.there[i] / std::max(1e-9, 1 - view.there[i]);
    const double otherwise = view.there[i] >= view.min_there ? 1 / std::max(1e-9, odds) : odds;
    if (otherwise >= kLeastOdds) out.push_back({i, "", "", std::min(1.0, otherwise)});
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Doubt& a, const Doubt& b) { return a.odds > b.odds; });
  if (out.size() > most) out.resize(most);
  return out;
}

}  // namespace beholder::scene
