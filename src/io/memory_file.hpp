// A file mapped read-only into memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace beholder::io {

/// The bytes of a regular file, mapped read-only and unmapped by the destructor. They stay valid
/// when the file is renamed over or unlinked. Shortening a mapped file in place is not survivable
/// (the kernel answers the next access with SIGBUS), so files are replaced by renaming, as
/// core/file.hpp does. Movable, not copyable; share it through a `std::shared_ptr`.
class MappedFile {
 public:
  MappedFile() = default;

  /// @throws Error kFileNotFound, kFileAccess (not a regular file, unreadable, cannot be mapped).
  static MappedFile open(const std::filesystem::path& path);

  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  /// The first byte, page-aligned; null for an empty file.
  const std::uint8_t* data() const noexcept { return data_; }
  /// Bytes.
  std::size_t size() const noexcept { return size_; }

  /// Tells the kernel that the whole pages inside [offset, offset + bytes) are not needed in
  /// memory for now; a later access reads them from the file again. Parts outside are ignored.
  void advise_dontneed(std::size_t offset, std::size_t bytes) const noexcept;

  /// Tells the kernel that [offset, offset + bytes) is needed soon, so that it reads ahead.
  void advise_willneed(std::size_t offset, std::size_t bytes) const noexcept;

 private:
  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace beholder::io
