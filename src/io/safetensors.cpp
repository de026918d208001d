#include "io/safetensors.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "core/check.hpp"
#include "core/stand_in.hpp"
#include "io/half.hpp"
#include "io/json_text.hpp"
#include "io/memory_file.hpp"
#include "io/safetensors_header.hpp"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "tensors are used in place, which needs a little-endian machine"
#endif

namespace beholder::io {
namespace {

constexpr std::size_t kLengthBytes = 8;

std::uint64_t load_u64(const std::uint8_t* bytes) {
  std::uint64_t value = 0;
  for (int i = 7; i >= 0; --i) value = value << 8 | bytes[i];
  return value;
}

/// Names what is no safetensors file and can be told by how it begins.
void refuse_other_format(const MappedFile& mapped, const std::string& file) {
  const std::string_view content(reinterpret_cast<const char*>(mapped.data()), mapped.size());
  refuse_stand_in(content, file, "the weights");
  const auto begins = [&](std::string_view start) {
    return content.substr(0, start.size()) == start;
  };
  const char* const found = begins("PK\x03\x04") ? "a zip archive, as torch.save writes; if it is "
                                                   "the whole state_dict, name it pytorch_model.bin"
                            : begins("\x80\x02") ? "a pickle of an old PyTorch; save it again as "
                                                   "safetensors"
                            : begins("GGUF") ? "a GGUF file, which is not read; fetch the original "
                                               "checkpoint as safetensors"
                            : begins("\x89HDF")
                                ? "an HDF5 file of TensorFlow; fetch the checkpoint "
                                  "as safetensors"
                                : nullptr;
  check(found == nullptr, ErrorCode::kModelFormat, file, ": not a safetensors file but ", found);
}

/// The header's text, its length held against the limit and the file.
std::string_view header_text(const MappedFile& mapped, const std::string& file) {
  refuse_other_format(mapped, file);
  check(mapped.size() >= kLengthBytes, ErrorCode::kModelFormat, file,
        ": expected at least 8 bytes of header length, got a file of ", mapped.size(), " bytes");
  const std::uint64_t length = load_u64(mapped.data());
  check(length <= SafetensorsFile::kMaxHeaderBytes, ErrorCode::kModelFormat, file,
        ": expected a header of at most ", SafetensorsFile::kMaxHeaderBytes, " bytes, got ", length,
        "; this is not a safetensors file, or a damaged one");
  check(length <= mapped.size() - kLengthBytes, ErrorCode::kModelFormat, file,
        ": expected a header of ", length, " bytes, got a file that ends after ",
        mapped.size() - kLengthBytes, " of them; fetch it again");
  const std::string_view text(reinterpret_cast<const char*>(mapped.data()) + kLengthBytes,
                              static_cast<std::size_t>(length));
  // The format wants '{' at once: white space in front is a rule broken, as is a byte-order mark.
  check(!text.empty() && text.front() == '{', ErrorCode::kModelFormat, file,
        ": expected the header to start with '{', got ",
        text.empty() ? std::string("an empty header") : in_quotes(text.substr(0, 1)));
  return text;
}

/// The tensor's size in bytes from shape and dtype, checked against overflow.
std::uint64_t declared_bytes(const HeaderEntry& entry, const std::string& where) {
  std::uint64_t product = size_of(entry.dtype);
  for (const std::int64_t dimension : entry.shape) {
    const bool overflow =
        __builtin_mul_overflow(product, static_cast<std::uint64_t>(dimension), &product);
    check(!overflow, ErrorCode::kModelFormat, where, "shape ", shape_text(entry.shape), " of ",
          name(entry.dtype), " overflows 64 bits");
  }
  return product;
}

/// Every tensor lies inside the buffer and has the size that its shape and dtype say.
void check_sizes(const Header& header, std::uint64_t buffer_bytes, const std::string& file) {
  for (const auto& [tensor, entry] : header.tensors) {
    const std::string where = concat(file, ": tensor ", in_quotes(tensor), ": ");
    check(entry.begin <= entry.end, ErrorCode::kModelFormat, where,
          "expected data_offsets with begin <= end, got [", entry.begin, ", ", entry.end, "]");
    check(entry.end <= buffer_bytes, ErrorCode::kModelFormat, where,
          "expected data_offsets within the ", buffer_bytes, " bytes of tensor data, got [",
          entry.begin, ", ", entry.end, "]; the file may be cut short");
    const std::uint64_t expected = declared_bytes(entry, where);
    check(entry.end - entry.begin == expected, ErrorCode::kModelFormat, where, "expected ",
          expected, " bytes for shape ", shape_text(entry.shape), " of ", name(entry.dtype),
          ", got ", entry.end - entry.begin);
  }
}

/// The tensors cover the buffer once: no byte twice, none left over to hide something in.
void check_cover(const Header& header, std::uint64_t buffer_bytes, const std::string& file) {
  using Item = std::pair<const std::string, HeaderEntry>;
  std::vector<const Item*> order;
  for (const Item& item : header.tensors) order.push_back(&item);
  std::sort(order.begin(), order.end(), [](const Item* a, const Item* b) {
    return std::pair(a->second.begin, a->second.end) < std::pair(b->second.begin, b->second.end);
  });
  std::uint64_t covered = 0;
  for (const Item* item : order) {
    check(item->second.begin == covered, ErrorCode::kModelFormat, file, ": tensor ",
          in_quotes(item->first), ": expected data to begin at byte ", covered, ", got ",
          item->second.begin,
          item->second.begin < covered ? ": it overlaps another tensor" : ": there is a hole");
    covered = item->second.end;
  }
  check(covered == buffer_bytes, ErrorCode::kModelFormat, file, ": expected ", covered,
        " bytes of tensor data, got ", buffer_bytes, ": bytes at the end belong to no tensor");
}

}  // namespace

std::size_t size_of(DType dtype) noexcept {
  switch (dtype) {
    case DType::kI8:
    case DType::kU8:
    case DType::kBool: return 1;
    case DType::kF16:
    case DType::kBF16:
    case DType::kI16: return 2;
    case DType::kF32:
    case DType::kI32: return 4;
    case DType::kI64:
    case DType::kF64: return 8;
  }
  return 0;
}

const char* name(DType dtype) noexcept {
  switch (dtype) {
    case DType::kF32: return "F32";
    case DType::kF16: return "F16";
    case DType::kBF16: return "BF16";
    case DType::kI8: return "I8";
    case DType::kU8: return "U8";
    case DType::kI16: return "I16";
    case DType::kI32: return "I32";
    case DType::kI64: return "I64";
    case DType::kF64: return "F64";
    case DType::kBool: return "BOOL";
  }
  return "unknown";
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) text += concat(i == 0 ? "" : ", ", shape[i]);
  return text + ")";
}

