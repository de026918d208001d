// The words of a description that say something of the picture.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace beholder::text {

/// Whether a word, in lower case, can be right or wrong of a picture: two letters or more and
/// neither a function word (`is_stop_word`, `CaptionLexicon::is_stop`) nor what stands in
/// prepositions of several words ("in front of", "next to", "on top of").
bool is_content_word(const std::string& word);

/// The content words of a text, in lower case and in order; a word said twice comes twice.
std::vector<std::string> content_words(std::string_view text);

/// One name for the forms and everyday synonyms of a word, by the caption lexicon: "dogs" and
/// "dog", "runs" and "running", "guys" and "man", "grey" and "gray". A word it does not know is its
/// own.
std::string concept_of(const std::string& word);

}  // namespace beholder::text
