#include "core/stand_in.hpp"

#include <gtest/gtest.h>

#include "beholder/error.hpp"

namespace beholder {
namespace {

const std::string kPointer =
    "version https://git-lfs.github.com/spec/v1\n"
    "oid sha256:4665a5ea423c2713d436b5ee50593a9640e0018c1550b5a0002f74190d6caea8\n"
    "size 1538800584\n";

TEST(StandIn, NamesPointersPagesAndNothing) {
  EXPECT_EQ(stand_in(kPointer, "the weights"),
            "is a git-lfs pointer, not the weights; run `git lfs pull` in its folder to fetch the "
            "1538800584 bytes");
  EXPECT_NE(
      stand_in("version https://hawser.github.com/spec/v1\noid sha256:00\n", "it").find("lfs"),
      std::string::npos);
  for (const char* page : {"<!DOCTYPE html>\n<html>", "\n <html lang=\"en\">", "<!doctype HTML>"})
    EXPECT_NE(stand_in(page, "the weights").find("a web page, not the weights"), std::string::npos);
  EXPECT_NE(stand_in("", "it").find("0 bytes"), std::string::npos);
}

TEST(StandIn, LetsFilesPass) {
  EXPECT_EQ(stand_in("{}", "it"), "");
  EXPECT_EQ(stand_in("version 2", "it"), "");
  EXPECT_EQ(stand_in("<b>", "it"), "");
  EXPECT_EQ(stand_in(std::string(9, '\0'), "it"), "");
  // As long as no pointer is: a text about them.
  EXPECT_EQ(stand_in(kPointer + std::string(2000, 'x'), "it"), "");
}

TEST(StandIn, TheErrorNamesTheFile) {
  try {
    refuse_stand_in(kPointer, "folder/vocab.txt");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kModelFormat);
    EXPECT_EQ(
        std::string(error.what()).find("folder/vocab.txt: is a git-lfs pointer, not the file"), 0u)
        << error.what();
  }
}

}  // namespace
}  // namespace beholder
