// Tables behind the questions derived from captions.
#pragma once

#include <string>
#include <vector>

namespace beholder::data {

/// A thing that captions mention whenever it matters, and the words that make its absence doubtful:
/// when the silence of captions may be taken for a "no".
struct Existence {
  std::string noun;
  bool when_no_person;  ///< a "no" only where no person is mentioned (small things people wear)
  std::vector<std::string> blockers;
};
const std::vector<Existence>& existence_table();

/// An action and those that nobody does at the same time.
struct ActionRule {
  std::string ing;
  std::vector<std::string> excluding;
  std::vector<std::string> blockers;
};
const std::vector<ActionRule>& action_table();

/// A place, the words that tell it, and the words of places that cannot be the same.
struct PlaceRule {
  std::string phrase;
  std::vector<std::string> words;
  std::vector<std::string> near;  ///< with these a "no" is doubtful
};
const std::vector<PlaceRule>& place_table();

}  // namespace beholder::data
