#include "text/vocabulary_file.hpp"

#include <unordered_set>

#include "core/check.hpp"
#include "core/file.hpp"
#include "core/stand_in.hpp"
#include "core/text_lines.hpp"

namespace beholder::text {

std::vector<std::string> read_vocabulary_file(const std::filesystem::path& path) {
  refuse_stand_in(read_file_text(path), path.string());
  LineOptions options;
  options.code = ErrorCode::kModelFormat;
  TextLines lines(path, options);
  std::vector<std::string> pieces;
  std::unordered_set<std::string> seen;
  for (std::string piece; lines.next(piece);) {
    check(!piece.empty(), ErrorCode::kModelFormat, lines.place(),
          ": empty; each line must hold one piece");
    check(seen.insert(piece).second, ErrorCode::kModelFormat, lines.place(), ": the piece \"",
          piece, "\" stands in an earlier line as well");
    pieces.push_back(piece);
  }
  return pieces;
}

}  // namespace beholder::text
