#include "each_picture.hpp"

#include <cstdio>

#include "commands.hpp"
#include "picture_input.hpp"
#include "terminal_text.hpp"

namespace beholder::cli {

void for_each_picture(const Engine& engine, const std::vector<std::string>& names,
                      const std::function<void(const std::string& name, const Picture&)>& show) {
  int failed = 0;
  for (const std::string& name : names) {
    try {
      show(name, read_picture(engine, name));
    } catch (const Error& error) {
      // A wrong option or model would fail for every picture.
      if (names.size() == 1 || error.code() == ErrorCode::kUsage ||
          error.code() == ErrorCode::kUnsupported)
        throw;
      ++failed;
      complain(error.what());
    }
  }
  end_of_pictures(failed, names.size());
}

void end_of_pictures(int failed, std::size_t pictures) {
  if (failed == 0) return;
  std::fprintf(stderr, "beholder: %d of %zu pictures failed\n", failed, pictures);
  throw RowsFailed{};
}

}  // namespace beholder::cli
