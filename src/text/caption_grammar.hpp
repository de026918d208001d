// A small rule-based chunker for picture captions: noun phrases, and who does what with what where.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace beholder::text {

/// One mention of a thing.
struct NounPhrase {
  std::string noun;  ///< its concept in the lexicon; empty when the head is unknown
  int count = 0;     ///< 1 for a singular, the number for "two dogs", 0 unknown
  bool plural = false;
  bool real = true;                 ///< false for "no collar", "toy dog", "statue of a horse"
  bool other = false;               ///< "another dog", "the other dog"
  std::vector<std::string> colors;  ///< basic colours, in order
  bool color_exact = true;          ///< false for "dark blue", "multicolored", "blue striped"
};

/// A subject, what it does and a thing taking part in it. Phrases are indexes, -1 for none.
struct CaptionRelation {
  int subject = -1;
  std::string verb;         ///< "running"; empty for a mere place ("the dog in the snow")
  std::string preposition;  ///< empty for a direct object
  int object = -1;
};

struct CaptionFacts {
  std::vector<std::string> words;
  std::vector<NounPhrase> phrases;
  std::vector<CaptionRelation> relations;
};

/// Facts of one caption in English. Never fails: what the rules do not cover yields no fact.
/// Clothes are relations "wearing"; a thing in a mouth is a relation with the preposition "in" from
/// the thing to a phrase "mouth".
CaptionFacts parse_caption(std::string_view caption);

}  // namespace beholder::text
