#include "io/zip_archive.hpp"

#include <algorithm>
#include <cstring>

#include "core/check.hpp"

namespace beholder::io {
namespace {

constexpr std::uint32_t kEnd = 0x06054b50, kEnd64 = 0x06064b50, kLocator64 = 0x07064b50;
constexpr std::uint32_t kCentral = 0x02014b50, kLocal = 0x04034b50;
constexpr std::uint64_t kEndBytes = 22, kLocatorBytes = 20, kEnd64Bytes = 56;
constexpr std::uint64_t kCentralBytes = 46, kLocalBytes = 30;
constexpr std::uint64_t kMostEntries = 1 << 20;

/// Little-endian numbers of a mapped file, each read within its bounds.
class Reader {
 public:
  Reader(const MappedFile& mapped, const std::string& file) : mapped_(mapped), file_(file) {}

  template <typename Number>
  Number at(std::uint64_t offset) const {
    need(offset, sizeof(Number));
    Number value;
    std::memcpy(&value, mapped_.data() + offset, sizeof value);
    return value;
  }
  void need(std::uint64_t offset, std::uint64_t bytes) const {
    check(offset <= mapped_.size() && bytes <= mapped_.size() - offset, ErrorCode::kModelFormat,
          file_, ": expected ", bytes, " bytes at ", offset, " of a zip archive of ",
          mapped_.size(), "; the file is cut short or damaged");
  }
  std::string text(std::uint64_t offset, std::uint64_t bytes) const {
    need(offset, bytes);
    return {reinterpret_cast<const char*>(mapped_.data()) + offset,
            static_cast<std::size_t>(bytes)};
  }
  const MappedFile& mapped() const { return mapped_; }
  const std::string& file() const { return file_; }

 private:
  const MappedFile& mapped_;
  const std::string& file_;
};

struct Directory {
  std::uint64_t entries = 0, offset = 0;
};

Directory find_directory(const Reader& in) {
  const std::uint64_t size = in.mapped().size();
  check(
      size >= kEndBytes && in.at<std::uint32_t>(0) == kLocal, ErrorCode::kModelFormat, in.file(),
      ": not a zip archive, which torch.save writes since PyTorch 1.6; save it again with a newer "
      "PyTorch, or as safetensors");
  // The record is the last one but for a comment of at most 65,535 bytes.
  std::uint64_t end = size - kEndBytes;
  const std::uint64_t first = end > 65535 ? end - 65535 : 0;
  while (in.at<std::uint32_t>(end) != kEnd) {
    check(end > first, ErrorCode::kModelFormat, in.file(),
          ": a zip archive without its end record; the file is cut short");
    --end;
  }
  Directory out{in.at<std::uint16_t>(end + 10), in.at<std::uint32_t>(end + 16)};
  if (end >= kLocatorBytes && in.at<std::uint32_t>(end - kLocatorBytes) == kLocator64) {
    const auto end64 = in.at<std::uint64_t>(end - kLocatorBytes + 8);
    in.need(end64, kEnd64Bytes);
    check(in.at<std::uint32_t>(end64) == kEnd64, ErrorCode::kModelFormat, in.file(),
          ": no zip64 end record at ", end64, "; the file is damaged");
    out = {in.at<std::uint64_t>(end64 + 32), in.at<std::uint64_t>(end64 + 48)};
  }
  check(out.entries <= kMostEntries, ErrorCode::kModelFormat, in.file(), ": ", out.entries,
        " entries in a zip archive; at most ", kMostEntries, " are read");
  return out;
}

/// Puts the 64-bit values of the extra field in place of those that did not fit 32 bits.
void read_zip64(const Reader& in, std::uint64_t extra, std::uint64_t bytes, std::uint64_t& whole,
                std::uint64_t& stored, std::uint64_t& offset) {
  for (std::uint64_t at = extra; at + 4 <= extra + bytes;) {
    const auto id = in.at<std::uint16_t>(at);
    const std::uint64_t size = in.at<std::uint16_t>(at + 2);
    if (id == 1) {
      std::uint64_t value = at + 4;
      for (std::uint64_t* field : {&whole, &stored, &offset}) {
        if (*field != 0xFFFFFFFFU) continue;
        check(value + 8 <= at + 4 + size, ErrorCode::kModelFormat, in.file(), ": a zip64 field of ",
              size, " bytes is too short; the file is damaged");
        *field = in.at<std::uint64_t>(value);
        value += 8;
      }
    }
    at += 4 + size;
  }
}

}  // namespace

std::map<std::string, ZipEntry> read_zip(const MappedFile& mapped, const std::string& file) {
  const Reader in(mapped, file);
  const Directory directory = find_directory(in);
  std::map<std::string, ZipEntry> out;
  std::uint64_t at = directory.offset;
  for (std::uint64_t i = 0; i < directory.entries; ++i) {
    in.need(at, kCentralBytes);
    check(in.at<std::uint32_t>(at) == kCentral, ErrorCode::kModelFormat, file,
          ": no zip directory entry at ", at, "; the file is damaged");
    const auto flags = in.at<std::uint16_t>(at + 8), method = in.at<std::uint16_t>(at + 10);
    std::uint64_t stored = in.at<std::uint32_t>(at + 20), whole = in.at<std::uint32_t>(at + 24);
    const std::uint64_t name_bytes = in.at<std::uint16_t>(at + 28);
    const std::uint64_t extra_bytes = in.at<std::uint16_t>(at + 30);
    const std::uint64_t comment_bytes = in.at<std::uint16_t>(at + 32);
    std::uint64_t local = in.at<std::uint32_t>(at + 42);
    const std::string name = in.text(at + kCentralBytes, name_bytes);
    in.need(at + kCentralBytes + name_bytes, extra_bytes);
    read_zip64(in, at + kCentralBytes + name_bytes, extra_bytes, whole, stored, local);
    check(method == 0 && (flags & 1U) == 0 && stored == whole, ErrorCode::kModelFormat, file,
          ": the entry '", name,
          "' is compressed or encrypted; torch.save stores entries as they are");
    in.need(local, kLocalBytes);
    check(in.at<std::uint32_t>(local) == kLocal, ErrorCode::kModelFormat, file,
          ": no zip entry at ", local, " for '", name, "'; the file is damaged");
    const std::uint64_t start =
        local + kLocalBytes + in.at<std::uint16_t>(local + 26) + in.at<std::uint16_t>(local + 28);
    in.need(start, whole);
    check(out.emplace(name, ZipEntry{mapped.data() + start, whole}).second, ErrorCode::kModelFormat,
          file, ": the entry '", name, "' comes twice");
    at += kCentralBytes + name_bytes + extra_bytes + comment_bytes;
  }
  return out;
}

}  // namespace beholder::io
