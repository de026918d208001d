#include "core/log.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace beholder {
namespace {

TEST(Log, GoesToTheCallbackAloneAndNeverThrows) {
  log(LogLevel::kWarning, "nobody listens ", 1);
  std::vector<std::pair<LogLevel, std::string>> heard;
  set_log_callback(
      [&](LogLevel level, const std::string& message) { heard.emplace_back(level, message); });
  log(LogLevel::kInfo, "loaded ", 3, " parts");
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_EQ(heard[0].first, LogLevel::kInfo);
  EXPECT_EQ(heard[0].second, "loaded 3 parts");
  set_log_callback([](LogLevel, const std::string&) { throw std::runtime_error("no"); });
  EXPECT_NO_THROW(log(LogLevel::kInfo, "dropped"));
  set_log_callback({});
  log(LogLevel::kInfo, "dropped");
  EXPECT_EQ(heard.size(), 1u);
}

}  // namespace
}  // namespace beholder
