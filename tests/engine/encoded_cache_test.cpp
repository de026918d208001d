#include "engine/encoded_cache.hpp"

#include <gtest/gtest.h>

namespace beholder::engine {
namespace {

class PlainModel final : public models::Model {
 public:
  PlainModel() : Model("nowhere") {}
  ModelInfo info() const override { return {}; }
  std::unique_ptr<models::PreparedPixels> prepare(const vision::Image&, int, int) const override {
    return nullptr;
  }
  std::shared_ptr<const models::EncodedPicture> encode(
      const models::PreparedPixels&) const override {
    return nullptr;
  }
};

struct PlainPicture final : models::EncodedPicture {
  PlainPicture() : EncodedPicture(PlainModel(), 1, 1) {}
  std::uint64_t bytes() const override { return 1; }
};

EncodedCache::Entry entry() { return std::make_shared<PlainPicture>(); }

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
}

}  // namespace
}  // namespace beholder::engine
