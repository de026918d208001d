#include "core/content_hash.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <memory>
#include <vector>

#include "core/check.hpp"
#include "core/file.hpp"

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

ContentHash file_content_hash(const std::filesystem::path& path) {
  const ByteSource source = bytes_of_file(path);
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(),
                                                                       &XXH3_freeState);
  check(state != nullptr, ErrorCode::kOutOfMemory, path.string(), ": no memory to hash this file");
  XXH3_128bits_reset(state.get());
  std::vector<char> piece(std::size_t{1} << 16);
  while (const std::size_t got = source(piece.data(), piece.size()))
    XXH3_128bits_update(state.get(), piece.data(), got);
  const XXH128_hash_t hash = XXH3_128bits_digest(state.get());
  return {hash.high64, hash.low64};
}

}  // namespace beholder
