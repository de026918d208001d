// Unicode properties as BERT's reference tokenizer sees them, which mixes several Unicode versions.
#pragma once

#include <cstdint>
#include <vector>

namespace beholder::text {

// Hugging Face tokenizers takes categories from Unicode 8 tables (crate unicode_categories), NFD
// from later ones (unicode-normalization-alignments) and lower case from Rust's current ones. The
// functions below are utf8proc's answer, corrected where the reference's tables differ, so that the
// pieces are the same whatever version utf8proc is built from. `code` is a Unicode scalar value.

/// Unicode's White_Space property.
bool is_white_space(std::int32_t code);

/// Categories Cc, Cf and Co but for tab, line feed and carriage return.
bool is_control(std::int32_t code);

/// ASCII punctuation and symbols, and Unicode category P.
bool is_punctuation(std::int32_t code);

/// Category Mn.
bool is_nonspacing_mark(std::int32_t code);

/// The blocks of CJK ideographs that BERT splits (google-research/bert, tokenization.py).
bool is_cjk_ideograph(std::int32_t code);

/// Appends the lower case of one character, without regard to its neighbours.
void append_lower(std::int32_t code, std::vector<std::int32_t>* out);

/// Canonical decomposition with canonical ordering (NFD, UAX #15).
std::vector<std::int32_t> decompose(const std::vector<std::int32_t>& codes);

}  // namespace beholder::text
