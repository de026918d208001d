#include "batch/earlier_task.hpp"

#include "batch/journal.hpp"
#include "core/check.hpp"

namespace beholder::batch {
namespace fs = std::filesystem;

void check_same_task(const fs::path& output, const fs::path& journal, const std::string& task) {
  std::error_code ignored;
  if (!fs::exists(journal, ignored) || !fs::exists(output, ignored)) return;
  std::string earlier;
  read_journal(journal, [&](const Json& json, std::uint64_t) {
    if (!json.is_object() || !json.contains("journal")) return;
    const Json description = json.value("description", Json::object());
    if (description.is_object()) earlier = description.value("task", "");
  });
  check(earlier.empty() || earlier == task, ErrorCode::kUsage, output.string(),
        ": holds what an earlier run found for --task ", earlier,
        ", and would be replaced by --task ", task, "; choose another output");
}

}  // namespace beholder::batch