struct SafetensorsFile::Content {
  std::filesystem::path path;
  std::vector<std::shared_ptr<const MappedFile>> mapped;  // one, or one a part
  std::map<std::string, TensorView> tensors;
  std::map<std::string, std::string> metadata;
};

SafetensorsFile::SafetensorsFile(std::shared_ptr<const Content> content)
    : content_(std::move(content)) {}

SafetensorsFile SafetensorsFile::open(const std::filesystem::path& path) {
  auto content = std::make_shared<Content>();
  content->path = path;
  const auto mapped = std::make_shared<const MappedFile>(MappedFile::open(path));
  content->mapped = {mapped};
  const std::string file = path.string();

  const std::string_view text = header_text(*mapped, file);
  const std::size_t data_start = kLengthBytes + text.size();
  const std::uint64_t buffer_bytes = mapped->size() - data_start;
  Header header = parse_header(text, file);
  check_sizes(header, buffer_bytes, file);
  check_cover(header, buffer_bytes, file);

  content->metadata = std::move(header.metadata);
  for (auto& [tensor, entry] : header.tensors) {
    TensorView view;
    view.dtype = entry.dtype;
    view.shape = std::move(entry.shape);
    view.data = mapped->data() + data_start + entry.begin;
    view.bytes = static_cast<std::size_t>(entry.end - entry.begin);
    content->tensors.emplace(tensor, std::move(view));
  }
  return SafetensorsFile(std::move(content));
}

SafetensorsFile SafetensorsFile::of(const std::filesystem::path& path, MappedFile mapped,
                                    std::map<std::string, TensorView> tensors) {
  auto content = std::make_shared<Content>();
  content->path = path;
  content->mapped = {std::make_shared<const MappedFile>(std::move(mapped))};
  content->tensors = std::move(tensors);
  return SafetensorsFile(std::move(content));
}

