#include "io/torch_file.hpp"

#include <cstring>
#include <memory>
#include <utility>

#include "core/check.hpp"
#include "core/stand_in.hpp"
#include "io/zip_archive.hpp"

namespace beholder::io {
namespace {

// A state dictionary of a thousand tensors takes a tenth of a megabyte.
constexpr std::uint64_t kMostPickleBytes = 1 << 20;
constexpr std::size_t kMostKeyBytes = 64;  // storages are called "0", "1", …

enum class Kind {
  kMark,
  kNone,
  kBool,
  kInteger,
  kFloat,
  kText,
  kTuple,
  kList,
  kDictionary,
  kFunction,
  kStorage,
  kTensor
};

/// What a pickle builds. Values point to one another inside an arena, which alone owns them: a
/// container may hold itself, and nothing is followed deeper than one asks for.
struct Value {
  Kind kind = Kind::kNone;
  std::int64_t integer = 0;   // a number or a truth; of a storage its elements
  std::string text;           // of a text, or a function's name; of a storage its key
  std::vector<Value*> items;  // of a dictionary key, value, key, value …
  DType dtype = DType::kF32;  // of a storage or tensor
  Value* storage = nullptr;   // of a tensor
  std::vector<std::int64_t> shape;
};

const std::map<std::string, DType>& storage_types() {
  static const std::map<std::string, DType> types = {
      {"torch FloatStorage", DType::kF32},     {"torch HalfStorage", DType::kF16},
      {"torch BFloat16Storage", DType::kBF16}, {"torch DoubleStorage", DType::kF64},
      {"torch LongStorage", DType::kI64},      {"torch IntStorage", DType::kI32},
      {"torch ShortStorage", DType::kI16},     {"torch CharStorage", DType::kI8},
      {"torch ByteStorage", DType::kU8},       {"torch BoolStorage", DType::kBool}};
  return types;
}

constexpr const char* kRebuildTensor = "torch._utils _rebuild_tensor_v2";
constexpr const char* kRebuildParameter = "torch._utils _rebuild_parameter";
constexpr const char* kOrderedDict = "collections OrderedDict";

/// The machine that a pickle is written for, with nothing in it that can act.
class Unpickler {
 public:
  Unpickler(const std::uint8_t* data, std::uint64_t bytes, const std::string& file)
      : data_(data), size_(bytes), file_(file) {}

  Value* run();

