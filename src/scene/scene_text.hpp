// Descriptions of scenes of solids or flat shapes, put together from the objects seen.
#pragma once

#include <vector>

#include "beholder/types.hpp"
#include "scene/scene_view.hpp"

namespace beholder::scene {

/// All objects; their shapes; all from left to right; then how two of them stand to one another, a
/// pair each, most certain first. Each probability is the geometric mean of the confidences of the
/// objects named, 0..1, and each confidence their mean.
/// With limits of words those that keep them, shorter and longer forms among them.
/// @param view of a scene  @param options `num`: at most so many, all different; `min_words` and
///   `max_words`  @return nothing for a scene without objects
/// @throws Error kUsage when no form has as many words as asked for
std::vector<Description> describe_scene(const SceneView& view, const DescribeOptions& options);

}  // namespace beholder::scene
