// The wording of the DAQUAR data set brought into plain English.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace beholder::data {

/// A question without the picture's number: "what is red in the image23 ?" → "what is red?". The
/// tails "in the image23 ?", "of this image23 ?", "on image 5 ?" are taken off; a number further
/// forward is dropped ("the image23" → "the image"). White space becomes single blanks, the end
/// "?". A question without a numbered picture keeps its words. An empty text stays empty.
std::string clean_question(std::string_view question);

/// An answer as people write it: "garbage_bin" → "garbage bin", "a,b_c" → "a, b c".
std::string answer_to_text(std::string_view answer);

/// The items of a list answer, as people write them: "lamp, night_stand" → {"lamp", "night stand"}.
/// Empty items are left out.
std::vector<std::string> answer_items(std::string_view answer);

}  // namespace beholder::data
