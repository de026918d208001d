// A strict, typed reader of JSON configuration: every key has a type and a range, none is ignored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "beholder/error.hpp"

namespace beholder::io {

/// One JSON object of a document. A `Config` is a handle: copies and the objects inside share the
/// document and the record of which keys were read, so it belongs to one thread at a time.
///
/// Each reader below throws `Error` with the code given at `load` and a message of the form
/// "config.json: key 'vision.patch_size': expected an integer in [1, 64], got "16"": when the key
/// is missing, of another type, or out of range. Bounds are inclusive. The `…_or` variants take
/// the default when the key is missing or null; a value that is there must still be right.
class Config {
 public:
  /// @throws Error kFileNotFound, kFileAccess; `code` for text that `parse` refuses.
  static Config load(const std::filesystem::path& path, ErrorCode code = ErrorCode::kModelFormat);
  /// `name` stands for the file in messages. @throws Error `code`: not JSON, not an object at the
  /// top, a key twice in one object, nested deeper than 64, text after the end.
  static Config parse(std::string_view text, const std::string& name,
                      ErrorCode code = ErrorCode::kModelFormat);

  /// Whether the key is there and not null. Does not count as reading it.
  bool has(const std::string& key) const;
  /// Whether the key is there and holds an object. Does not count as reading it.
  bool is_object(const std::string& key) const;
  /// The same of an array.
  bool is_array(const std::string& key) const;
  /// The same of the word false.
  bool is_false(const std::string& key) const;
  /// This object's keys, sorted.
  std::vector<std::string> keys() const;

  /// A JSON number without fraction or exponent.
  std::int64_t integer(const std::string& key, std::int64_t min, std::int64_t max) const;
  std::int64_t integer_or(const std::string& key, std::int64_t otherwise, std::int64_t min,
                          std::int64_t max) const;
  /// Any JSON number.
  double number(const std::string& key, double min, double max) const;
  double number_or(const std::string& key, double otherwise, double min, double max) const;
  bool boolean(const std::string& key) const;
  bool boolean_or(const std::string& key, bool otherwise) const;
  /// Any string, or one of `allowed` when that is not empty.
  std::string string(const std::string& key, const std::vector<std::string>& allowed = {}) const;
  std::string string_or(const std::string& key, const std::string& otherwise,
                        const std::vector<std::string>& allowed = {}) const;
  /// An array of exactly `count` numbers.
  std::vector<double> numbers(const std::string& key, std::size_t count) const;
  std::vector<double> numbers_or(const std::string& key, const std::vector<double>& otherwise,
                                 std::size_t count) const;
  /// An array of any length, each in [min, max].
  std::vector<std::int64_t> integers(const std::string& key, std::int64_t min,
                                     std::int64_t max) const;
  /// An array of strings of any length.
  std::vector<std::string> strings(const std::string& key) const;
  std::vector<std::string> strings_or(const std::string& key,
                                      const std::vector<std::string>& otherwise) const;
  Config object(const std::string& key) const;
  /// An array of objects; their keys read as 'layers[2].width' in messages.
  std::vector<Config> objects(const std::string& key) const;

  /// Counts the key, and all inside it, as read: for keys that are known and carry no meaning
  /// here. It need not be there.
  void ignore(const std::string& key) const;

  /// Call after the last read. @throws Error naming the first key of this object, or of one that
  /// was read inside it, that nobody asked for, and listing the keys that are known there.
  void check_all_used() const;

  /// The file or name, as messages show it.
  const std::string& name() const noexcept;

  /// Throws the configuration's error about `key`, in the form above; for rules between keys.
  [[noreturn]] void fail_at(const std::string& key, const std::string& expected) const;

 private:
  struct Document;
  Config(std::shared_ptr<Document> document, const nlohmann::json* node, std::string prefix);

  const nlohmann::json* find(const std::string& key) const;
  const nlohmann::json& require(const std::string& key, const std::string& expected) const;

  std::shared_ptr<Document> document_;
  const nlohmann::json* node_;
  std::string prefix_;  ///< "vision." inside the object 'vision'; empty at the top
};

}  // namespace beholder::io
