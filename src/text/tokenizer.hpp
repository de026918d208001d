// WordPiece over BERT's normalised words: the question's way into the model.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "text/piece_trie.hpp"
#include "text/text_normalizer.hpp"

namespace beholder::text {

/// A BERT WordPiece tokenizer, equal to Hugging Face's `BertTokenizer` on every input
/// (greedy longest match first: Wu et al. 2016, section 4.1; Devlin et al. 2019, section 3).
/// A special token written out in the text, such as "[MASK]" or "[SEP]" (exact case), becomes that
/// special token, as in the reference. Malformed UTF-8 is dropped (see `normalize`).
/// Immutable after loading; any number of threads may use one at once.
class Tokenizer {
 public:
  /// Reads `vocab.txt` (one piece a line, the line number from 0 is the id) and
  /// `tokenizer_config.json` from a model directory.
  /// @throws Error kFileNotFound, kFileAccess; kModelFormat for an empty, repeated or malformed
  /// piece, a missing special token, or a configuration that this tokenizer does not implement.
  static Tokenizer load(const std::filesystem::path& model_dir);

  /// The same from a folder as published on Hugging Face: vocab.txt, or else the WordPiece
  /// vocabulary of tokenizer.json; tokenizer_config.json may be missing, for BERT's uncased
  /// defaults.
  /// @throws Error as `load`; kModelFormat for a tokenizer.json of another kind
  static Tokenizer load_published(const std::filesystem::path& model_dir);

  /// The ids of `text` between [CLS] and [SEP]; never truncated: the caller checks the length.
  std::vector<std::int64_t> encode(std::string_view text) const;

  /// The ids of `text` alone, without [CLS] and [SEP] of their own.
  std::vector<std::int64_t> encode_plain(std::string_view text) const;

  /// The pieces of `text` ("play", "##ing"); a word that no pieces make up is one "[UNK]".
  std::vector<std::string> tokenize(std::string_view text) const;

  /// The piece of an id. @throws Error kUsage unless 0 <= id < vocab_size()
  const std::string& token(std::int64_t id) const;

  /// The id of a piece, spelled as in vocab.txt; `unk_id()` if there is none.
  std::int64_t id(std::string_view piece) const;

  std::size_t vocab_size() const { return pieces_.size(); }
  std::int64_t pad_id() const { return pad_id_; }
  std::int64_t unk_id() const { return unk_id_; }
  std::int64_t cls_id() const { return cls_id_; }
  std::int64_t sep_id() const { return sep_id_; }
  std::int64_t mask_id() const { return mask_id_; }
  const NormalizerOptions& options() const { return options_; }

 private:
  Tokenizer() = default;
  void set_vocabulary(std::vector<std::string> pieces);
  void read_config(const std::filesystem::path& path, bool optional);
  void append_text(std::string_view text, std::vector<std::int64_t>* ids) const;
  void append_word(std::string_view word, std::vector<std::int64_t>* ids) const;

  NormalizerOptions options_;
  std::vector<std::string> pieces_;
  PieceTrie initial_;       ///< pieces that may begin a word
  PieceTrie continuation_;  ///< pieces after the first, without their "##"
  std::vector<std::int64_t> special_ids_;
  std::int64_t pad_id_ = 0, unk_id_ = 0, cls_id_ = 0, sep_id_ = 0, mask_id_ = 0;
};

}  // namespace beholder::text
