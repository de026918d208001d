#include "io/safetensors_header.hpp"

#include <limits>
#include <utility>

#include "core/check.hpp"
#include "io/json_text.hpp"

namespace beholder::io {
namespace {

using nlohmann::json;

constexpr DType kAllDTypes[] = {DType::kF32, DType::kF16, DType::kBF16, DType::kI8,  DType::kU8,
                                DType::kI16, DType::kI32, DType::kI64,  DType::kF64, DType::kBool};

/// Takes the parser's events one by one, so that a hostile header costs no more memory than the
/// tensors that it declares. Refuses the first event that does not fit.
class HeaderReader : public json::json_sax_t {
 public:
  explicit HeaderReader(const std::string& file) : file_(file) {}

  Header take() { return std::move(header_); }

  bool start_object(std::size_t) override {
    switch (place_) {
      case Place::kStart: place_ = Place::kTop; return true;
      case Place::kTensorStart: place_ = Place::kTensor; return true;
      case Place::kMetadataStart: place_ = Place::kMetadata; return true;
      default: unexpected("an object");
    }
  }

  bool key(std::string& text) override {
    switch (place_) {
      case Place::kTop: start_member(text); return true;
      case Place::kMetadata:
        check(header_.metadata.count(text) == 0, ErrorCode::kModelFormat, file_, ": metadata key ",
              in_quotes(text), " appears twice");
        field_ = text;
        return true;
      case Place::kTensor: start_field(text); return true;
      default: unexpected("a key");
    }
  }

  bool end_object() override {
    if (place_ == Place::kTensor) {
      check(has_dtype_, ErrorCode::kModelFormat, where(), "has no 'dtype'");
      check(has_shape_, ErrorCode::kModelFormat, where(), "has no 'shape'");
      check(has_offsets_, ErrorCode::kModelFormat, where(), "has no 'data_offsets'");
      header_.tensors.emplace(std::move(tensor_), std::move(entry_));
    }
    place_ = place_ == Place::kTop ? Place::kEnd : Place::kTop;
    return true;
  }

  bool start_array(std::size_t) override {
    if (place_ == Place::kTensor && field_ == "shape" && !has_shape_) {
      place_ = Place::kShape;
    } else if (place_ == Place::kTensor && field_ == "data_offsets" && !has_offsets_) {
      place_ = Place::kOffsets;
      offsets_.clear();
    } else {
      unexpected("an array");
    }
    return true;
  }

  bool end_array() override {
    if (place_ == Place::kShape) {
      has_shape_ = true;
    } else {
      check(offsets_.size() == 2, ErrorCode::kModelFormat, where(),
            "expected two data_offsets [begin, end], got ", offsets_.size());
      entry_.begin = offsets_[0];
      entry_.end = offsets_[1];
      has_offsets_ = true;
    }
    place_ = Place::kTensor;
    return true;
  }

  bool number_unsigned(json::number_unsigned_t value) override {
    if (place_ == Place::kShape) {
      check(value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()),
            ErrorCode::kModelFormat, where(), "dimension ", value, " does not fit 63 bits");
      check(entry_.shape.size() < SafetensorsFile::kMaxRank, ErrorCode::kModelFormat, where(),
            "expected a rank of at most ", SafetensorsFile::kMaxRank, ", got more");
      entry_.shape.push_back(static_cast<std::int64_t>(value));
    } else if (place_ == Place::kOffsets) {
      check(offsets_.size() < 2, ErrorCode::kModelFormat, where(),
            "expected two data_offsets [begin, end], got more");
      offsets_.push_back(value);
    } else {
      unexpected(concat("the number ", value));
    }
    return true;
  }

  bool number_integer(json::number_integer_t value) override {
    unexpected(concat("the number ", value));
  }
  bool number_float(json::number_float_t, const std::string& text) override {
    unexpected(concat("the number ", in_quotes(text)));
  }
  bool null() override { unexpected("null"); }
  bool boolean(bool value) override { unexpected(value ? "true" : "false"); }
  bool binary(json::binary_t&) override { unexpected("binary data"); }

  bool string(std::string& text) override {
    if (place_ == Place::kMetadata) {
      header_.metadata.emplace(std::move(field_), std::move(text));
    } else if (place_ == Place::kTensor && field_ == "dtype") {
      set_dtype(text);
    } else {
      unexpected(concat("the string ", in_quotes(text)));
    }
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const json::exception& error) override {
    fail(ErrorCode::kModelFormat, file_, ": header is not valid JSON: ", json_cause(error));
  }

