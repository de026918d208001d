// Training examples of the detector, and their augmentation.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <vector>

#include "core/random.hpp"
#include "program/lexicon.hpp"
#include "vision/intake/image.hpp"

namespace beholder::train {

/// One object; places as shares of the picture's width and height.
struct ObjectTruth {
  float x = 0, y = 0;
  std::array<float, 4> box{};                  ///< left, top, right, bottom
  std::optional<std::array<float, 2>> ground;  ///< across and depth, where known
  std::vector<int> attributes;                 ///< the value's place in the lexicon, -1: not known
};

struct DetectorExample {
  std::filesystem::path image;
  bool photo = false;
  std::vector<ObjectTruth> objects;
};

/// Reads rows as `data::read_objects_jsonl`. Rows that say their picture's size are photos; objects
/// without a box, or whose name the lexicon's shapes lack, are left out.
std::vector<DetectorExample> read_detector_examples(const std::filesystem::path& file,
                                                    const program::Lexicon& lexicon);

/// Photometric augmentation: random contrast, brightness, tint, blur, noise and JPEG artefacts.
vision::Image disturbed(vision::Image image, Random& random);

/// A part of the picture with the objects that are still mostly in it.
void crop_at_random(vision::Image& image, std::vector<ObjectTruth>& objects, Random& random);

/// Left and right exchanged.
void mirror(vision::Image& image, std::vector<ObjectTruth>& objects);

}  // namespace beholder::train