 private:
  [[noreturn]] void bad(const std::string& what) const {
    fail(ErrorCode::kModelFormat, file_, ": byte ", at_, " of its pickle: ", what);
  }
  void need(std::uint64_t bytes) const {
    if (bytes > size_ - at_) bad("the pickle ends too early");
  }
  template <typename Number>
  Number number() {
    need(sizeof(Number));
    Number value;
    std::memcpy(&value, data_ + at_, sizeof value);
    at_ += sizeof value;
    return value;
  }
  std::string text(std::uint64_t bytes) {
    need(bytes);
    std::string out(reinterpret_cast<const char*>(data_) + at_, static_cast<std::size_t>(bytes));
    at_ += bytes;
    return out;
  }
  std::string line() {
    const auto* end = static_cast<const std::uint8_t*>(std::memchr(data_ + at_, '\n', size_ - at_));
    if (end == nullptr) bad("a line without its end");
    std::string out = text(static_cast<std::uint64_t>(end - data_) - at_);
    ++at_;
    return out;
  }
  Value* make(Kind kind) {
    arena_.push_back(std::make_unique<Value>());
    arena_.back()->kind = kind;
    return arena_.back().get();
  }
  void push(Value* value) { stack_.push_back(value); }
  void push_integer(std::int64_t value) {
    push(make(Kind::kInteger));
    stack_.back()->integer = value;
  }
  void push_text(std::string value) {
    push(make(Kind::kText));
    stack_.back()->text = std::move(value);
  }
  Value* pop() {
    if (stack_.empty() || stack_.back()->kind == Kind::kMark) bad("nothing to take");
    Value* value = stack_.back();
    stack_.pop_back();
    return value;
  }
  std::vector<Value*> pop_to_mark() {
    std::size_t mark = stack_.size();
    while (mark > 0 && stack_[mark - 1]->kind != Kind::kMark) --mark;
    if (mark == 0) bad("no mark");
    std::vector<Value*> out(stack_.begin() + static_cast<std::ptrdiff_t>(mark), stack_.end());
    stack_.resize(mark - 1);
    return out;
  }
  void push_tuple(std::size_t count) {
    Value* tuple = make(Kind::kTuple);
    tuple->items.resize(count);
    for (std::size_t i = count; i-- > 0;) tuple->items[i] = pop();
    push(tuple);
  }
  Value* top(Kind kind, const char* what) {
    if (stack_.empty() || stack_.back()->kind != kind) bad(std::string("expected ") + what);
    return stack_.back();
  }
  void remember(std::uint64_t place) {
    if (stack_.empty() || stack_.back()->kind == Kind::kMark) bad("nothing to remember");
    memo_[place] = stack_.back();
  }
  void recall(std::uint64_t place) {
    const auto found = memo_.find(place);
    if (found == memo_.end()) bad("nothing was remembered there");
    push(found->second);
  }
  void push_function(const std::string& name) {
    if (name != kRebuildTensor && name != kRebuildParameter && name != kOrderedDict &&
        storage_types().count(name) == 0)
      bad("it calls '" + name +
          "'; only tensors in plain containers are read. Save the state_dict alone, or as "
          "safetensors");
    push(make(Kind::kFunction));
    stack_.back()->text = name;
  }
  void extend(Value* container, const std::vector<Value*>& items) {
    if (container->kind == Kind::kDictionary && items.size() % 2 != 0) bad("a key without a value");
    container->items.insert(container->items.end(), items.begin(), items.end());
  }
  void long_number();
  void load_storage();
  void reduce();
  Value* rebuild_tensor(const Value& arguments);
  std::vector<std::int64_t> sizes(const Value& tuple);

