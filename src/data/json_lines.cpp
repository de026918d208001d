#include "data/json_lines.hpp"

#include <zlib.h>

#include <memory>
#include <string_view>

#include "core/check.hpp"

namespace beholder::data {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

/// Lines of a plain or gzipped file; zlib passes plain content through unchanged.
class LineReader {
 public:
  explicit LineReader(const fs::path& path) : path_(path) {
    std::error_code ec;
    const fs::file_status status = fs::status(path, ec);
    check(status.type() != fs::file_type::not_found, ErrorCode::kFileNotFound, path.string(),
          ": no such file; check the name");
    check(status.type() != fs::file_type::directory, ErrorCode::kFileAccess, path.string(),
          ": is a directory; name a JSON Lines file in it");
    file_.reset(gzopen(path.c_str(), "rb"));
    check(file_ != nullptr, ErrorCode::kFileAccess, path.string(), ": cannot be opened");
  }

  bool next(std::string& line) {
    line.clear();
    for (;;) {
      const std::size_t end = buffer_.find('\n', begin_);
      if (end != std::string::npos) {
        line.append(buffer_, begin_, end - begin_);
        begin_ = end + 1;
        return true;
      }
      line.append(buffer_, begin_, std::string::npos);
      begin_ = 0;
      if (!fill()) return !line.empty();
    }
  }

 private:
  bool fill() {
    buffer_.resize(std::size_t{1} << 16);
    const int count = gzread(file_.get(), buffer_.data(), static_cast<unsigned>(buffer_.size()));
    int code = Z_OK;
    const char* cause = gzerror(file_.get(), &code);
    // A gzip stream that stops early is reported as Z_BUF_ERROR, and only once all of it is read.
    check(count >= 0 && (code == Z_OK || code == Z_STREAM_END), ErrorCode::kDataFormat,
          path_.string(), ": the compressed content is damaged or cut off (", cause,
          "); fetch the file again");
    buffer_.resize(static_cast<std::size_t>(count));
    return count > 0;
  }

  struct Close {
    void operator()(gzFile_s* file) const { gzclose(file); }
  };
  fs::path path_;
  std::unique_ptr<gzFile_s, Close> file_;
  std::string buffer_;
  std::size_t begin_ = 0;
};

constexpr std::string_view kWhiteSpace = " \t\r\n\v\f";

}  // namespace

std::string RowPlace::str() const { return concat(file.string(), ":", line); }

void for_each_json_line(const fs::path& path,
                        const std::function<bool(const json&, const RowPlace&)>& row) {
  LineReader lines(path);
  RowPlace place{path, 0};
  bool any = false;
  for (std::string line; lines.next(line);) {
    ++place.line;
    if (place.line == 1 && line.compare(0, 3, "\xEF\xBB\xBF") == 0) line.erase(0, 3);
    if (line.find_first_not_of(kWhiteSpace) == std::string::npos) continue;
    json object;
    try {
      object = json::parse(line);
    } catch (const json::exception& error) {
      fail(ErrorCode::kDataFormat, place.str(), ": not valid JSON (", error.what(),
           "); expected one JSON object a line");
    }
    check(object.is_object(), ErrorCode::kDataFormat, place.str(), ": a JSON ", object.type_name(),
          "; expected one JSON object a line");
    any = true;
    if (!row(object, place)) return;
  }
  check(any, ErrorCode::kDataFormat, path.string(),
        ":1: the file holds no row; expected one JSON object a line");
}

std::string picture_path_in(const std::filesystem::path& folder,
                            const std::filesystem::path& picture) {
  namespace fs = std::filesystem;
  if (picture.is_absolute()) return picture.generic_string();
  const fs::path base = fs::absolute(folder.empty() ? fs::path(".") : folder).lexically_normal();
  return fs::absolute(picture).lexically_normal().lexically_relative(base).generic_string();
}

std::string required_string(const json& object, const char* key, const RowPlace& place,
                            const char* row_form) {
  const auto found = object.find(key);
  check(found != object.end(), ErrorCode::kDataFormat, place.str(), ": the key \"", key,
        "\" is missing; expected ", row_form);
  check(found->is_string(), ErrorCode::kDataFormat, place.str(), ": \"", key, "\" is a ",
        found->type_name(), ", expected a string as in ", row_form);
  std::string value = found->get<std::string>();
  check(value.find_first_not_of(kWhiteSpace) != std::string::npos, ErrorCode::kDataFormat,
        place.str(), ": \"", key, "\" is empty; expected ", row_form);
  return value;
}

}  // namespace beholder::data
