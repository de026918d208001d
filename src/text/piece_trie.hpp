// A byte trie over vocabulary pieces, for the longest piece at the start of a string.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace beholder::text {

/// Maps pieces to ids. The edges live in one open-addressing table keyed by (node, byte), so a
/// lookup allocates nothing and touches one slot a byte.
class PieceTrie {
 public:
  struct Match {
    std::int64_t id = -1;    ///< -1: no piece is a prefix of the text
    std::size_t length = 0;  ///< bytes
  };

  PieceTrie();

  /// Adds a piece; false if it is there already.
  bool insert(std::string_view piece, std::int64_t id);

  /// The longest piece that `text` starts with.
  Match longest_prefix(std::string_view text) const;

  /// The id of exactly this piece, or -1.
  std::int64_t find(std::string_view piece) const;

 private:
  struct Edge {
    std::uint32_t key = 0;   ///< node * 256 + byte + 1; 0 marks a free slot
    std::uint32_t node = 0;  ///< where the edge leads
  };
  std::size_t slot(std::uint32_t key) const;
  std::uint32_t child(std::uint32_t node, unsigned char byte) const;  ///< 0: none
  void grow();

  std::vector<Edge> edges_;
  std::vector<std::int64_t> ids_;  ///< by node; -1 where no piece ends
};

}  // namespace beholder::text
