// Pipes, closed and full streams: pictures that come through them, and results that go into them.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <chrono>

#include "program.hpp"

namespace beholder::tests {
namespace {

/// A shell's command line in which $B is the program; its exit code is that of the last $B.
Finished shell(const std::string& line) {
  io::TemporaryFolder folder;
  const std::string script = "export OMP_WAIT_POLICY=passive BEHOLDER_MODEL=" +
                             quoted((source_folder() / "models/beholder").string()) +
                             " B=" + quoted(BEHOLDER_PROGRAM) + "; set -o pipefail; " + line;
  const int status =
      std::system(("bash -c " + quoted(script) + " >" + quoted((folder / "out").string()) + " 2>" +
                   quoted((folder / "err").string()) + " </dev/null")
                      .c_str());
  Finished result;
  result.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  result.out = read_text(folder / "out");
  result.err = read_text(folder / "err");
  return result;
}

const std::string kCat = quoted(sample("cat.jpg"));

TEST(CliStreams, OutputThatNobodyTakesIsAnError) {
  io::TemporaryFolder folder;
  const std::string out = quoted((folder / "out").string());
  const std::vector<std::string> verbs = {"ask " + kCat + " 'is this a cat?'",
                                          "describe " + kCat + " --json",
                                          "objects " + kCat,
                                          "relations " + kCat,
                                          "score " + kCat + " 'a cat'",
                                          "model info --json",
                                          "model verify",
                                          "--version",
                                          "ask --help",
                                          "caption " + kCat + " --json --quiet -o " + out};
  for (const std::string& verb : verbs) {
    const Finished ran = shell("$B " + verb + " >/dev/full");
    EXPECT_EQ(ran.code, 1) << verb << ran.err;
    EXPECT_NE(ran.err.find("standard output"), std::string::npos) << verb << ran.err;
  }
  for (const char* closed : {">&-", "| true"}) {
    const Finished ran = shell("$B " + verbs.front() + " " + closed);
    EXPECT_EQ(ran.code, 1) << closed << ran.err;
    EXPECT_NE(ran.err.find("standard output"), std::string::npos) << closed << ran.err;
  }
}

TEST(CliStreams, WhatIsLeftIsNotDoneForNothing) {
  // Of thirty questions the first answer tells that nobody listens.
  std::string questions;
  for (int i = 0; i < 30; ++i) questions += " 'is this a cat?'";
  const Finished ran = shell("$B ask " + kCat + questions + " > /dev/full");
  EXPECT_EQ(ran.code, 1);
  EXPECT_EQ(ran.err.find("beholder: "), ran.err.rfind("beholder: ")) << ran.err;  // said once
}

TEST(CliStreams, EndlessInputIsCutOffAtOnce) {
  for (const char* source : {"/dev/zero", "/dev/urandom", "<(yes this is no picture)"}) {
    const auto start = std::chrono::steady_clock::now();
    const Finished ran = shell("cat " + std::string(source) + " | $B ask - 'what is this?'");
    EXPECT_NE(ran.code, 0);
    EXPECT_EQ(ran.out, "");
    EXPECT_NE(ran.err.find("standard input: not a picture"), std::string::npos) << ran.err;
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20)) << source;
  }
}

TEST(CliStreams, APictureWithoutAnEndIsCutOffAtTheCap) {
  const Finished ran = shell("(head -c 20 " + kCat + "; cat /dev/zero) | $B ask - 'what is this?'");
  EXPECT_NE(ran.code, 0);
  EXPECT_NE(ran.err.find("more than 256 MiB"), std::string::npos) << ran.err;
  rusage used{};
  ::getrusage(RUSAGE_CHILDREN, &used);
  EXPECT_LT(used.ru_maxrss, 1'500'000);  // KiB: the model, and the cap at most twice
}

TEST(CliStreams, PicturesThroughPipes) {
  const std::string wanted = shell("$B describe " + kCat).out;
  ASSERT_NE(wanted, "");
  io::TemporaryFolder folder;
  const std::string fifo = quoted((folder / "fifo").string());
  ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
  const std::vector<std::string> ways = {
      "cat " + kCat + " | $B describe -", "$B describe <(cat " + kCat + ")",
      "$B describe /dev/stdin <" + kCat, "cat " + kCat + " | $B describe /dev/stdin",
      "(sleep 1; cat " + kCat + " >" + fifo + ") & $B describe " + fifo,
      // a slow writer is waited for, however long it takes
      "(exec 3>" + fifo + "; sleep 5; cat " + kCat + " >&3) & $B describe " + fifo};
  for (const std::string& way : ways) {
    const Finished ran = shell(way);
    EXPECT_EQ(ran.code, 0) << way << ran.err;
    EXPECT_EQ(ran.out, wanted) << way;
  }
}

TEST(CliStreams, AFifoThatNobodyWritesIntoIsNotWaitedForWithoutEnd) {
  io::TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
  for (const char* verb : {"describe", "objects"}) {
    const Finished ran = run({verb, (folder / "fifo").string()});
    EXPECT_EQ(ran.code, 1);
    EXPECT_NE(ran.err.find("nothing is written"), std::string::npos) << ran.err;
  }
  const Finished drawn =
      run({"objects", (folder / "fifo").string(), "--draw", (folder / "x.png").string()});
  EXPECT_EQ(drawn.code, 2) << drawn.err;
}

TEST(CliStreams, NamesThatAreNotUtf8ComeBackFromJson) {
  io::TemporaryFolder folder;
  const fs::path name = folder / "caf\xe9\x1b[0m.jpg";
  fs::copy(sample("cat.jpg"), name);
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"ask", name.string(), "is this a cat?", "--json"},
                                             {"describe", name.string(), "--json"},
                                             {"objects", name.string(), "--json"},
                                             {"relations", name.string(), "--json"},
                                             {"score", name.string(), "a cat", "--json"}}) {
    const Finished ran = run(words);
    ASSERT_EQ(ran.code, 0) << ran.err;
    const Json row = ran.rows().at(0);
    EXPECT_NE(row.at("image").get<std::string>().find("caf\xef\xbf\xbd\x1b[0m.jpg"),
              std::string::npos);
    std::string bytes;
    const auto digits = row.at("image_bytes").get<std::string>();
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
      bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
    EXPECT_EQ(bytes, name.string());
  }
  EXPECT_FALSE(run({"describe", sample("cat.jpg"), "--json"}).rows().at(0).contains("image_bytes"));
}

}  // namespace
}  // namespace beholder::tests
