#include "core/content_hash.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace beholder {

std::string ContentHash::hex() const {
  static const char digits[] = "0123456789abcdef";
  std::string out;
  for (const std::uint64_t half : {high, low})
    for (int shift = 60; shift >= 0; shift -= 4) out += digits[(half >> shift) & 15];
  return out;
}

ContentHash content_hash(const void* data, std::size_t size, std::uint64_t seed) {
  const XXH128_hash_t hash = XXH3_128bits_withSeed(data, size, seed);
  return {hash.high64, hash.low64};
}

}  // namespace beholder