  const std::uint8_t* data_;
  std::uint64_t size_, at_ = 0;
  const std::string& file_;
  std::vector<std::unique_ptr<Value>> arena_;
  std::vector<Value*> stack_;
  std::map<std::uint64_t, Value*> memo_;
};

void Unpickler::long_number() {
  const auto bytes = number<std::uint8_t>();
  if (bytes > 8) bad("a number of more than 64 bits");
  need(bytes);
  std::uint64_t value = 0;
  for (int i = 0; i < bytes; ++i) value |= static_cast<std::uint64_t>(data_[at_ + i]) << (8 * i);
  if (bytes > 0 && bytes < 8 && (data_[at_ + bytes - 1] & 0x80U) != 0)
    value |= ~std::uint64_t{0} << (8 * bytes);
  at_ += bytes;
  push_integer(static_cast<std::int64_t>(value));
}

void Unpickler::load_storage() {
  const Value& id = *pop();  // ("storage", type, key, place, elements)
  if (id.kind != Kind::kTuple || id.items.size() != 5 || id.items[0]->text != "storage" ||
      id.items[1]->kind != Kind::kFunction || storage_types().count(id.items[1]->text) == 0 ||
      id.items[2]->kind != Kind::kText || id.items[4]->kind != Kind::kInteger)
    bad("a reference that is not to a tensor's storage");
  if (id.items[2]->text.size() > kMostKeyBytes) bad("a storage with an endless name");
  Value* storage = make(Kind::kStorage);
  storage->dtype = storage_types().at(id.items[1]->text);
  storage->text = id.items[2]->text;
  storage->integer = id.items[4]->integer;
  push(storage);
}

std::vector<std::int64_t> Unpickler::sizes(const Value& tuple) {
  if (tuple.kind != Kind::kTuple || tuple.items.size() > SafetensorsFile::kMaxRank)
    bad("a tensor's shape is not a short tuple");
  std::vector<std::int64_t> out;
  for (const Value* item : tuple.items) {
    if (item->kind != Kind::kInteger || item->integer < 0) bad("a tensor's shape has a bad size");
    out.push_back(item->integer);
  }
  return out;
}

Value* Unpickler::rebuild_tensor(const Value& arguments) {
  // (storage, first element, shape, strides, requires_grad, hooks[, metadata])
  const auto& given = arguments.items;
  if (given.size() < 6 || given[0]->kind != Kind::kStorage || given[1]->kind != Kind::kInteger)
    bad("a tensor without its storage");
  Value* tensor = make(Kind::kTensor);
  tensor->storage = given[0];
  tensor->dtype = given[0]->dtype;
  tensor->integer = given[1]->integer;
  tensor->shape = sizes(*given[2]);
  const std::vector<std::int64_t> strides = sizes(*given[3]);
  if (strides.size() != tensor->shape.size()) bad("a tensor with strides of another rank");
  std::int64_t count = 1;
  for (std::size_t i = strides.size(); i-- > 0;) {
    const std::int64_t size = tensor->shape[i];
    if (size > 1 && strides[i] != count)
      bad("a tensor that is not stored row by row; call .contiguous() before saving");
    if (__builtin_mul_overflow(count, size, &count)) bad("a tensor too large to be");
  }
  const Value& storage = *tensor->storage;
  if (tensor->integer < 0 || tensor->integer > storage.integer ||
      count > storage.integer - tensor->integer)
    bad("a tensor outside its storage");
  return tensor;
}

void Unpickler::reduce() {
  const Value& arguments = *pop();
  const Value& function = *pop();
  if (arguments.kind != Kind::kTuple || function.kind != Kind::kFunction)
    bad("a call of no function");
  if (function.text == kOrderedDict) {
    if (!arguments.items.empty()) bad("a dictionary made of something");
    push(make(Kind::kDictionary));
  } else if (function.text == kRebuildTensor) {
    push(rebuild_tensor(arguments));
  } else if (function.text == kRebuildParameter) {
    if (arguments.items.empty() || arguments.items[0]->kind != Kind::kTensor)
      bad("a parameter without its tensor");
    push(arguments.items[0]);
  } else {
    bad("a storage that is made, not read");
  }
}

Value* Unpickler::run() {
  while (true) {
    switch (const auto operation = number<std::uint8_t>()) {
      case 0x80: number<std::uint8_t>(); break;   // PROTO
      case 0x95: number<std::uint64_t>(); break;  // FRAME
      case '(': push(make(Kind::kMark)); break;
      case 'N': push(make(Kind::kNone)); break;
      case 0x88:
      case 0x89:
        push(make(Kind::kBool));
        stack_.back()->integer = operation == 0x88;
        break;
      case 'J': push_integer(number<std::int32_t>()); break;
      case 'K': push_integer(number<std::uint8_t>()); break;
      case 'M': push_integer(number<std::uint16_t>()); break;
      case 0x8a: long_number(); break;
      case 'G':
        number<std::uint64_t>();
        push(make(Kind::kFloat));
        break;
      case 'X': push_text(text(number<std::uint32_t>())); break;
      case 0x8c: push_text(text(number<std::uint8_t>())); break;
      case '}': push(make(Kind::kDictionary)); break;
      case ']': push(make(Kind::kList)); break;
      case ')': push(make(Kind::kTuple)); break;
      case 't': {
        Value* tuple = make(Kind::kTuple);
        tuple->items = pop_to_mark();
        push(tuple);
        break;
      }
      case 0x85: push_tuple(1); break;
      case 0x86: push_tuple(2); break;
      case 0x87: push_tuple(3); break;
      case 'q': remember(number<std::uint8_t>()); break;
      case 'r': remember(number<std::uint32_t>()); break;
      case 0x94: remember(memo_.size()); break;
      case 'h': recall(number<std::uint8_t>()); break;
      case 'j': recall(number<std::uint32_t>()); break;
      case 'c': {
        const std::string module = line();
        push_function(module + " " + line());
        break;
      }
      case 0x93: {
        const std::string name = pop()->text, module = pop()->text;
        push_function(module + " " + name);
        break;
      }
      case 'Q': load_storage(); break;
      case 'R': reduce(); break;
      case 'b': {  // what belongs to a dictionary beside its items: versions of modules
        pop();
        top(Kind::kDictionary, "a dictionary");
        break;
      }
      case 'a': {
        Value* item = pop();
        extend(top(Kind::kList, "a list"), {item});
        break;
      }
      case 'e': {
        const auto items = pop_to_mark();
        extend(top(Kind::kList, "a list"), items);
        break;
      }
      case 's': {
        Value *value = pop(), *key = pop();
        extend(top(Kind::kDictionary, "a dictionary"), {key, value});
        break;
      }
      case 'u': {
        const auto items = pop_to_mark();
        extend(top(Kind::kDictionary, "a dictionary"), items);
        break;
      }
      case '.': return pop();
      default: --at_; bad(concat("operation ", int{operation}, ", which no saved tensor needs"));
    }
  }
}

}  // namespace

SafetensorsFile open_torch_file(const std::filesystem::path& path) {
  const std::string file = path.string();
  MappedFile mapped = MappedFile::open(path);
  const std::string_view content(reinterpret_cast<const char*>(mapped.data()), mapped.size());
  refuse_stand_in(content, file, "the weights");
  check(content.size() <= 8 || content[8] != '{', ErrorCode::kModelFormat, file,
        ": not what torch.save writes but a safetensors file; name it model.safetensors");
  const std::map<std::string, ZipEntry> entries = read_zip(mapped, file);
  std::string folder;
  const ZipEntry* pickle = nullptr;
  for (const auto& [name, entry] : entries) {
    const std::size_t slash = name.rfind('/');
    if (slash == std::string::npos || name.substr(slash) != "/data.pkl") continue;
    check(pickle == nullptr, ErrorCode::kModelFormat, file, ": has two entries data.pkl");
    folder = name.substr(0, slash);
    pickle = &entry;
  }
  check(pickle != nullptr, ErrorCode::kModelFormat, file,
        ": a zip archive without data.pkl; it was not written by torch.save");
  check(pickle->bytes <= kMostPickleBytes, ErrorCode::kModelFormat, file, ": its pickle has ",
        pickle->bytes, " bytes; at most ", kMostPickleBytes, " are read");
  const auto order = entries.find(folder + "/byteorder");
  if (order != entries.end()) {
    const std::string text(reinterpret_cast<const char*>(order->second.data),
                           static_cast<std::size_t>(order->second.bytes));
    check(text == "little", ErrorCode::kModelFormat, file, ": byte order '", text,
          "'; only little-endian files are read");
  }
  Unpickler unpickler(pickle->data, pickle->bytes, file);
  const Value& top = *unpickler.run();
  check(top.kind == Kind::kDictionary, ErrorCode::kModelFormat, file,
        ": holds no dictionary of tensors; save the state_dict alone");
  std::map<std::string, TensorView> tensors;
  for (std::size_t i = 0; i < top.items.size(); i += 2) {
    const Value &key = *top.items[i], &value = *top.items[i + 1];
    check(key.kind == Kind::kText && value.kind == Kind::kTensor, ErrorCode::kModelFormat, file,
          ": the entry '", key.text, "' is not a tensor; save the state_dict alone");
    const auto stored = entries.find(folder + "/data/" + value.storage->text);
    const std::uint64_t width = size_of(value.dtype);
    check(stored != entries.end() &&
              stored->second.bytes / width >= static_cast<std::uint64_t>(value.storage->integer),
          ErrorCode::kModelFormat, file, ": tensor '", key.text, "': its data '",
          value.storage->text, "' is missing or shorter than ", value.storage->integer, " values");
    TensorView view;
    view.dtype = value.dtype;
    view.shape = value.shape;
    view.data = stored->second.data + static_cast<std::uint64_t>(value.integer) * width;
    std::uint64_t count = 1;
    for (const std::int64_t size : value.shape) count *= static_cast<std::uint64_t>(size);
    view.bytes = static_cast<std::size_t>(count * width);
    check(tensors.emplace(key.text, std::move(view)).second, ErrorCode::kModelFormat, file,
          ": tensor '", key.text, "' comes twice");
  }
  return SafetensorsFile::of(path, std::move(mapped), std::move(tensors));
}

}  // namespace beholder::io