SafetensorsFile SafetensorsFile::joined(const std::filesystem::path& path,
                                        const std::vector<SafetensorsFile>& parts) {
  auto content = std::make_shared<Content>();
  content->path = path;
  std::map<std::string, const SafetensorsFile*> origins;
  for (const SafetensorsFile& part : parts) {
    const Content& other = *part.content_;
    content->mapped.insert(content->mapped.end(), other.mapped.begin(), other.mapped.end());
    content->metadata.insert(other.metadata.begin(), other.metadata.end());
    for (const auto& [tensor, view] : other.tensors) {
      const auto [known, added] = content->tensors.emplace(tensor, view);
      const TensorView& first = known->second;
      check(added || (first.dtype == view.dtype && first.shape == view.shape &&
                      (view.bytes == 0 || std::memcmp(first.data, view.data, view.bytes) == 0)),
            ErrorCode::kModelFormat, path.string(), ": tensor ", in_quotes(tensor), " lies in ",
            added ? "" : origins.at(tensor)->path().filename().string(), " and in ",
            part.path().filename().string(), ", with other values");
      if (added) origins.emplace(tensor, &part);
    }
  }
  return SafetensorsFile(std::move(content));
}

SafetensorsFile SafetensorsFile::renamed(const std::map<std::string, std::string>& names,
                                         const std::set<std::string>& dropped) const {
  auto content = std::make_shared<Content>(*content_);
  for (const auto& [old_name, new_name] : names) {
    const auto found = content->tensors.find(old_name);
    if (found == content->tensors.end() || content->tensors.count(new_name) != 0) continue;
    content->tensors.emplace(new_name, found->second);
    content->tensors.erase(found);
  }
  for (const std::string& tensor : dropped) content->tensors.erase(tensor);
  return SafetensorsFile(std::move(content));
}

bool SafetensorsFile::contains(const std::string& name) const {
  return content_->tensors.count(name) != 0;
}

const TensorView& SafetensorsFile::at(const std::string& name) const {
  const auto found = content_->tensors.find(name);
  check(found != content_->tensors.end(), ErrorCode::kModelFormat, content_->path.string(),
        ": expected a tensor ", in_quotes(name), ", got a file of ", content_->tensors.size(),
        " tensors without it");
  return found->second;
}

std::vector<std::string> SafetensorsFile::names() const {
  std::vector<std::string> result;
  result.reserve(content_->tensors.size());
  for (const auto& item : content_->tensors) result.push_back(item.first);
  return result;
}

const std::map<std::string, std::string>& SafetensorsFile::metadata() const noexcept {
  return content_->metadata;
}

void SafetensorsFile::release_pages(const std::string& name) const {
  const TensorView& view = at(name);
  for (const auto& mapped : content_->mapped) {
    // Addresses of different mappings are compared as numbers: only within one have they an order.
    const auto first = reinterpret_cast<std::uintptr_t>(mapped->data());
    const auto place = reinterpret_cast<std::uintptr_t>(view.data);
    if (place >= first && place - first < mapped->size())
      mapped->advise_dontneed(static_cast<std::size_t>(place - first), view.bytes);
  }
}

const std::filesystem::path& SafetensorsFile::path() const noexcept { return content_->path; }

std::uint64_t SafetensorsFile::file_bytes() const noexcept {
  std::uint64_t total = 0;
  for (const auto& mapped : content_->mapped) total += mapped->size();
  return total;
}

void read_floats(const TensorView& view, std::size_t first, std::size_t count, float* out) {
  const std::uint8_t* const data = view.data + first * size_of(view.dtype);
  switch (view.dtype) {
    case DType::kF32: std::memcpy(out, data, count * sizeof(float)); return;
    case DType::kF16: floats_from_halves(data, out, count); return;
    case DType::kBF16: floats_from_bfloat16s(data, out, count); return;
    case DType::kI8: {
      const auto* const values = reinterpret_cast<const std::int8_t*>(data);
      for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<float>(values[i]);
      return;
    }
    default: fail(ErrorCode::kModelFormat, "a weight has a type that is not F32, F16, BF16 or I8");
  }
}

}  // namespace beholder::io
