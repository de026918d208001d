// Descriptions as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "beholder/types.hpp"

namespace beholder::cli {

/// What rows of every verb say of a description: {"text", "probability", "confidence", "abstained",
/// "guess", "words": [{"word", "probability"}]}.
nlohmann::ordered_json description_json(const Description& description);

}  // namespace beholder::cli
