// How a photo's objects stand to one another by what its descriptions say of them.
#pragma once

#include <string>
#include <vector>

#include "beholder/types.hpp"

namespace beholder::scene {

/// "person riding bicycle", where descriptions say so and both kinds were found in the photo.
///
/// Of several objects of a kind the pair is meant that is most certain and nearest. A relation's
/// confidence is the share of the descriptions, weighed by their probabilities, that say it, times
/// that of the less certain object; 0..1. What less than a fifth of them say is left out.
/// @param objects by which the descriptions' nouns are known ("biker" is a person, "sofa" a couch)
/// @returns each triple of kinds and words once, most certain first
std::vector<Relation> relations_said(const std::vector<Description>& descriptions,
                                     const std::vector<Object>& objects);

/// One relation of a caption, between kinds of objects: the subject is one of the first.
struct Said {
  std::vector<std::string> subjects;
  std::string words;  ///< "riding", "sitting on", "with"
  std::vector<std::string> others;
};

/// The relations of an English caption whose both sides may be objects; places and clothes are not.
std::vector<Said> relations_in(const std::string& caption);

/// The objects' kinds that a noun of captions may mean ("table": "dining table"); empty: none.
std::vector<std::string> kinds_meant(const std::string& concept_name);

}  // namespace beholder::scene
