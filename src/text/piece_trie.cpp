#include "text/piece_trie.hpp"

#include "core/check.hpp"

namespace beholder::text {

namespace {
constexpr std::size_t kMaxNodes = (1U << 24U) - 1;  // a node and a byte fit a 32-bit key
}

PieceTrie::PieceTrie() : edges_(1024), ids_(1, -1) {}

std::size_t PieceTrie::slot(std::uint32_t key) const {
  const std::size_t mask = edges_.size() - 1;  // the size is a power of two
  // Knuth's multiplicative hash; its high bits are the well-mixed ones.
  std::size_t at = ((key * 2654435769U) >> 8U) & mask;
  while (edges_[at].key != 0 && edges_[at].key != key) at = (at + 1) & mask;
  return at;
}

std::uint32_t PieceTrie::child(std::uint32_t node, unsigned char byte) const {
  return edges_[slot(node * 256U + byte + 1U)].node;
}

void PieceTrie::grow() {
  std::vector<Edge> old(edges_.size() * 2);
  old.swap(edges_);
  for (const Edge& edge : old) {
    if (edge.key != 0) edges_[slot(edge.key)] = edge;
  }
}

bool PieceTrie::insert(std::string_view piece, std::int64_t id) {
  std::uint32_t node = 0;
  for (const char c : piece) {
    const auto byte = static_cast<unsigned char>(c);
    std::uint32_t next = child(node, byte);
    if (next == 0) {
      check(ids_.size() < kMaxNodes, ErrorCode::kModelFormat,
            "the vocabulary has too many distinct prefixes (", kMaxNodes, " are possible)");
      next = static_cast<std::uint32_t>(ids_.size());
      ids_.push_back(-1);
      if (ids_.size() * 2 > edges_.size()) grow();
      const std::uint32_t key = node * 256U + byte + 1U;
      edges_[slot(key)] = {key, next};
    }
    node = next;
  }
  if (ids_[node] >= 0) return false;
  ids_[node] = id;
  return true;
}

PieceTrie::Match PieceTrie::longest_prefix(std::string_view text) const {
  Match best;
  std::uint32_t node = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    node = child(node, static_cast<unsigned char>(text[i]));
    if (node == 0) break;
    if (ids_[node] >= 0) best = {ids_[node], i + 1};
  }
  return best;
}

std::int64_t PieceTrie::find(std::string_view piece) const {
  std::uint32_t node = 0;
  for (const char c : piece) {
    node = child(node, static_cast<unsigned char>(c));
    if (node == 0) return -1;
  }
  return ids_[node];
}

}  // namespace beholder::text
