#include "batch/merge.hpp"

#include <map>
#include <memory>
#include <set>

#include "batch/journal.hpp"
#include "core/check.hpp"

namespace beholder::batch {
namespace fs = std::filesystem;

namespace {

/// One journal's last header, and where its rows of those options stand, latest last.
struct Shard {
  Json header;
  std::map<std::pair<std::uint64_t, std::string>, std::uint64_t> offsets;  // (index, question)
};

Shard read_shard(const fs::path& path) {
  Shard out;
  bool done = false;
  read_journal(path, [&](const Json& json, std::uint64_t) {
    if (json.contains("journal")) {
      out.header = json;
      done = false;
    }
    if (json.contains("done")) done = true;
  });
  check(!out.header.is_null(), ErrorCode::kDataFormat, path.string(),
        ": holds no rows; name the journal of a batch (OUTPUT.journal) or the output itself");
  const auto options = out.header.at("options").get<std::string>();
  const auto torn = read_journal(path, [&](const Json& json, std::uint64_t offset) {
    if (json.contains("journal") || json.contains("done")) return;
    const Row row = row_from_json(json);
    if (row.options == options) out.offsets[{row.index, row.question}] = offset;
  });
  check(torn == 0, ErrorCode::kDataFormat, path.string(),
        ": ends in a piece of a row; run its shard again to the end first");
  check(
      done, ErrorCode::kDataFormat, path.string(),
      ": its last run did not come to its end, so some rows are not done yet or are of an earlier "
      "run; run its shard again to the end first");
  return out;
}

}  // namespace

fs::path journal_of(const fs::path& output) { return output.string() + ".journal"; }

Merged merge_journals(const std::vector<fs::path>& journals) {
  check(!journals.empty(), ErrorCode::kUsage, "no shards to merge; name their outputs");
  Merged out;
  std::set<std::size_t> seen;
  Json first;
  std::vector<std::string> questions;
  std::size_t shards = 0;
  for (const fs::path& named : journals) {
    const fs::path path = fs::exists(journal_of(named)) ? journal_of(named) : named;
    const Shard shard = read_shard(path);
    if (out.journals.empty()) {
      first = shard.header;
      questions = first.at("questions").get<std::vector<std::string>>();
      shards = first.at("shards").get<std::size_t>();
      out.rows.resize(first.at("pictures").get<std::size_t>() * questions.size());
    }
    for (const char* part : {"options", "questions", "shards", "pictures", "list"})
      check(shard.header.at(part) == first.at(part), ErrorCode::kDataFormat, path.string(),
            ": its ", part, " (", shard.header.at(part).dump(), ") are not those of ",
            out.journals.empty() ? path.string() : out.journals.front().string(), " (",
            first.at(part).dump(), "); only shards of one batch can be merged");
    const auto number = shard.header.at("shard").get<std::size_t>();
    check(seen.insert(number).second, ErrorCode::kDataFormat, path.string(), ": shard ", number,
          "/", shards, " is there twice; name each once");
    const auto journal = static_cast<std::uint32_t>(out.journals.size());
    out.journals.push_back(path);
    std::size_t missing = 0;
    for (std::size_t index = number - 1; index * questions.size() < out.rows.size();
         index += shards)
      for (std::size_t q = 0; q < questions.size(); ++q) {
        const auto found = shard.offsets.find({index, questions[q]});
        if (found == shard.offsets.end())
          ++missing;
        else
          out.rows[index * questions.size() + q] = {journal, found->second};
      }
    check(missing == 0, ErrorCode::kDataFormat, path.string(), ": ", missing,
          " rows are not done yet; run its shard again to the end first");
  }
  for (std::size_t number = 1; number <= shards; ++number)
    check(seen.count(number) > 0, ErrorCode::kDataFormat, "shard ", number, "/", shards,
          " is missing; name the outputs of all shards");
  const RowSource rows = rows_of(out);
  for (Row row; rows(row);)
    if (row.failed()) ++out.failed;
  return out;
}

RowSource rows_of(const Merged& merged) {
  return [&merged, next = std::size_t{0}](Row& row) mutable {
    if (next == merged.rows.size()) return false;
    const Merged::Place& place = merged.rows[next++];
    row = row_from_json(read_journal_row(merged.journals[place.journal], place.offset));
    return true;
  };
}

}  // namespace beholder::batch
