// Text to token ids and back, for every model that reads text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace beholder::text {

/// A tokenizer with its vocabulary of pieces. Immutable after loading; any number of threads may
/// use one at once.
class Tokenizer {
 public:
  virtual ~Tokenizer() = default;

  /// The ids of `text` with the special tokens that the model expects around it ([CLS] … [SEP]);
  /// never truncated: the caller checks the length.
  virtual std::vector<std::int64_t> encode(std::string_view text) const = 0;

  /// The ids of `text` alone, without those special tokens.
  virtual std::vector<std::int64_t> encode_plain(std::string_view text) const = 0;

  /// Written text; ids that stand for none (see `is_special`) are left out.
  virtual std::string decode(const std::vector<std::int64_t>& ids) const = 0;

  /// The piece of an id. @throws Error kUsage unless 0 <= id < vocab_size()
  virtual const std::string& token(std::int64_t id) const = 0;

  /// Whether an id stands for no text: a special token's, or one outside the vocabulary.
  virtual bool is_special(std::int64_t id) const = 0;

  virtual std::size_t vocab_size() const = 0;
  virtual std::int64_t pad_id() const = 0;
};

}  // namespace beholder::text
