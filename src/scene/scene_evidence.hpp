// How well a picture is explained by the shapes or solids that the detector found in it.
#pragma once

#include <array>
#include <vector>

#include "program/lexicon.hpp"
#include "vision/intake/image.hpp"
#include "vision/object_detector.hpp"

namespace beholder::scene {

/// Numbers of `scene_evidence`.
constexpr std::size_t kSceneEvidence = 10;

/// Peaks from here on are objects; fainter ones are doubts.
constexpr double kCountedPeak = 0.3;

/// What speaks for a scene and against it. In a scene every edge belongs to an object; in a chart
/// or a page most belong to none. Logarithms of shares, and 0.001 of each: 0 of the picture's
/// edges, how many lie outside of all boxes; 1 of the pixels there, how many are edges; 2 how many
/// have none of the three commonest tones; 3 of the pixels in a box, how many have neither its
/// middle's tone nor one of these. Then, 0 to 1 and the last to 6: 4 mean certainty that the
/// objects are there, weighed by itself; 5 mean certainty of their shapes; 6 of their other
/// attributes; 7 share of the summed certainty that flat shapes or solids (whichever are more)
/// have; 8 the same of faint peaks (below 0.3) against all; 9 logarithm of one and the number of
/// objects. Edges along whole rows or columns are a frame's or a wall's and count for nothing.
/// @param found peaks; those below 0.1 are left out  @param image what the detector looked at
std::array<double, kSceneEvidence> scene_evidence(const std::vector<vision::Detection>& found,
                                                  const program::Lexicon& lexicon,
                                                  const vision::Image& image);

}  // namespace beholder::scene
