#include "program/grammar.hpp"

namespace beholder::program {
namespace {

/// The fewest words that make such a value: "scene", "unique scene", "count scene", "exist scene",
/// "query_… unique scene".
std::size_t fewest_words(Kind kind) {
  switch (kind) {
    case Kind::kSet: return 1;
    case Kind::kObject:
    case Kind::kInteger:
    case Kind::kBool: return 2;
    case Kind::kWord: return 3;
  }
  return 0;
}

bool answers(Kind kind) {
  return kind == Kind::kInteger || kind == Kind::kBool || kind == Kind::kWord;
}

}  // namespace

Grammar::Grammar(const std::vector<std::string>& words, std::size_t max_words)
    : words_(words), max_words_(max_words) {
  for (const std::string& word : words) {
    const auto step = step_from_word(word);
    steps_.push_back(step ? &signature_of(step->operation) : nullptr);
  }
}

std::optional<std::vector<Kind>> Grammar::due(const std::vector<std::size_t>& written) const {
  std::vector<Kind> open;
  for (std::size_t i = 0; i < written.size(); ++i) {
    const Signature* word = written[i] < steps_.size() ? steps_[written[i]] : nullptr;
    if (word == nullptr) return std::nullopt;
    if (i == 0) {
      if (!answers(word->result)) return std::nullopt;
    } else {
      if (open.empty() || open.back() != word->result) return std::nullopt;
      open.pop_back();
    }
    open.insert(open.end(), word->inputs.rbegin(), word->inputs.rend());
  }
  return open;
}

bool Grammar::allows(const std::vector<std::size_t>& written, std::size_t word) const {
  std::vector<std::size_t> longer = written;
  longer.push_back(word);
  const auto open = due(longer);
  if (!open) return false;
  std::size_t least = longer.size();
  for (const Kind kind : *open) least += fewest_words(kind);
  return least <= max_words_;
}

bool Grammar::complete(const std::vector<std::size_t>& written) const {
  const auto open = due(written);
  return !written.empty() && open && open->empty();
}

}  // namespace beholder::program
