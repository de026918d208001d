// BERT's WordPiece tokenizer.
#pragma once

#include <array>
#include <filesystem>

#include "text/piece_trie.hpp"
#include "text/text_normalizer.hpp"
#include "text/tokenizer.hpp"

namespace beholder::text {

/// Equal to Hugging Face's `BertTokenizer` on every input (greedy longest match first: Wu et al.
/// 2016, section 4.1; Devlin et al. 2019, section 3). A word that no pieces make up is one [UNK]. A
/// special token written out in the text, such as "[MASK]" or "[SEP]" (exact case), becomes that
/// special token, as in the reference. Malformed UTF-8 is dropped (see `normalize`).
class WordPieceTokenizer final : public Tokenizer {
 public:
  /// Reads `vocab.txt` (one piece a line, the line number from 0 is the id) and
  /// `tokenizer_config.json` from a model directory.
  /// @throws Error kFileNotFound, kFileAccess; kModelFormat for an empty, repeated or malformed
  /// piece, a missing special token, or a configuration that this tokenizer does not implement.
  static WordPieceTokenizer load(const std::filesystem::path& model_dir);

  /// The same from a folder as published on Hugging Face: vocab.txt, or else the WordPiece
  /// vocabulary of tokenizer.json; tokenizer_config.json may be missing, for BERT's uncased
  /// defaults.
  /// @throws Error as `load`; kModelFormat for a tokenizer.json of another kind
  static WordPieceTokenizer load_published(const std::filesystem::path& model_dir);

  std::vector<std::int64_t> encode(std::string_view text) const override;
  std::vector<std::int64_t> encode_plain(std::string_view text) const override;
  std::string decode(const std::vector<std::int64_t>& ids) const override;
  const std::string& token(std::int64_t id) const override;
  bool is_special(std::int64_t id) const override;
  std::size_t vocab_size() const override { return pieces_.size(); }
  std::int64_t pad_id() const override { return special_ids_[kPad]; }

 private:
  enum Special { kPad, kUnk, kCls, kSep, kMask, kSpecials };

  WordPieceTokenizer() = default;
  void set_vocabulary(std::vector<std::string> pieces);
  void read_config(const std::filesystem::path& path, bool optional);
  void append_text(std::string_view text, std::vector<std::int64_t>* ids) const;
  void append_word(std::string_view word, std::vector<std::int64_t>* ids) const;

  NormalizerOptions options_;
  std::vector<std::string> pieces_;
  PieceTrie initial_;       ///< pieces that may begin a word
  PieceTrie continuation_;  ///< pieces after the first, without their "##"
  std::array<std::int64_t, kSpecials> special_ids_{};
};

}  // namespace beholder::text
