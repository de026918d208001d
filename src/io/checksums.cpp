#include "io/checksums.hpp"

#include <algorithm>
#include <set>
#include <sstream>

#include "core/check.hpp"
#include "core/content_hash.hpp"
#include "core/file.hpp"
#include "core/stand_in.hpp"
#include "io/json_text.hpp"
#include "io/memory_file.hpp"
#include "io/model_weights.hpp"

namespace beholder::io {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kDigits = 32;

std::string hash_of(const fs::path& path) {
  const MappedFile file = MappedFile::open(path);
  return content_hash(file.data(), file.size()).hex();
}

/// Splits a line into digits and name. @throws Error kModelFormat
std::pair<std::string, std::string> parsed(std::string line, const std::string& where) {
  if (!line.empty() && line.back() == '\r') line.pop_back();
  const std::string digits = line.substr(0, kDigits);
  const bool plain = line.size() > kDigits + 2 && line.substr(kDigits, 2) == "  " &&
                     digits.find_first_not_of("0123456789abcdef") == std::string::npos;
  check(plain, ErrorCode::kModelFormat, where, ": expected 32 lower-case hexadecimal digits, two ",
        "spaces and a name, got ", in_quotes(line));
  const std::string name = line.substr(kDigits + 2);
  check(name.find('/') == std::string::npos && name != "..", ErrorCode::kModelFormat, where, ": ",
        in_quotes(name), " is not the name of a file in this folder");
  return {digits, name};
}

}  // namespace

void write_checksums(const fs::path& folder) {
  check(!weight_files(folder).empty(), ErrorCode::kFileNotFound, folder.string(),
        ": holds no weights of a model; name a model's folder");
  std::string text;
  for (const std::string& name : model_files(folder)) {
    check(name.find('/') == std::string::npos, ErrorCode::kModelFormat, folder.string(), ": ",
          in_quotes(name), " lies in a folder of its own; checksums are of plain folders");
    text += hash_of(folder / name) + "  " + name + "\n";
  }
  write_file_atomic(folder / kChecksumFile, text);
}

ChecksumReport compare_checksums(const fs::path& folder) {
  ChecksumReport out;
  const fs::path path = folder / kChecksumFile;
  if (!fs::exists(path)) return out;
  out.there = true;
  const std::string text = read_file_text(path);
  refuse_stand_in(text, path.string());
  std::istringstream lines(text);
  std::set<std::string> named;
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto [digits, name] = parsed(line, concat(path.string(), " line ", ++number));
    named.insert(name);
    ++out.files;
    if (!fs::exists(folder / name))
      out.differing.push_back(name + ": is not there");
    else if (hash_of(folder / name) != digits)
      out.differing.push_back(name + ": is not the file that was written");
  }
  for (const std::string& name : weight_files(folder))
    if (named.count(name) == 0) out.differing.push_back(name + ": has no checksum");
  return out;
}

}  // namespace beholder::io
