#include "batch/merge.hpp"

#include <map>
#include <memory>
#include <set>

#include "batch/journal.hpp"
#include "core/check.hpp"

namespace beholder::batch {
namespace fs = std::filesystem;

namespace {

struct Found {
  std::uint64_t offset = 0;
  bool failed = false;
};
/// Where the latest row of a place in the list and a question stands.
using Places = std::map<std::pair<std::uint64_t, std::string>, Found>;

/// One journal's last header and the rows of its options.
struct Shard {
  explicit Shard(const fs::path& journal) : written(journal) {}

  Json header;
  WrittenFiles written;
  Places rows;

  Places::const_iterator find(std::uint64_t index, const std::string& question) const {
    return rows.find({index, question});
  }
  /// Whatever was asked there.
  Places::const_iterator latest(std::uint64_t index) const {
    auto out = rows.end();
    for (auto place = rows.lower_bound({index, ""});
         place != rows.end() && place->first.first == index; ++place)
      if (out == rows.end() || place->second.offset > out->second.offset) out = place;
    return out;
  }
};

Shard read_shard(const fs::path& path) {
  Shard out(path);
  bool done = false;
  std::map<std::string, Places> by_options;
  const auto torn = read_journal(path, [&](const Json& json, std::uint64_t offset) {
    out.written.recall(json);
    if (json.contains("journal")) {
      out.header = json;
      done = false;
    } else if (json.contains("done")) {
      done = true;
    } else if (is_row(json)) {
      const Row row = row_from_json(json);
      out.written.recall_row(row);
      by_options[row.options][{row.index, row.question}] = {offset, row.failed()};
    }
  });
  check(!out.header.is_null(), ErrorCode::kDataFormat, path.string(),
        ": holds no rows; name the journal of a batch (OUTPUT.journal) or the output itself");
  check(torn == 0, ErrorCode::kDataFormat, path.string(),
        ": ends in a piece of a row; run its shard again to the end first");
  check(
      done, ErrorCode::kDataFormat, path.string(),
      ": its last run did not come to its end, so some rows are not done yet or are of an earlier "
      "run; run its shard again to the end first");
  out.rows = std::move(by_options[out.header.at("options").get<std::string>()]);
  return out;
}

}  // namespace

fs::path journal_of(const fs::path& output) { return output.string() + ".journal"; }

Merged merge_journals(const std::vector<fs::path>& journals) {
  check(!journals.empty(), ErrorCode::kUsage, "no shards to merge; name their outputs");
  Merged out{{}, {}, 0, WrittenFiles("")};
  std::set<std::size_t> seen;
  Json first;
  std::vector<std::string> questions;
  std::size_t shards = 0;
  bool own_questions = false;
  for (const fs::path& named : journals) {
    const fs::path path = fs::exists(journal_of(named)) ? journal_of(named) : named;
    const Shard shard = read_shard(path);
    check(path == named || !shard.written.knows(named) ||
              shard.written.state(named) == FileState::kNone ||
              shard.written.state(named) == FileState::kOwn,
          ErrorCode::kUsage, named.string(),
          ": was changed since the batch wrote it, and a merge takes the rows from its journal; "
          "name ",
          path.string(), " to merge them without the changes");
    out.written.absorb(shard.written);
    if (out.journals.empty()) {
      first = shard.header;
      // Where each picture has a question of its own, its place has one row.
      own_questions = first.at("questions").is_null();
      questions = own_questions ? std::vector<std::string>{""}
                                : first.at("questions").get<std::vector<std::string>>();
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
        const auto found = own_questions ? shard.latest(index) : shard.find(index, questions[q]);
        if (found == shard.rows.end()) {
          ++missing;
          continue;
        }
        out.rows[index * questions.size() + q] = {journal, found->second.offset};
        if (found->second.failed) ++out.failed;
      }
    check(missing == 0, ErrorCode::kDataFormat, path.string(), ": ", missing,
          " rows are not done yet, or were left out because their pictures had a text already "
          "(--format txt); run its shard again to the end first, with another format");
  }
  for (std::size_t number = 1; number <= shards; ++number)
    check(seen.count(number) > 0, ErrorCode::kDataFormat, "shard ", number, "/", shards,
          " is missing; name the outputs of all shards");
  return out;
}

RowSource rows_of(const Merged& merged) {
  auto readers = std::make_shared<std::vector<JournalReader>>();
  for (const fs::path& path : merged.journals) readers->emplace_back(path);
  return [&merged, readers, next = std::size_t{0}](Row& row) mutable {
    if (next == merged.rows.size()) return false;
    const Merged::Place& place = merged.rows[next++];
    row = row_from_json((*readers)[place.journal].read(place.offset));
    return true;
  };
}

}  // namespace beholder::batch