 private:
  enum class Place {
    kStart,
    kTop,
    kTensorStart,
    kTensor,
    kShape,
    kOffsets,
    kMetadataStart,
    kMetadata,
    kEnd
  };

  void start_member(const std::string& text) {
    if (text == "__metadata__") {
      check(!has_metadata_, ErrorCode::kModelFormat, file_, ": '__metadata__' appears twice");
      has_metadata_ = true;
      place_ = Place::kMetadataStart;
      return;
    }
    check(!text.empty(), ErrorCode::kModelFormat, file_,
          ": expected a name for each tensor, got an empty one");
    check(text.size() <= SafetensorsFile::kMaxNameBytes, ErrorCode::kModelFormat, file_,
          ": tensor ", in_quotes(text), ": expected a name of at most ",
          SafetensorsFile::kMaxNameBytes, " bytes, got ", text.size());
    for (const char c : text)
      check(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, ErrorCode::kModelFormat, file_,
            ": tensor ", in_quotes(text), ": expected a name without control characters");
    check(header_.tensors.count(text) == 0, ErrorCode::kModelFormat, file_, ": tensor ",
          in_quotes(text), " appears twice");
    tensor_ = text;
    entry_ = HeaderEntry();
    has_dtype_ = has_shape_ = has_offsets_ = false;
    place_ = Place::kTensorStart;
  }

  void start_field(const std::string& text) {
    const bool again = (text == "dtype" && has_dtype_) || (text == "shape" && has_shape_) ||
                       (text == "data_offsets" && has_offsets_);
    check(!again, ErrorCode::kModelFormat, where(), in_quotes(text), " appears twice");
    check(text == "dtype" || text == "shape" || text == "data_offsets", ErrorCode::kModelFormat,
          where(), "expected 'dtype', 'shape' and 'data_offsets', got ", in_quotes(text));
    field_ = text;
  }

  void set_dtype(const std::string& text) {
    for (const DType dtype : kAllDTypes) {
      if (text != name(dtype)) continue;
      entry_.dtype = dtype;
      has_dtype_ = true;
      return;
    }
    std::string known;
    for (const DType dtype : kAllDTypes) known += concat(known.empty() ? "" : ", ", name(dtype));
    fail(ErrorCode::kModelFormat, where(), "expected a dtype out of ", known, "; got ",
         in_quotes(text));
  }

  std::string where() const { return concat(file_, ": tensor ", in_quotes(tensor_), ": "); }

  [[noreturn]] void unexpected(const std::string& got) const {
    switch (place_) {
      case Place::kStart:
        fail(ErrorCode::kModelFormat, file_, ": expected the header to be an object, got ", got);
      case Place::kTensorStart:
        fail(ErrorCode::kModelFormat, where(), "expected an object, got ", got);
      case Place::kTensor:
        fail(ErrorCode::kModelFormat, where(), "expected ",
             field_ == "dtype" ? "a string" : "an array of whole numbers", " for ",
             in_quotes(field_), ", got ", got);
      case Place::kShape:
      case Place::kOffsets:
        fail(ErrorCode::kModelFormat, where(), "expected whole numbers of at least 0 in ",
             in_quotes(field_), ", got ", got);
      case Place::kMetadataStart:
        fail(ErrorCode::kModelFormat, file_, ": expected '__metadata__' to be an object, got ",
             got);
      case Place::kMetadata:
        fail(ErrorCode::kModelFormat, file_, ": metadata key ", in_quotes(field_),
             ": expected a string, got ", got);
      default: fail(ErrorCode::kModelFormat, file_, ": unexpected ", got, " in the header");
    }
  }

  const std::string& file_;
  Header header_;
  Place place_ = Place::kStart;
  std::string tensor_;
  std::string field_;
  HeaderEntry entry_;
  std::vector<std::uint64_t> offsets_;
  bool has_metadata_ = false;
  bool has_dtype_ = false;
  bool has_shape_ = false;
  bool has_offsets_ = false;
};

}  // namespace

Header parse_header(std::string_view text, const std::string& file) {
  check_no_nul(text, file, ErrorCode::kModelFormat);
  HeaderReader reader(file);
  json::sax_parse(text.begin(), text.end(), &reader);
  return reader.take();
}

}  // namespace beholder::io
