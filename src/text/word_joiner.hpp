// Words and punctuation put back into written English.
#pragma once

#include <string>
#include <vector>

namespace beholder::text {

/// Joins words, each punctuation character a word of its own (as `split_words` gives them), with
/// the spaces of written English: none before , . ! ? ; : ) ] } %; none after ( [ { $; none around
/// - and /; "man ' s" becomes "man's" and "isn ' t" "isn't"; double quotes open and close in turn;
/// "2 . 5", "10 : 30" and "1 , 000" close up between digits.
std::string join_words(const std::vector<std::string>& words);

}  // namespace beholder::text
