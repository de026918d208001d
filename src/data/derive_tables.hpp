// Tables behind the yes/no questions: when the silence of captions may be taken for a "no".
#pragma once

#include <string>
#include <vector>

namespace beholder::data {

/// A thing that captions mention whenever it matters, and the words that make its absence doubtful.
struct Existence {
  const char* noun;
  bool when_no_person;  ///< a "no" only where no person is mentioned (small things people wear)
  std::vector<std::string> blockers;
};

const std::vector<Existence>& existence_table();

/// An action and those that nobody does at the same time.
struct ActionRule {
  const char* ing;
  std::vector<std::string> excluding;
  std::vector<std::string> blockers;
};

const std::vector<ActionRule>& action_table();

}  // namespace beholder::data
