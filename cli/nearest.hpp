// Spelling suggestions.
#pragma once

#include <string>
#include <vector>

namespace beholder::cli {

/// The candidate that is fewest typing errors away from `word` (letters left out, added, changed,
/// or swapped with their neighbour), or that begins with it; "" when none is near.
std::string nearest(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace beholder::cli
