#include "batch/written_files.hpp"

#include <system_error>

#include "batch/merge.hpp"
#include "core/check.hpp"
#include "core/content_hash.hpp"

namespace beholder::batch {
namespace fs = std::filesystem;

namespace {

std::string hash_of(const std::string& text) {
  return content_hash(text.data(), text.size()).hex();
}

/// Links in the folders' names are followed, so that one file has one name.
fs::path plain_path(const fs::path& path) {
  std::error_code error;
  const fs::path out = fs::weakly_canonical(fs::absolute(path, error), error);
  return error ? path.lexically_normal() : out;
}

}  // namespace

WrittenFiles::WrittenFiles(const fs::path& journal)
    : folder_(plain_path(journal.has_parent_path() ? journal.parent_path() : fs::path("."))) {}

WrittenFiles WrittenFiles::of_journal(const fs::path& journal, bool texts) {
  WrittenFiles out(journal);
  std::error_code ignored;
  if (fs::exists(journal, ignored))
    read_journal(journal, [&](const Json& json, std::uint64_t) {
      if (!is_row(json))
        out.recall(json);
      else if (texts)
        out.recall_row(row_from_json(json));
    });
  return out;
}

void WrittenFiles::recall_row(const Row& row) {
  if (row.question.empty() && !row.text().empty()) rows_[row.name] = hash_of(row.text() + "\n");
}

void WrittenFiles::recall(const Json& json) {
  if (json.contains("outputs")) {
    for (auto& [name, known] : files_) known.open = false;
    return;
  }
  if (!json.contains("wrote")) return;
  Known& known = files_[(folder_ / get_name(json, "wrote")).lexically_normal().string()];
  known.content = json.value("content", "");
  known.was = json.value("was", "");
  known.was_own = json.value("was_own", false);
  known.joined = json.value("joined", false);
  known.open = true;
  known.last_added.clear();
  const std::string added = json.value("added", "");
  if (!known.joined) known.added.clear();  // nothing else is left in it
  if (!added.empty() && known.added.insert(added).second) known.last_added = added;
}

void WrittenFiles::absorb(const WrittenFiles& other) {
  for (const auto& [name, known] : other.files_) files_[name] = known;
  for (const auto& [picture, hash] : other.rows_) rows_[picture] = hash;
}

const WrittenFiles::Known* WrittenFiles::find(const fs::path& file) const {
  const auto found = files_.find(plain_path(file).string());
  return found == files_.end() ? nullptr : &found->second;
}

bool WrittenFiles::knows(const fs::path& file) const { return find(file) != nullptr; }

FileState WrittenFiles::state(const fs::path& file, const std::string& picture) const {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (!fs::exists(status)) return FileState::kNone;
  if (!fs::is_regular_file(status)) return FileState::kForeign;
  const Known* known = find(file);
  if (known == nullptr && fs::file_size(file, error) == 0 && !error) return FileState::kNone;
  std::string content;
  try {
    content = file_content_hash(file).hex();
  } catch (const Error&) {
    return FileState::kForeign;
  }
  if (known != nullptr) {
    if (content == known->content) return known->joined ? FileState::kJoined : FileState::kOwn;
    // A run was killed between its note and the file.
    if (known->open && content == known->was)
      return known->was_own ? FileState::kOwn : FileState::kForeign;
    return FileState::kEdited;
  }
  const auto row = rows_.find(picture);
  return !picture.empty() && row != rows_.end() && row->second == content ? FileState::kOwn
                                                                          : FileState::kForeign;
}

bool WrittenFiles::added(const fs::path& file, const std::string& text) const {
  const Known* known = find(file);
  const std::string hash = hash_of(text);
  if (known == nullptr || known->added.count(hash) == 0) return false;
  if (!known->open || known->last_added != hash) return true;
  try {
    return known->was != file_content_hash(file).hex();
  } catch (const Error&) {
    return true;
  }
}

void WrittenFiles::publish(OutputFile& file, const fs::path& output, const Note& note,
                           Journal* journal) {
  if (journal != nullptr) {
    Json json = Json::object();
    put_name(json, plain_path(output).lexically_relative(folder_).generic_string(), "wrote");
    json["content"] = file_content_hash(file.temporary()).hex();
    if (note.before != FileState::kNone) {
      json["was"] = file_content_hash(output).hex();
      json["was_own"] = note.before == FileState::kOwn;
    }
    if (note.joined) json["joined"] = true;
    if (!note.added.empty()) json["added"] = hash_of(note.added);
    journal->append(json);
    // After a power cut a text may be seen as somebody else's, but not be joined to twice.
    if (note.joined || note.added.empty()) journal->sync();
    recall(json);
  }
  file.publish();
}

void WrittenFiles::close(Journal* journal) {
  const Json json = {{"outputs", "written"}};
  bool open = false;
  for (const auto& [name, known] : files_) open |= known.open;
  if (journal == nullptr || !open) return;
  journal->append(json);
  journal->sync();
  recall(json);
}

void check_own_output(const fs::path& output, const WrittenFiles& written) {
  std::error_code ignored;
  if (!fs::exists(output, ignored) || fs::file_size(output, ignored) == 0) return;
  check(fs::exists(journal_of(output), ignored), ErrorCode::kUsage, output.string(),
        ": is there already and has no journal beside it, so no batch wrote it; choose another "
        "output, remove it, or replace it with --existing overwrite");
  const FileState state = written.state(output);
  check(state == FileState::kOwn || state != FileState::kForeign || written.knows(output),
        ErrorCode::kUsage, output.string(),
        ": its journal does not say what was written there (an earlier version's does not), so it "
        "may have been edited; move it away, and the same command writes it anew, or replace it "
        "with --existing overwrite");
  check(state == FileState::kOwn, ErrorCode::kUsage, output.string(),
        ": was changed since the batch wrote it, and would be replaced; move it away, and the same "
        "command writes it anew from its journal, or replace it with --existing overwrite");
}

}  // namespace beholder::batch
