// Questions about the names of things, answered by an ImageNet classifier's opinion of a picture.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/derive_questions.hpp"

namespace beholder::data {

/// Neighbouring ImageNet classes (ILSVRC 2012, 0 to 999) that people call by one plain name.
struct NamedClasses {
  const char* name;  ///< "cat", "table lamp"
  bool animal;
  std::vector<std::pair<std::int64_t, std::int64_t>> ranges;  ///< first and last class, inclusive
};

/// The names that are asked about.
const std::vector<NamedClasses>& named_classes();

/// What a classifier thinks of one picture.
struct ClassifiedPicture {
  std::filesystem::path image;
  std::vector<float> probabilities;  ///< of the 1,000 classes, adding up to 1
};

struct NameOptions {
  double sure = 0.6;      ///< summed probability from which a picture shows the name
  double absent = 0.001;  ///< and below which it does not
  std::uint64_t seed = 7;
};

/// "what animal is this?" with the name, and "is there a <name> in the picture?" as often with
/// "yes" as with "no", over pictures where the classifier is sure; in the order of the pictures.
/// @throws Error kDataFormat unless each picture has 1,000 probabilities
std::vector<DerivedRow> name_questions(const std::vector<ClassifiedPicture>& pictures,
                                       const NameOptions& options);

}  // namespace beholder::data
