#include "core/file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <system_error>

#include "core/check.hpp"

namespace beholder {
namespace fs = std::filesystem;

namespace {

template <typename Buffer>
Buffer read_whole(const fs::path& path) {
  const ByteSource source = bytes_of_file(path);
  Buffer content;
  // Read in pieces: the size of a pipe or of /proc is not known beforehand.
  char piece[1 << 16];
  while (const std::size_t got = source(piece, sizeof piece))
    content.insert(content.end(), piece, piece + got);
  return content;
}

void sync_path(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

}  // namespace

ByteSource bytes_of_file(const fs::path& path) {
  std::error_code ec;
  const fs::file_status status = fs::status(path, ec);
  if (status.type() == fs::file_type::not_found)
    fail(ErrorCode::kFileNotFound, path.string(), ": no such file; check the name");
  if (status.type() == fs::file_type::directory)
    fail(ErrorCode::kFileAccess, path.string(), ": is a directory; name a file");
  if (status.type() == fs::file_type::character || status.type() == fs::file_type::block)
    fail(ErrorCode::kFileAccess, path.string(),
         ": is a device, which may have no end; name a file");
  auto in = std::make_shared<std::ifstream>(path, std::ios::binary);
  if (!*in)
    fail(ErrorCode::kFileAccess, path.string(), ": cannot be opened: ", std::strerror(errno));
  return [in, path](char* to, std::size_t most) {
    in->read(to, static_cast<std::streamsize>(most));
    if (in->bad())
      fail(ErrorCode::kFileAccess, path.string(), ": a read failed: ", std::strerror(errno));
    return static_cast<std::size_t>(in->gcount());
  };
}

std::vector<std::uint8_t> read_file_bytes(const fs::path& path) {
  return read_whole<std::vector<std::uint8_t>>(path);
}

std::string read_file_text(const fs::path& path) { return read_whole<std::string>(path); }

fs::path temporary_sibling(const fs::path& path) {
  fs::path temporary = path;
  temporary += ".tmp-" + std::to_string(::getpid());
  return temporary;
}

void publish_file(const fs::path& temporary, const fs::path& path) {
  sync_path(temporary);
  std::error_code ec;
  fs::rename(temporary, path, ec);
  if (ec) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    fail(ErrorCode::kFileAccess, path.string(), ": cannot be written: ", ec.message());
  }
  sync_path(path.has_parent_path() ? path.parent_path() : fs::path("."));
}

void write_file_atomic(const fs::path& path, std::string_view content) {
  const fs::path temporary = temporary_sibling(path);
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  if (!out) {
    const int cause = errno;
    std::error_code ignored;
    fs::remove(temporary, ignored);
    fail(ErrorCode::kFileAccess, path.string(), ": cannot be written: ", std::strerror(cause));
  }
  publish_file(temporary, path);
}

}  // namespace beholder
