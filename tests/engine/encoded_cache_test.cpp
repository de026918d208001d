#include "engine/encoded_cache.hpp"

#include <gtest/gtest.h>

#include "engine/engine_impl.hpp"

namespace beholder::engine {
namespace {

EncodedCache::Entry entry() { return std::make_shared<Picture::Encoded>(); }

TEST(EncodedCache, DropsTheLeastRecentlyUsed) {
  EncodedCache cache(100);
  const ContentHash a{1, 1}, b{2, 2}, c{3, 3};
  cache.insert(a, entry(), 40);
  cache.insert(b, entry(), 40);
  EXPECT_NE(cache.find(a), nullptr);  // b is now the older one
  cache.insert(c, entry(), 40);
  EXPECT_EQ(cache.bytes(), 80u);
  EXPECT_NE(cache.find(a), nullptr);
  EXPECT_EQ(cache.find(b), nullptr);
  EXPECT_NE(cache.find(c), nullptr);
}

TEST(EncodedCache, KeepsItsBounds) {
  EncodedCache cache(100);
  cache.insert({1, 1}, entry(), 101);  // larger than all of it: not kept, and nothing is dropped
  EXPECT_EQ(cache.find({1, 1}), nullptr);
  const auto first = entry();
  cache.insert({2, 2}, first, 60);
  cache.insert({2, 2}, entry(), 60);  // the one that is there stays
  EXPECT_EQ(cache.find({2, 2}), first);
  EXPECT_EQ(cache.bytes(), 60u);
  EXPECT_EQ(cache.find({2, 3}), nullptr);
  EXPECT_FALSE(EncodedCache(0).enabled());
}

}  // namespace
}  // namespace beholder::engine
