#include "core/stand_in.hpp"

#include <algorithm>
#include <cctype>

#include "core/check.hpp"

namespace beholder {
namespace {

constexpr std::size_t kLongestPointer = 1024;  // bytes, by the specification of git-lfs

bool begins(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

/// The number behind "size " in a pointer; empty without one.
std::string pointed_bytes(std::string_view pointer) {
  const std::size_t line = pointer.find("\nsize ");
  if (line == std::string_view::npos) return "";
  std::string_view digits = pointer.substr(line + 6);
  digits = digits.substr(0, digits.find_first_not_of("0123456789"));
  return std::string(digits.substr(0, 20));
}

bool is_web_page(std::string_view content) {
  const std::size_t first = content.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return false;
  std::string start(content.substr(first, 15));
  std::transform(start.begin(), start.end(), start.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return begins(start, "<!doctype html") || begins(start, "<html");
}

}  // namespace

std::string stand_in(std::string_view content, std::string_view what) {
  if (content.empty())
    return "is empty (0 bytes): its download did not begin or was cut off; fetch it again";
  // The second is what the first versions of git-lfs wrote.
  if (content.size() <= kLongestPointer &&
      (begins(content, "version https://git-lfs.") || begins(content, "version https://hawser."))) {
    const std::string bytes = pointed_bytes(content);
    return concat("is a git-lfs pointer, not ", what, "; run `git lfs pull` in its folder",
                  bytes.empty() ? "" : concat(" to fetch the ", bytes, " bytes"));
  }
  if (is_web_page(content))
    return concat("is a web page, not ", what,
                  "; fetch it by its download link (on a hub the one with /resolve/, not /blob/)");
  return "";
}

void refuse_stand_in(std::string_view content, const std::string& file, std::string_view what) {
  const std::string found = stand_in(content, what);
  check(found.empty(), ErrorCode::kModelFormat, file, ": ", found);
}

}  // namespace beholder
