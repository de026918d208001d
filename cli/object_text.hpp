// Objects as text for people.
#pragma once

#include <string>

#include "beholder/types.hpp"

namespace beholder::cli {

/// "large red rubber cube"
std::string object_name(const Object& object);

/// "[212,88,250,140]"
std::string box_text(const Box& box);

}  // namespace beholder::cli
