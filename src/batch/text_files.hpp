// A text beside each picture, and what is done where one is already.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "batch/output.hpp"
#include "batch/written_files.hpp"

namespace beholder::batch {

/// For pictures that have a text which is not the batch's own, or not any more.
enum class Existing {
  kSkip,       ///< it stays, and the picture is left out
  kOverwrite,  ///< it is replaced
  kAppend,     ///< the new text is put behind it, on a line of its own, once
  kPrepend,    ///< the same before it
  kRefuse,     ///< the batch is not begun
};

/// @throws Error kUsage for a name that is none of skip, overwrite, append, prepend, refuse
Existing existing_from_name(const std::string& name);

/// The text file of a picture: its path with the extension replaced by .txt; one that is there with
/// the extension in capitals is the picture's text, too.
std::filesystem::path text_file(const std::string& picture);

/// A text that is left as it is.
struct KeptText {
  std::filesystem::path file;
  std::string picture;
  std::string why;  ///< "was changed since …"
};

/// Looks at the texts before anything is done.
/// @param read other files that the run reads
/// @return for each picture whether its text is kept and it need not be looked at: then `why` says
///   why, otherwise it is empty
/// @throws Error kUsage when two of the pictures would have one text file, when a text would be
///   written over a file of `read` or into what is no file, and with `kRefuse` for any text that is
///   not the batch's own
std::vector<KeptText> plan_texts(const std::vector<std::string>& pictures, Existing existing,
                                 const WrittenFiles& written, const std::vector<std::string>& read);

struct TextSummary {
  std::size_t written = 0;   ///< texts made or changed
  std::size_t restored = 0;  ///< of these, files that the batch had written and somebody removed
  std::vector<KeptText> kept;
};

/// Writes the texts of all rows that did not fail. Each file is looked at again: what somebody else
/// wrote or changed meanwhile is kept unless `existing` says otherwise.
/// @param journal notes what is written; null: nothing is remembered
/// @throws Error kFileAccess
TextSummary write_text_files(const RowSource& rows, Existing existing, WrittenFiles& written,
                             Journal* journal);

}  // namespace beholder::batch
