// Descriptions of scenes of solids or flat shapes, put together from the objects seen.
#pragma once

#include <vector>

#include "beholder/types.hpp"
#include "engine/scene_view.hpp"

namespace beholder::engine {

/// All objects; their shapes; all from left to right; then how two of them stand to one another, a
/// pair each, most certain first. Each probability is the geometric mean of the confidences of the
/// objects named, 0..1.
/// @param view of a scene, with one object or more  @param num at most so many, all different
std::vector<Description> describe_scene(const SceneView& view, int num);

}  // namespace beholder::engine
