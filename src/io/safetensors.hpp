// Reading and writing of weights in the safetensors format (docs/model-format.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "io/memory_file.hpp"

namespace beholder::io {

/// Element types that this library reads and writes; each is little endian in the file.
enum class DType { kF32, kF16, kBF16, kI8, kU8, kI16, kI32, kI64, kF64, kBool };

/// Bytes of one element.
std::size_t size_of(DType dtype) noexcept;
/// The format's own word: "F32", "BF16", "BOOL" …
const char* name(DType dtype) noexcept;
/// "(2, 3)"; "()" for a scalar.
std::string shape_text(const std::vector<std::int64_t>& shape);

/// One tensor inside a mapped file: row-major, no strides.
struct TensorView {
  DType dtype = DType::kF32;
  std::vector<std::int64_t> shape;     ///< each >= 0; empty for a scalar
  const std::uint8_t* data = nullptr;  ///< may be unaligned: check it or read through memcpy
  std::size_t bytes = 0;               ///< product of `shape` times `size_of(dtype)`
};

/// A weights file, mapped read-only and checked whole at `open`. Copies share the mapping, which
/// lives as long as the last of them; the `TensorView`s point into it. Safe to share between
/// threads.
class SafetensorsFile {
 public:
  /// The longest header that is read, as in the reference implementation.
  static constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;
  /// The highest rank that is read, as in NumPy 2.
  static constexpr std::size_t kMaxRank = 64;
  /// The longest tensor name that is read, in bytes.
  static constexpr std::size_t kMaxNameBytes = 4096;

  /// Maps `path` and checks all of the format's rules; the file may come from anyone.
  /// @throws Error kFileNotFound, kFileAccess; kModelFormat naming the file, the tensor, and what
  /// was expected and got.
  static SafetensorsFile open(const std::filesystem::path& path);

  /// The tensors of several files as those of one; a name in two of them must have equal data.
  /// @param path stands for all of them in messages
  /// @throws Error kModelFormat naming the tensor and both files
  static SafetensorsFile joined(const std::filesystem::path& path,
                                const std::vector<SafetensorsFile>& parts);

  /// Tensors that another format's reader found in `mapped`; their data must point into it.
  static SafetensorsFile of(const std::filesystem::path& path, MappedFile mapped,
                            std::map<std::string, TensorView> tensors);

  /// The same file under other names: `names` from old to new, where the old one is there and the
  /// new one is not; what is in `dropped` is left out.
  SafetensorsFile renamed(const std::map<std::string, std::string>& names,
                          const std::set<std::string>& dropped) const;

  bool contains(const std::string& name) const;
  /// @throws Error kModelFormat naming the file and the tensor when there is none of that name.
  const TensorView& at(const std::string& name) const;
  /// All tensor names, sorted.
  std::vector<std::string> names() const;
  /// The file's `__metadata__`; empty when it has none.
  const std::map<std::string, std::string>& metadata() const noexcept;

  /// Drops the whole pages inside this tensor from memory, for after its values were packed
  /// elsewhere; a later access reads the file again. @throws Error as `at`.
  void release_pages(const std::string& name) const;

  const std::filesystem::path& path() const noexcept;
  /// Of all its files.
  std::uint64_t file_bytes() const noexcept;

 private:
  struct Content;
  explicit SafetensorsFile(std::shared_ptr<const Content> content);

  std::shared_ptr<const Content> content_;
};

/// `count` elements of a tensor from `first` on as floats; int8 is left unscaled.
/// @throws Error kModelFormat for a type that is not F32, F16, BF16 or I8
void read_floats(const TensorView& view, std::size_t first, std::size_t count, float* out);

/// Collects tensors, then writes them as one file.
class SafetensorsWriter {
 public:
  /// Adds a tensor without copying it: `data` must stay valid and unchanged until the last
  /// `write`. For checkpoints, whose tensors need not exist twice.
  /// @param bytes must be the product of `shape` times `size_of(dtype)`.
  /// @throws Error kUsage: an empty, reserved, repeated or non-UTF-8 name, a negative or
  /// overflowing shape, a wrong byte count, or null `data` with bytes to read.
  void add(const std::string& name, DType dtype, std::vector<std::int64_t> shape, const void* data,
           std::size_t bytes);

  /// As `add`, and takes a copy, so that `data` may go away at once.
  void add_copy(const std::string& name, DType dtype, std::vector<std::int64_t> shape,
                const void* data, std::size_t bytes);

  /// Sets one `__metadata__` entry, over an earlier one of that key.
  /// @throws Error kUsage unless both are UTF-8.
  void set_metadata(const std::string& key, const std::string& value);

  /// Writes the file so that a crash leaves the old one or the new one, never half. The tensor
  /// data begins at a multiple of 64 bytes, and tensors follow by falling element size, then
  /// name, so that each is aligned for its type. The same tensors give the same bytes.
  /// @throws Error kFileAccess; kUsage when the header would pass `kMaxHeaderBytes`.
  void write(const std::filesystem::path& path) const;

 private:
  struct Entry {
    TensorView view;
    std::vector<std::uint8_t> owned;  ///< empty for a view
  };
  std::map<std::string, Entry> entries_;
  std::map<std::string, std::string> metadata_;
};

}  // namespace beholder::io
