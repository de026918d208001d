// The decoder's own vocabulary: the WordPiece pieces that answers and captions use.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "text/tokenizer.hpp"

namespace beholder::text {

/// A small vocabulary over the pieces of a `Tokenizer`, with ids of its own. The file
/// `output_vocab.txt` holds one token a line: "[PAD]", "[BOS]", "[EOS]", "[UNK]", then the pieces.
class OutputVocabulary {
 public:
  /// @throws Error as `read_vocabulary_file`; kModelFormat unless the special tokens come first.
  static OutputVocabulary load(const std::filesystem::path& path);

  /// A vocabulary of these tokens behind the special ones, in that order.
  /// @throws Error kUsage for an empty token or one that comes twice
  static OutputVocabulary of(const std::vector<std::string>& tokens);

  /// The pieces that occur at least `min_count` times in `texts` (a text and how often it was
  /// said), by descending count, ties by bytes; the same input gives the same ids.
  /// @throws Error kUsage if `min_count` is below 1 or a count is negative.
  static OutputVocabulary build(const Tokenizer& tokenizer,
                                const std::vector<std::pair<std::string, std::int64_t>>& texts,
                                std::int64_t min_count);

  /// Writes the file that `load` reads, whole or not at all. @throws Error kFileAccess
  void save(const std::filesystem::path& path) const;

  /// The ids of `text` without [BOS] and [EOS]; a piece outside the vocabulary is `unk_id()`.
  std::vector<std::int64_t> encode(const Tokenizer& tokenizer, std::string_view text) const;

  /// Plain text: stops at [EOS], skips [PAD] and [BOS], joins "##" pieces, and spaces words and
  /// punctuation as written English does ("a man's t-shirt, 2.5 m"). [UNK] stays visible.
  /// @throws Error kUsage for an id outside the vocabulary
  std::string decode(const std::vector<std::int64_t>& ids) const;

  /// The token of an id. @throws Error kUsage unless 0 <= id < size()
  const std::string& token(std::int64_t id) const;

  /// The id of a token, spelled as in the file; `unk_id()` if there is none.
  std::int64_t id(const std::string& token) const;

  std::int64_t size() const { return static_cast<std::int64_t>(tokens_.size()); }
  std::int64_t pad_id() const { return 0; }
  std::int64_t bos_id() const { return 1; }
  std::int64_t eos_id() const { return 2; }
  std::int64_t unk_id() const { return 3; }

 private:
  explicit OutputVocabulary(std::vector<std::string> tokens);

  std::vector<std::string> tokens_;
  std::unordered_map<std::string, std::int64_t> ids_;
};

}  // namespace beholder::text
