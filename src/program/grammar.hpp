// Which words may follow when a program is written from left to right in Polish notation.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "program/program.hpp"

namespace beholder::program {

/// The words that programs are written with, by number. A prefix of numbers that `allows` let pass
/// one by one can always be completed within `max_words`, and what is complete parses.
class Grammar {
 public:
  /// @param words of a vocabulary; those that are no words of a program are never allowed
  Grammar(const std::vector<std::string>& words, std::size_t max_words);

  /// Whether `written` may be followed by `word`.
  bool allows(const std::vector<std::size_t>& written, std::size_t word) const;

  /// Whether `written` is a whole program that gives an answer.
  bool complete(const std::vector<std::size_t>& written) const;

  const std::vector<std::string>& words() const { return words_; }

 private:
  struct Word {
    bool known = false;
    Kind result = Kind::kSet;
    std::vector<Kind> inputs;
  };
  /// What is still due, the next one last; nothing when `written` is not the start of a program.
  std::optional<std::vector<Kind>> due(const std::vector<std::size_t>& written) const;

  std::vector<std::string> words_;
  std::vector<Word> steps_;
  std::size_t max_words_;
};

}  // namespace beholder::program
