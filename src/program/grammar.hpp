// Which words may follow when a program is written from left to right in Polish notation.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "program/program.hpp"

namespace beholder::program {

/// The words of programs, numbered. Any sequence that `allows` accepted word by word can be
/// completed within `max_words`, and a complete one parses.
class Grammar {
 public:
  /// @param words of a vocabulary; those that no program contains are never allowed
  Grammar(const std::vector<std::string>& words, std::size_t max_words);

  /// Whether `written` may be followed by `word`.
  bool allows(const std::vector<std::size_t>& written, std::size_t word) const;

  /// Whether `written` is a whole program that gives an answer.
  bool complete(const std::vector<std::size_t>& written) const;

  const std::vector<std::string>& words() const { return words_; }

 private:
  /// The kinds of the inputs still missing, the next one last; nothing if no program begins so.
  std::optional<std::vector<Kind>> due(const std::vector<std::size_t>& written) const;

  std::vector<std::string> words_;
  std::vector<const Signature*> steps_;  ///< null for what is no word of a program
  std::size_t max_words_;
};

}  // namespace beholder::program
