// Wording that goes with a mirror image: what was on the left is on the right.
#pragma once

#include <string>
#include <string_view>

namespace beholder::text {

/// `text` with "left" and "right" exchanged where they name a side, so that it is true of the
/// mirrored picture: "the lamp left of the bed" → "the lamp right of the bed". Other uses of the
/// words stay ("the man left", "right behind it", "all right"). Case and spacing are kept; a text
/// without the words comes back as it is.
std::string mirror_words(std::string_view text);

}  // namespace beholder::text
