// What is said of command lines that make no sense, and the version.
#include <gtest/gtest.h>

#include "program.hpp"

namespace beholder::tests {
namespace {

TEST(CliUsage, Version) {
  for (const char* option : {"--version", "-V"}) {
    const Finished ran = run({option});
    EXPECT_EQ(ran.code, 0);
    EXPECT_EQ(ran.out.rfind("beholder ", 0), 0u) << ran.out;
    EXPECT_NE(ran.out.find('.'), std::string::npos);
    EXPECT_EQ(ran.err, "");
  }
}

TEST(CliUsage, AnUnknownWordIsNamedAndTheNearestOffered) {
  const auto says = [](const std::vector<std::string>& words, const std::string& named,
                       const std::string& offered) {
    const Finished ran = run(words);
    EXPECT_EQ(ran.code, 2) << named;
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(ran.err.rfind("beholder: ", 0), 0u) << ran.err;
    EXPECT_NE(ran.err.find("'" + named + "'"), std::string::npos) << ran.err;
    EXPECT_NE(ran.err.find(offered), std::string::npos) << ran.err;
  };
  says({"captoin", "x.jpg"}, "captoin", "did you mean caption?");
  says({"describ", "x.jpg"}, "describ", "did you mean describe?");
  says({"version"}, "version", "`beholder --version`");
  says({"model", "inof"}, "inof", "did you mean info?");
  says({"data", "derrive"}, "derrive", "did you mean derive?");
  says({"world", "draw"}, "draw", "`beholder world --help`");
  says({"qqqq"}, "qqqq", "`beholder --help`");
  says({sample("cat.jpg"), "what?"}, sample("cat.jpg"), "`beholder ask ");
  says({"ask", "x.jpg", "what?", "--topk", "3"}, "--topk", "did you mean --top-k?");
  says({"describe", "x.jpg", "--jsn"}, "--jsn", "did you mean --json?");
  says({"describe", "x.jpg", "--zzzzzzz"}, "--zzzzzzz", "`beholder describe --help`");
  says({"calibrate", "--model", "x", "--in-place", "--config", "z", "--confg", "y"}, "--confg",
       "did you mean --config?");
  const Finished none = run({});
  EXPECT_EQ(none.code, 2);
  EXPECT_NE(none.err.find("no command"), std::string::npos) << none.err;
}

TEST(CliUsage, NumbersOutOfRangeNameOptionValueAndRange) {
  const std::string cat = sample("cat.jpg");
  struct Case {
    std::vector<std::string> words;
    std::string option, value, range;
  };
  const auto ask = [&](const std::string& option, const std::string& value,
                       const std::string& range) {
    return Case{{"ask", cat, "what?", option, value}, option, value, range};
  };
  const auto describe = [&](const std::string& option, const std::string& value,
                            const std::string& range) {
    return Case{{"describe", cat, option, value}, option, value, range};
  };
  const auto caption = [&](const std::string& option, const std::string& value,
                           const std::string& range) {
    return Case{{"caption", cat, "-o", "/tmp/none.jsonl", option, value}, option, value, range};
  };
  for (const Case& one : std::vector<Case>{
           ask("--threads", "-1", "from 0 to "),
           ask("--threads", "99999999999", "from 0 to "),
           ask("--threads", "two", "from 0 to "),
           ask("--top-k", "0", "from 1 to 100"),
           ask("--beams", "1.5", "from 1 to 100"),
           ask("--max-new-tokens", "-7", "from 1 to 1000"),
           ask("--max-pixels", "-1", "of 1 or more"),
           ask("--min-confidence", "nan", "from 0 to 1"),
           ask("--min-confidence", "-0.1", "from 0 to 1"),
           describe("--num", "-3", "from 1 to 100"),
           describe("--num", "abc", "from 1 to 100"),
           describe("--num", "", "from 1 to 100"),
           describe("--num", "010", "from 1 to 100"),
           describe("--num", "99999999999999999999999", "from 1 to 100"),
           describe("--seed", "-1", "of 0 or more"),
           describe("--min-confidence", "1.1", "from 0 to 1"),
           describe("--temperature", "inf", "from 0 to 100"),
           describe("--sample-top-k", "-2", "of 0 or more"),
           describe("--sample-top-p", "1.1", "from 0 to 1"),
           describe("--length-penalty", "much", "a number"),
           caption("--limit", "-5", "of 0 or more"),
           caption("--batch-size", "0", "from 1 to 1024"),
           caption("--watts-per-core", "0", "above 0"),
           {{"objects", cat, "--max-objects", "0"}, "--max-objects", "0", "of 1 or more"},
           {{"world", "render", "--out", "/tmp/none", "--num", "-3"}, "--num", "-3", "from 1 to "},
           {{"world", "render", "--out", "/tmp/none", "--width", "9"}, "--width", "9", "from 64"},
           {{"eval", "--data", "x", "--limit", "-1"}, "--limit", "-1", "of 0 or more"}}) {
    const Finished ran = run(one.words);
    EXPECT_EQ(ran.code, 2) << one.option << " " << one.value;
    EXPECT_EQ(ran.out, "");
    for (const std::string& said : {one.option + ": ", "'" + one.value + "'", one.range})
      EXPECT_NE(ran.err.find(said), std::string::npos) << said << " in " << ran.err;
  }
}

TEST(CliUsage, AQuestionThatIsNotUtf8) {
  const Finished ran = run({"ask", sample("cat.jpg"), "caf\xe9?"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_NE(ran.err.find("caf\\xe9"), std::string::npos) << ran.err;
}

}  // namespace
}  // namespace beholder::tests
