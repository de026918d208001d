#include "each_picture.hpp"

#include <cstdio>

#include "commands.hpp"
#include "picture_input.hpp"
#include "terminal_text.hpp"

namespace beholder::cli {

void for_each_picture(const Engine& engine, EarlyPicture& first,
                      const std::vector<std::string>& names,
                      const std::function<void(const std::string& name, const Picture&)>& show) {
  int failed = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    try {
      show(names[i], i == 0 ? first.encode(engine) : read_picture(engine, names[i]));
    } catch (const Error& error) {
      // A wrong question, option or model would fail for every picture.
      if (names.size() == 1 || error.code() == ErrorCode::kUsage ||
          error.code() == ErrorCode::kUnsupported || error.code() == ErrorCode::kQuestionTooLong)
        throw;
      ++failed;
      complain(error.what());
    }
  }
  if (failed == 0) return;
  std::fprintf(stderr, "beholder: %d of %zu pictures failed\n", failed, names.size());
  throw RowsFailed{};
}

}  // namespace beholder::cli
