#include "batch/text_files.hpp"

#include <sys/stat.h>

#include <fstream>
#include <map>
#include <set>
#include <utility>

#include "core/check.hpp"
#include "core/file.hpp"
#include "core/text_lines.hpp"

namespace beholder::batch {
namespace fs = std::filesystem;

namespace {

constexpr const char* kMark = "\xEF\xBB\xBF";

bool joins(Existing existing) {
  return existing == Existing::kAppend || existing == Existing::kPrepend;
}

const char* reason(FileState state) {
  switch (state) {
    case FileState::kEdited: return "was changed since it was written here";
    case FileState::kJoined: return "has words of somebody else in it";
    default: return "is a text that this batch did not write";
  }
}

/// Why a file can be no text of a picture, whoever wrote it; empty when it can.
std::string obstacle(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return "";
  if (S_ISDIR(status.st_mode)) return "is a folder";
  if (!S_ISREG(status.st_mode)) return "is a pipe or a device";
  // Renaming over it would succeed; whoever took the right to write away meant it to stay.
  return (status.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0 ? "is read-only" : "";
}

/// Links followed, so that two names of one file are one.
std::string file_key(const fs::path& file) {
  std::error_code ignored;
  return fs::is_symlink(file, ignored) ? fs::weakly_canonical(file, ignored).string()
                                       : file.lexically_normal().string();
}

/// The text with a new one put before or behind it; nothing when it is not UTF-8.
bool join(const std::string& there, const std::string& text, Existing existing, std::string& out) {
  if (!is_utf8(there)) return false;
  const std::string mark = there.compare(0, 3, kMark) == 0 ? kMark : "";
  const std::string rest = there.substr(mark.size());
  if (existing == Existing::kAppend)
    out = there + (rest.empty() || rest.back() == '\n' ? "" : "\n") + text;
  else
    out = mark + text + rest;
  return true;
}

/// Whether whole lines of a text are these.
bool holds_lines(const std::string& there, const std::string& lines) {
  for (std::size_t at = there.find(lines); at != std::string::npos; at = there.find(lines, at + 1))
    if (at == 0 || there[at - 1] == '\n') return true;
  return false;
}

/// Puts the texts in their places, one by one.
class Writer {
 public:
  Writer(Existing existing, WrittenFiles& written, Journal* journal)
      : existing_(existing), written_(written), journal_(journal) {}

  void write(const std::string& picture, const std::string& text) {
    if (picture.empty() || text.empty()) return;
    const fs::path file = text_file(picture);
    const std::string blocked = obstacle(file);
    WrittenFiles::Note note;
    note.before = written_.state(file, picture);
    note.added = text;
    std::string content = text;
    if (note.before == FileState::kNone) {
      if (!blocked.empty()) return keep(file, picture, blocked);
      if (written_.knows(file)) ++summary.restored;
      return put(file, content, note);
    }
    if (blocked == "is a folder" || blocked == "is a pipe or a device")
      return keep(file, picture, blocked);
    if (note.before != FileState::kOwn && !joins(existing_) && existing_ != Existing::kOverwrite &&
        !same(file, text))
      return keep(file, picture, reason(note.before));
    if (joins(existing_)) {
      const std::string there = read_file_text(file);
      // What a person made of a text that was written here counts as it reads now.
      const bool edited = note.before == FileState::kEdited;
      if (edited ? holds_lines(there, text) : written_.added(file, text) || there == text) return;
      if (!join(there, text, existing_, content))
        return keep(file, picture, "is not UTF-8, and nothing can be joined to it");
      note.joined = true;
    }
    if (same(file, content)) return;
    if (!blocked.empty()) return keep(file, picture, blocked);
    put(file, content, note);
  }

  TextSummary summary;

 private:
  void keep(const fs::path& file, const std::string& picture, const std::string& why) {
    summary.kept.push_back({file, picture, why});
  }

  static bool same(const fs::path& file, const std::string& text) {
    std::error_code error;
    if (fs::file_size(file, error) != text.size() || error) return false;
    try {
      return read_file_text(file) == text;
    } catch (const Error&) {
      return false;
    }
  }

  void put(const fs::path& file, const std::string& content, const WrittenFiles::Note& note) {
    OutputFile output(file);
    std::ofstream out(output.temporary(), std::ios::binary | std::ios::trunc);
    out << content;
    out.close();
    check(static_cast<bool>(out), ErrorCode::kFileAccess, output.temporary().string(),
          ": writing failed; is the disk full?");
    std::error_code ignored;
    const fs::file_status there = fs::status(file, ignored);
    if (fs::exists(there)) fs::permissions(output.temporary(), there.permissions(), ignored);
    written_.publish(output, file, note, journal_);
    ++summary.written;
  }

  Existing existing_;
  WrittenFiles& written_;
  Journal* journal_;
};

std::set<std::pair<dev_t, ino_t>> identities(const std::vector<std::string>& files) {
  std::set<std::pair<dev_t, ino_t>> out;
  for (const std::string& name : files) {
    struct stat status {};
    if (!name.empty() && ::stat(name.c_str(), &status) == 0)
      out.emplace(status.st_dev, status.st_ino);
  }
  return out;
}

/// Why the text of a picture stays as it is, known before; empty when it may be written.
std::string kept_before(const fs::path& file, const std::string& picture, Existing existing,
                        const WrittenFiles& written) {
  const std::string blocked = obstacle(file);
  const FileState state = written.state(file, picture);
  if (!blocked.empty() && blocked != "is read-only") {
    check(existing == Existing::kSkip, ErrorCode::kUsage, printable(file.string()), ": ", blocked,
          " where the text of ", printable(picture),
          " would be written; move it, or leave the picture out with --existing skip");
    return blocked;
  }
  if (state == FileState::kNone || state == FileState::kOwn) return "";
  check(existing != Existing::kRefuse, ErrorCode::kUsage, printable(file.string()), ": ",
        reason(state), ", and would be overwritten by the text of ", printable(picture),
        "; move it, or keep it with --existing skip");
  if (existing == Existing::kSkip) return reason(state);
  return existing == Existing::kOverwrite ? blocked : "";
}

}  // namespace

Existing existing_from_name(const std::string& name) {
  static const std::map<std::string, Existing> names = {{"skip", Existing::kSkip},
                                                        {"overwrite", Existing::kOverwrite},
                                                        {"append", Existing::kAppend},
                                                        {"prepend", Existing::kPrepend},
                                                        {"refuse", Existing::kRefuse}};
  const auto found = names.find(name);
  check(found != names.end(), ErrorCode::kUsage, "'", name,
        "' is none of skip, overwrite, append, prepend, refuse");
  return found->second;
}

fs::path text_file(const std::string& picture) {
  fs::path file = fs::path(picture).replace_extension(".txt");
  std::error_code ignored;
  if (fs::exists(file, ignored)) return file;
  for (const char* extension : {".TXT", ".Txt"}) {
    const fs::path other = fs::path(picture).replace_extension(extension);
    if (fs::exists(other, ignored)) return other;
  }
  return file;
}

std::vector<KeptText> plan_texts(const std::vector<std::string>& pictures, Existing existing,
                                 const WrittenFiles& written,
                                 const std::vector<std::string>& read) {
  const auto inputs = identities(read);
  std::map<std::string, std::string> owners;
  std::vector<KeptText> out;
  for (const std::string& picture : pictures) {
    const fs::path file = text_file(picture);
    out.push_back({file, picture, kept_before(file, picture, existing, written)});
    if (!out.back().why.empty()) continue;
    struct stat status {};
    check(::stat(file.c_str(), &status) != 0 || inputs.count({status.st_dev, status.st_ino}) == 0,
          ErrorCode::kUsage, printable(file.string()),
          ": is read by this run, and would be changed by the text of ", printable(picture),
          "; rename one, or choose another format");
    const auto [owner, added] = owners.try_emplace(file_key(file), picture);
    check(added || owner->second == picture, ErrorCode::kUsage, printable(file.string()), ": both ",
          printable(owner->second), " and ", printable(picture),
          " would have this text file; rename one, or choose another format");
  }
  return out;
}

TextSummary write_text_files(const RowSource& rows, Existing existing, WrittenFiles& written,
                             Journal* journal) {
  Writer writer(existing, written, journal);
  std::string name, text;
  for (Row row; rows(row);) {
    if (row.name != name) {
      writer.write(name, text);
      name = row.name;
      text.clear();
    }
    if (!row.failed()) text += row.text_or_json() + "\n";
  }
  writer.write(name, text);
  written.close(journal);
  return std::move(writer.summary);
}

}  // namespace beholder::batch
