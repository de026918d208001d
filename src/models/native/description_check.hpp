// A description held against the objects that a detector finds in the photo.
#pragma once

#include <string>
#include <vector>

#include "beholder/types.hpp"

namespace beholder::models::native {

/// Gives each word that means a thing that the detector knows ("biker": person, "table": dining
/// table) the probability that it has with the detector's opinion, and the description the mean of
/// all. Other words stay as they are.
/// @param names that the detector knows  @param seen in the photo, also faint ones
void hold_against(const std::vector<std::string>& names, const std::vector<Object>& seen,
                  Description& description);

}  // namespace beholder::models::native
