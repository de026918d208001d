// How the objects of a picture stand to one another, by their boxes and places.
#pragma once

#include <vector>

#include "scene/scene_view.hpp"

namespace beholder::scene {

/// What holds between two objects: "left of", "behind", "inside", "larger than" …
std::vector<Relation> relations_of(const SceneView& view);

}  // namespace beholder::scene
