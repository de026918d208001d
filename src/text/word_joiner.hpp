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

/// The same of WordPiece pieces: one that begins with "##" goes on the word before it, or stands
/// for itself when there is none.
std::string join_pieces(const std::vector<std::string>& pieces);

}  // namespace beholder::text
