// What a question counts or asks the colour of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace beholder::text {

/// The words of the noun phrase behind "how many" or "what colour is", without articles and
/// endings in 's, the last first, as that one names the thing: "how many red buses are there?" ->
/// {"buses", "red"}. Empty for other questions.
std::vector<std::string> asked_noun(std::string_view question);

}  // namespace beholder::text
