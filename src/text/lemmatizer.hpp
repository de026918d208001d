// The base form of an English word.
#pragma once

#include <string>
#include <string_view>

#include "text/wordnet.hpp"

namespace beholder::text {

/// The singular of a lower-case noun by rules alone, so that it is the same wherever no WordNet is
/// installed: a regular plural ending goes (-s, -es, -ies → -y) and a few irregular plurals of
/// everyday things are known (men, children, knives …). There is no dictionary: "glasses" becomes
/// "glass". Of several words ("garbage bins", "garbage_bins") the last is changed.
std::string singular(std::string_view noun);

/// The base form of a word by WordNet, lower-cased (ASCII): an irregular form's base ("men" →
/// "man", "better" → "good"), else the word itself if it is an entry ("glasses" stays: spectacles),
/// else the first base that morphy's endings give ("dogs" → "dog"); an unknown word comes back
/// unchanged. Of several words only the last is changed, unless the whole is an entry: "garbage
/// bins" → "garbage bin"; spaces or underscores stay as they were.
std::string lemma(const WordNet& wordnet, std::string_view word, PartOfSpeech pos);

}  // namespace beholder::text
