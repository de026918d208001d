#include "core/content_hash.hpp"

#include <gtest/gtest.h>

#include <string>

#include "io/temporary_folder.hpp"
#include "support/text_files.hpp"

namespace beholder {
namespace {

// Of the reference program: printf 'a picture' | xxhsum -H2 (xxHash 0.8.1)
TEST(ContentHash, IsTheReferenceXxh3) {
  const std::string text = "a picture";
  EXPECT_EQ(content_hash(text.data(), text.size()).hex(), "9b4d6dd8f4f141b8944bccf526d2ba2d");
  EXPECT_EQ(content_hash("", 0).hex(), "99aa06d3014798d86001c324468d497f");
}

TEST(ContentHash, ChangesWithContentAndSeed) {
  const std::string text(1000, 'x');
  std::string other = text;
  other[999] = 'y';
  const ContentHash whole = content_hash(text.data(), text.size());
  EXPECT_TRUE(whole == content_hash(text.data(), text.size()));
  EXPECT_FALSE(whole == content_hash(other.data(), other.size()));
  EXPECT_FALSE(whole == content_hash(text.data(), text.size() - 1));
  EXPECT_FALSE(whole == content_hash(text.data(), text.size(), 1));
}

TEST(ContentHash, OfAFileIsThatOfItsBytes) {
  io::TemporaryFolder folder;
  for (const std::size_t size : {0, 1, 65536, 300000}) {
    const std::string text(size, 'x');
    tests::write_text(folder / "file", text);
    EXPECT_EQ(file_content_hash(folder / "file").hex(), content_hash(text.data(), size).hex());
  }
  EXPECT_EQ(tests::error_of([&] { file_content_hash(folder / "none"); }).code(),
            ErrorCode::kFileNotFound);
}

}  // namespace
}  // namespace beholder
