// Scenes in CLEVR's form as worlds that programs run on.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "program/executor.hpp"

namespace beholder::program {

/// CLEVR's margin between things that count as left and right of one another, in its units.
inline constexpr double kClevrMargin = 0.2;

/// Reads one scene of CLEVR's scenes.json: "objects" with color, shape, size, material and
/// "3d_coords"; "directions" (unit vectors on the ground) say what right and behind are. Objects of
/// flat pictures have "pixel_coords" and "box" instead, and no material.
/// @throws Error kDataFormat
World world_from_clevr(const nlohmann::json& scene);

}  // namespace beholder::program
