#include "batch/earlier_task.hpp"

#include <gtest/gtest.h>

#include "batch/journal.hpp"
#include "beholder/error.hpp"
#include "io/temporary_folder.hpp"
#include "support/text_files.hpp"

namespace beholder::batch {
namespace {

TEST(EarlierTask, TheLastRunSaysWhatTheOutputHolds) {
  const io::TemporaryFolder folder;
  const auto output = folder / "out.jsonl", journal = folder / "out.jsonl.journal";
  check_same_task(output, journal, "describe");  // nothing is there
  {
    Journal file(journal, [](const Json&, std::uint64_t) {});
    file.append({{"journal", 1}, {"description", {{"task", "objects"}}}});
    file.append({{"journal", 1}, {"description", {{"task", "describe"}}}});
  }
  check_same_task(output, journal, "objects");  // no output is there to be replaced
  tests::write_text(output, "{}\n");
  check_same_task(output, journal, "describe");
  const Error error = tests::error_of([&] { check_same_task(output, journal, "objects"); });
  EXPECT_EQ(error.code(), ErrorCode::kUsage);
  EXPECT_NE(std::string(error.what()).find("another output"), std::string::npos);
}

}  // namespace
}  // namespace beholder::batch
