// What a batch knows, from its journal, of the files that it wrote, so that it can tell them from
// what people made of them.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "batch/journal.hpp"
#include "batch/output_file.hpp"
#include "batch/row.hpp"

namespace beholder::batch {

/// Whose a file is.
enum class FileState {
  kNone,     ///< nothing is there, or an empty file that the batch does not know
  kOwn,      ///< as the batch left it
  kJoined,   ///< as the batch left it, with words of somebody else in it
  kEdited,   ///< the batch wrote it, and it was changed since
  kForeign,  ///< the batch does not know it, or cannot read it
};

/// A journal's notes {"wrote": path, "content": hash, …}. A note is written before the file is
/// renamed into its place, so it also says what was there before: a run that is killed between the
/// two leaves that. {"outputs": "written"} says that all files noted so far are in their places.
class WrittenFiles {
 public:
  /// Knows nothing yet. Paths are noted relative to the journal's folder.
  explicit WrittenFiles(const std::filesystem::path& journal);

  /// What a journal that nobody writes says; nothing when there is none.
  /// @param texts look at its rows, too (`recall_row`)
  /// @throws Error kFileAccess, kDataFormat
  static WrittenFiles of_journal(const std::filesystem::path& journal, bool texts = true);

  /// Takes in a note; anything else is left alone.
  void recall(const Json& json);

  /// Takes in a row: journals of earlier versions have no notes, and a picture's text that is what
  /// its row says is the batch's.
  void recall_row(const Row& row);

  /// Takes over what another one knows.
  void absorb(const WrittenFiles& other);

  /// Whether any note says that this file was written.
  bool knows(const std::filesystem::path& file) const;

  /// @param picture whose text the file is; empty: another file
  FileState state(const std::filesystem::path& file, const std::string& picture = "") const;

  /// Whether this text was put into the file, and is not what a killed run had yet to put there.
  bool added(const std::filesystem::path& file, const std::string& text) const;

  /// What is noted about a file that is about to be published.
  struct Note {
    FileState before = FileState::kNone;
    bool joined = false;  ///< words of somebody else stay in it
    std::string added;    ///< the batch's own part, for texts
  };
  /// Notes the file in `journal` (which may be null: then nothing is remembered) and publishes it.
  /// @throws Error kFileAccess
  void publish(OutputFile& file, const std::filesystem::path& output, const Note& note,
               Journal* journal);

  /// Notes that all is in its place. @throws Error kFileAccess
  void close(Journal* journal);

 private:
  struct Known {
    std::string content, was;  // hashes; was: empty when nothing was there
    bool joined = false, was_own = false, open = false;
    std::set<std::string> added;  // hashes
    std::string last_added;       // of the open note, unless it was there before
  };

  const Known* find(const std::filesystem::path& file) const;

  std::filesystem::path folder_;
  std::map<std::string, Known> files_;       // by whole path
  std::map<std::string, std::string> rows_;  // picture to the hash of its text
};

/// @throws Error kUsage when `output` holds something that no batch wrote, or that was changed
///   since: it is not empty, and not as the journal says that it was left
void check_own_output(const std::filesystem::path& output, const WrittenFiles& written);

}  // namespace beholder::batch
