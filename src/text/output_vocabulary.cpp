#include "text/output_vocabulary.hpp"

#include <algorithm>
#include <array>

#include "core/check.hpp"
#include "core/file.hpp"
#include "text/vocabulary_file.hpp"
#include "text/word_joiner.hpp"

namespace beholder::text {
namespace {

constexpr std::array<const char*, 4> kSpecials = {"[PAD]", "[BOS]", "[EOS]", "[UNK]"};

}  // namespace

OutputVocabulary::OutputVocabulary(std::vector<std::string> tokens) : tokens_(std::move(tokens)) {
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    ids_.emplace(tokens_[i], static_cast<std::int64_t>(i));
  }
}

OutputVocabulary OutputVocabulary::load(const std::filesystem::path& path) {
  std::vector<std::string> tokens = read_vocabulary_file(path);
  for (std::size_t i = 0; i < kSpecials.size(); ++i) {
    check(i < tokens.size() && tokens[i] == kSpecials[i], ErrorCode::kModelFormat, path.string(),
          " line ", i + 1, ": expected the special token ", kSpecials[i], ", got ",
          i < tokens.size() ? "\"" + tokens[i] + "\"" : std::string("the end of the file"));
  }
  return OutputVocabulary(std::move(tokens));
}

OutputVocabulary OutputVocabulary::of(const std::vector<std::string>& tokens) {
  std::vector<std::string> all(kSpecials.begin(), kSpecials.end());
  all.insert(all.end(), tokens.begin(), tokens.end());
  OutputVocabulary out(std::move(all));
  check(out.ids_.size() == out.tokens_.size() && out.ids_.count("") == 0, ErrorCode::kUsage,
        "a vocabulary's tokens must be different and not empty");
  return out;
}

OutputVocabulary OutputVocabulary::build(
    const Tokenizer& tokenizer, const std::vector<std::pair<std::string, std::int64_t>>& texts,
    std::int64_t min_count) {
  check(min_count >= 1, ErrorCode::kUsage, "min_count must be at least 1, got ", min_count);
  std::unordered_map<std::int64_t, std::int64_t> counts;
  for (const auto& [text, count] : texts) {
    check(count >= 0, ErrorCode::kUsage, "the count of \"", text, "\" is negative: ", count);
    for (const std::int64_t id : tokenizer.encode_plain(text)) counts[id] += count;
  }
  std::vector<std::pair<std::int64_t, std::string>> kept;
  for (const auto& [id, count] : counts) {
    const std::string& piece = tokenizer.token(id);
    const bool reserved = std::find(kSpecials.begin(), kSpecials.end(), piece) != kSpecials.end();
    // Special tokens are no words, even when a text spells them out.
    if (count >= min_count && !tokenizer.is_special(id) && !reserved)
      kept.emplace_back(count, piece);
  }
  std::sort(kept.begin(), kept.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  std::vector<std::string> tokens(kSpecials.begin(), kSpecials.end());
  for (auto& [count, piece] : kept) tokens.push_back(std::move(piece));
  return OutputVocabulary(std::move(tokens));
}

void OutputVocabulary::save(const std::filesystem::path& path) const {
  std::string content;
  for (const std::string& token : tokens_) content += token + "\n";
  write_file_atomic(path, content);
}

std::vector<std::int64_t> OutputVocabulary::encode(const Tokenizer& tokenizer,
                                                   std::string_view text) const {
  std::vector<std::int64_t> ids = tokenizer.encode_plain(text);
  for (std::int64_t& value : ids) {
    value = tokenizer.is_special(value) ? unk_id() : id(tokenizer.token(value));
  }
  return ids;
}

std::string OutputVocabulary::decode(const std::vector<std::int64_t>& ids) const {
  std::vector<std::string> pieces;
  for (const std::int64_t value : ids) {
    const std::string& piece = token(value);
    if (value == eos_id()) break;
    if (value != pad_id() && value != bos_id()) pieces.push_back(piece);
  }
  return join_pieces(pieces);
}

const std::string& OutputVocabulary::token(std::int64_t id) const {
  check(id >= 0 && id < size(), ErrorCode::kUsage, "output token id ", id,
        " is outside the vocabulary of ", size(), " tokens");
  return tokens_[static_cast<std::size_t>(id)];
}

std::int64_t OutputVocabulary::id(const std::string& token) const {
  const auto it = ids_.find(token);
  return it == ids_.end() ? unk_id() : it->second;
}

}  // namespace beholder::text
