// BERT's basic text normalisation and its split into words, before WordPiece.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace beholder::text {

/// The switches of a BERT tokenizer; the names follow tokenizer_config.json.
struct NormalizerOptions {
  bool do_lower_case = true;
  bool strip_accents = true;           ///< NFD, then every nonspacing mark (Mn) goes
  bool tokenize_chinese_chars = true;  ///< a space on both sides of a CJK ideograph
};

/// Normalised UTF-8, equal to `BertNormalizer` of Hugging Face tokenizers: NUL, U+FFFD and control
/// characters (categories Cc, Cf, Co) removed, each white space a plain space, spaces around
/// CJK ideographs, NFD without nonspacing marks, lower case of each character on its own.
/// Any bytes are accepted: a malformed sequence counts as U+FFFD (as Python's errors="replace"
/// reads it) and is therefore removed.
std::string normalize(std::string_view text, const NormalizerOptions& options = {});

/// The words of normalised text, equal to `BertPreTokenizer`: split at white space, every
/// punctuation character (ASCII punctuation and symbols, Unicode category P) a word of its own.
/// The views point into `normalized`, which must be valid UTF-8 and outlive them.
std::vector<std::string_view> split_words(std::string_view normalized);

}  // namespace beholder::text
