// English function words, which carry no picture content of their own.
#pragma once

#include <string_view>

namespace beholder::text {

/// Whether a lower-case word is a function word. The list holds the closed word classes of English
/// grammar (Quirk et al., "A Comprehensive Grammar of the English Language", section 2.39:
/// determiners, pronouns, prepositions, auxiliary verbs, conjunctions), the question words, and
/// the particles "not", "to", "there". Numbers, colours and words of place that can be an answer
/// by themselves ("left", "none", "yes") are not on it.
bool is_stop_word(std::string_view lower_case_word);

}  // namespace beholder::text
