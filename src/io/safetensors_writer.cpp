#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <system_error>
#include <utility>

#include "core/check.hpp"
#include "core/file.hpp"
#include "io/json_text.hpp"
#include "io/safetensors.hpp"

namespace beholder::io {
namespace {

using nlohmann::json;

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kAlignment = 64;  // one cache line, and the widest vector register

void check_name(const std::string& name) {
  constexpr ErrorCode kCode = ErrorCode::kUsage;
  check(!name.empty(), kCode, "a tensor to write has no name");
  check(name != "__metadata__", kCode, "tensor '__metadata__': the name is the format's own");
  check(name.size() <= SafetensorsFile::kMaxNameBytes, kCode, "tensor ", in_quotes(name),
        ": expected a name of at most ", SafetensorsFile::kMaxNameBytes, " bytes, got ",
        name.size());
  for (const char c : name)
    check(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, kCode, "tensor ", in_quotes(name),
          ": expected a name without control characters");
  check(is_utf8(name), kCode, "tensor ", in_quotes(name), ": expected a name in UTF-8");
}

void check_shape(const std::string& tensor, DType dtype, const std::vector<std::int64_t>& shape,
                 const void* data, std::size_t bytes) {
  constexpr ErrorCode kCode = ErrorCode::kUsage;
  const std::string where = concat("tensor ", in_quotes(tensor), ": ");
  check(shape.size() <= SafetensorsFile::kMaxRank, kCode, where, "expected a rank of at most ",
        SafetensorsFile::kMaxRank, ", got ", shape.size());
  std::uint64_t expected = size_of(dtype);
  for (const std::int64_t dimension : shape) {
    check(dimension >= 0, kCode, where, "shape ", shape_text(shape), " has a negative dimension");
    const bool overflow =
        __builtin_mul_overflow(expected, static_cast<std::uint64_t>(dimension), &expected);
    check(!overflow, kCode, where, "shape ", shape_text(shape), " overflows 64 bits");
  }
  check(expected == bytes, kCode, where, "expected ", expected, " bytes for shape ",
        shape_text(shape), " of ", name(dtype), ", got ", bytes);
  check(data != nullptr || bytes == 0, kCode, where, "data is null");
}

}  // namespace

void SafetensorsWriter::add(const std::string& name, DType dtype, std::vector<std::int64_t> shape,
                            const void* data, std::size_t bytes) {
  check_name(name);
  check_shape(name, dtype, shape, data, bytes);
  Entry entry;
  entry.view = {dtype, std::move(shape), static_cast<const std::uint8_t*>(data), bytes};
  const bool is_new = entries_.emplace(name, std::move(entry)).second;
  check(is_new, ErrorCode::kUsage, "tensor ", in_quotes(name), " was added already");
}

void SafetensorsWriter::add_copy(const std::string& name, DType dtype,
                                 std::vector<std::int64_t> shape, const void* data,
                                 std::size_t bytes) {
  add(name, dtype, std::move(shape), data, bytes);
  Entry& entry = entries_.at(name);
  entry.owned.assign(entry.view.data, entry.view.data + bytes);
  entry.view.data = nullptr;
}

void SafetensorsWriter::set_metadata(const std::string& key, const std::string& value) {
  check(is_utf8(key) && is_utf8(value), ErrorCode::kUsage, "metadata ", in_quotes(key),
        ": expected key and value in UTF-8");
  metadata_[key] = value;
}

void SafetensorsWriter::write(const std::filesystem::path& path) const {
  using Item = std::pair<const std::string, Entry>;
  std::vector<const Item*> order;
  for (const Item& item : entries_) order.push_back(&item);
  // The reference's order: the largest elements first keeps all aligned without any padding
  // between tensors, which the format forbids. The map already gives the names in order.
  std::stable_sort(order.begin(), order.end(), [](const Item* a, const Item* b) {
    return size_of(a->second.view.dtype) > size_of(b->second.view.dtype);
  });

  std::string text;
  if (!metadata_.empty()) text = "\"__metadata__\":" + json(metadata_).dump();
  std::uint64_t offset = 0;
  for (const Item* item : order) {
    const TensorView& view = item->second.view;
    text += concat(text.empty() ? "" : ",", json(item->first).dump(), ":{\"dtype\":\"",
                   io::name(view.dtype), "\",\"shape\":", json(view.shape).dump(),
                   ",\"data_offsets\":[", offset, ",", offset + view.bytes, "]}");
    offset += view.bytes;
  }
  text = "{" + text + "}";
  text.append((kAlignment - (kLengthBytes + text.size()) % kAlignment) % kAlignment, ' ');
  check(text.size() <= SafetensorsFile::kMaxHeaderBytes, ErrorCode::kUsage, path.string(),
        ": expected a header of at most ", SafetensorsFile::kMaxHeaderBytes, " bytes, got ",
        text.size(), "; write fewer tensors or less metadata");

  char length[kLengthBytes];
  for (std::size_t i = 0; i < kLengthBytes; ++i)
    length[i] = static_cast<char>(static_cast<std::uint64_t>(text.size()) >> (8 * i) & 0xff);

  const std::filesystem::path temporary = temporary_sibling(path);
  errno = 0;
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  out.write(length, sizeof length);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  for (const Item* item : order) {
    const Entry& entry = item->second;
    const std::uint8_t* const data = entry.view.data ? entry.view.data : entry.owned.data();
    if (entry.view.bytes > 0)
      out.write(reinterpret_cast<const char*>(data),
                static_cast<std::streamsize>(entry.view.bytes));
  }
  out.close();
  if (!out) {
    const int cause = errno;
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    fail(ErrorCode::kFileAccess, path.string(), ": cannot be written: ", std::strerror(cause));
  }
  publish_file(temporary, path);
}

}  // namespace beholder::io
