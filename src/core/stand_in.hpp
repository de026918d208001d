// Files that lie where another was meant: a git-lfs pointer, a web page, a download that never
// began.
#pragma once

#include <string>
#include <string_view>

namespace beholder {

/// What `content` is, if it only stands in for a file, and what to do about it: "is a git-lfs
/// pointer, not the weights; run `git lfs pull` …"; empty for anything else.
/// @param content the file, or its first 512 bytes or more  @param what was meant: "the weights"
std::string stand_in(std::string_view content, std::string_view what);

/// @throws Error kModelFormat naming `file` when `content` only stands in for `what`
void refuse_stand_in(std::string_view content, const std::string& file,
                     std::string_view what = "the file itself");

}  // namespace beholder
