// `beholder ask PICTURE` without a question: at a terminal, and with lines from a file.
#include <gtest/gtest.h>

#include "terminal.hpp"

namespace beholder::tests {
namespace {

const std::string kUp = "\x1b[A", kLeft = "\x1b[D", kCtrlC = "\x03", kCtrlD = "\x04",
                  kBackspace = "\x7f";

TEST(Dialogue, LinesAreEditedAndComeBack) {
  Terminal at({"ask", sample("cat.jpg"), "--json"});
  ASSERT_TRUE(at.shows("help lists")) << at.all();
  ASSERT_TRUE(at.shows("? "));
  at.type("is this a xcat?" + kLeft + kLeft + kLeft + kLeft + kBackspace + "\r");
  ASSERT_TRUE(at.shows("\"question\":\"is this a cat?\"")) << at.all();
  ASSERT_TRUE(at.shows("? "));
  at.type(kUp + "\r");
  ASSERT_TRUE(at.shows("\"question\":\"is this a cat?\"")) << at.all();
  // Before the prompt the terminal is not read key by key, and the key would be swallowed.
  ASSERT_TRUE(at.shows("? "));
  at.type(kCtrlD);
  EXPECT_EQ(at.code(), 0) << at.all();
}

TEST(Dialogue, ErrorsAndCtrlCDoNotEndIt) {
  Terminal at({"ask", sample("cat.jpg")});
  ASSERT_TRUE(at.shows("? "));
  at.type("half a quest" + kCtrlC);
  ASSERT_TRUE(at.shows("^C")) << at.all();
  ASSERT_TRUE(at.shows("? "));
  at.type(kCtrlC);
  ASSERT_TRUE(at.shows("^C")) << at.all();
  at.type("\r");  // an empty line is no question
  std::string longest = "is";
  for (int i = 0; i < 80; ++i) longest += " this";
  at.type(longest + "\r");
  ASSERT_TRUE(at.shows("tokens")) << at.all();
  at.type("/image none.jpg\r");
  ASSERT_TRUE(at.shows("none.jpg: no such file")) << at.all();
  at.type("/nonsense\r");
  ASSERT_TRUE(at.shows("no command")) << at.all();
  at.type("help\r");
  ASSERT_TRUE(at.shows("/image FILE")) << at.all();
  at.type("/image " + sample("scene.png") + "\r");
  ASSERT_TRUE(at.shows("Ask about")) << at.all();
  at.type("is there a cube?\r");
  ASSERT_TRUE(at.shows("confidence")) << at.all();
  at.type("quit\r");
  EXPECT_EQ(at.code(), 0) << at.all();
}

TEST(Dialogue, SignalsBetweenTwoKeysAreNotLost) {
  Terminal at({"ask", sample("cat.jpg")});
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(at.shows("? ")) << at.all();
    at.signal(SIGINT);  // at once: often before the program waits for a key
    ASSERT_TRUE(at.shows("^C")) << at.all();
  }
  ASSERT_TRUE(at.shows("? "));
  at.signal(SIGTERM);
  EXPECT_EQ(at.code(), 130) << at.all();
}

TEST(Dialogue, LettersOutsideAsciiCanBeTyped) {
  Terminal at({"ask", sample("cat.jpg"), "--json"});
  ASSERT_TRUE(at.shows("? "));
  at.type("is it a café?\r");
  EXPECT_TRUE(at.shows("\"question\":\"is it a café?\"")) << at.all();
  at.type("exit\r");
  EXPECT_EQ(at.code(), 0);
}

TEST(Dialogue, ATerminalWithoutEditingGetsPlainLines) {
  Terminal at({"ask", sample("cat.jpg")}, "dumb");
  ASSERT_TRUE(at.shows("? "));
  at.type("is this a cat?\n");
  EXPECT_TRUE(at.shows("confidence")) << at.all();
  EXPECT_EQ(at.all().find('\x1b'), std::string::npos);
  at.type("quit\n");
  EXPECT_EQ(at.code(), 0);
}

TEST(Dialogue, LinesFromAFile) {
  io::TemporaryFolder folder;
  fs::copy(sample("scene.png"), folder / "a b.png");
  write_text(folder / "lines", "is there a cat?\r\n\n/image none.jpg\n/image " +
                                   (folder / "a b.png").string() + "\nis there a cube?\n/image '" +
                                   sample("Café à la tasse.jpg") +
                                   "'\ncaf\xe9?\nis there a cup?\nquit\nis this asked?\n");
  const Finished ran = run({"ask", sample("cat.jpg"), "--json"}, folder / "lines");
  EXPECT_EQ(ran.code, 0) << ran.err;
  const std::vector<Json> rows = ran.rows();  // nothing but rows stands there
  ASSERT_EQ(rows.size(), 3u) << ran.out;
  EXPECT_EQ(rows[0].at("image"), sample("cat.jpg"));
  EXPECT_EQ(rows[1].at("image"), (folder / "a b.png").string());
  EXPECT_EQ(rows[2].at("image"), sample("Café à la tasse.jpg"));
  EXPECT_NE(ran.err.find("none.jpg"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("caf\\xe9"), std::string::npos) << ran.err;
  EXPECT_EQ(ran.err.find("? "), std::string::npos) << ran.err;  // no prompt
}

TEST(Dialogue, NamesAreEscapedOnATerminalAlone) {
  io::TemporaryFolder folder;
  const fs::path name = folder / "evil\x1b[31m\xe9.jpg";
  fs::copy(sample("cat.jpg"), name);
  Terminal at({"ask", name.string(), "is this a cat?", "is this a dog?"});
  EXPECT_EQ(at.code(), 0);
  EXPECT_NE(at.all().find("evil\\x1b[31m\\xe9.jpg"), std::string::npos) << at.all();
  EXPECT_EQ(at.all().find('\x1b'), std::string::npos);
  const Finished piped = run({"ask", name.string(), "is this a cat?", "is this a dog?"});
  EXPECT_NE(piped.out.find(name.string()), std::string::npos);
  const Finished failed = run({"ask", (folder / "no\x1b.jpg").string(), "is this a cat?"});
  EXPECT_NE(failed.err.find("no\\x1b.jpg"), std::string::npos) << failed.err;
}

}  // namespace
}  // namespace beholder::tests
