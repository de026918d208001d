#include "io/config.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "core/check.hpp"
#include "core/file.hpp"
#include "core/stand_in.hpp"
#include "io/json_text.hpp"

namespace beholder::io {

using nlohmann::json;

namespace {

constexpr std::size_t kMaxDepth = 64;

/// A value for a message: as JSON, cut short.
std::string shown(const json& value) {
  if (value.is_object()) return concat("an object of ", value.size(), " keys");
  if (value.is_array()) return concat("an array of ", value.size());
  std::string text = value.dump(-1, ' ', true);
  if (text.size() > 80) text = text.substr(0, 80) + "…";
  return text;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + in_quotes(word);
  return text;
}

bool integer_in(const json& value, std::int64_t min, std::int64_t max) {
  if (value.is_number_unsigned() &&
      value.get<std::uint64_t>() >
          static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return false;
  return value.is_number_integer() && value.get<std::int64_t>() >= min &&
         value.get<std::int64_t>() <= max;
}

std::string integer_range(std::int64_t min, std::int64_t max) {
  return concat("in [", min, ", ", max, "]");
}

}  // namespace

struct Config::Document {
  struct Keys {
    std::set<std::string> asked;  ///< by any reader, there or not: the keys that are known
    std::set<std::string> ignored;
  };
  std::string name;
  ErrorCode code = ErrorCode::kModelFormat;
  json root;
  std::map<const json*, Keys> objects;  ///< by the object's place, fixed once parsed

  void check_used(const json& node, const std::string& prefix);
};

Config::Config(std::shared_ptr<Document> document, const json* node, std::string prefix)
    : document_(std::move(document)), node_(node), prefix_(std::move(prefix)) {}

Config Config::load(const std::filesystem::path& path, ErrorCode code) {
  const std::string text = read_file_text(path);
  const std::string found = stand_in(text, "the file itself");
  check(found.empty(), code, path.string(), ": ", found);
  return parse(text, path.string(), code);
}

Config Config::parse(std::string_view text, const std::string& name, ErrorCode code) {
  auto document = std::make_shared<Document>();
  document->name = name;
  document->code = code;
  document->root = parse_json(text, name, code, kMaxDepth);
  check(document->root.is_object(), code, name, ": expected an object {…} at the top, got ",
        shown(document->root));
  const json* const root = &document->root;
  return Config(std::move(document), root, "");
}

const json* Config::find(const std::string& key) const {
  const auto found = node_->find(key);
  return found == node_->end() || found->is_null() ? nullptr : &*found;
}

const json& Config::require(const std::string& key, const std::string& expected) const {
  document_->objects[node_].asked.insert(key);
  const json* const value = find(key);
  if (value == nullptr) fail_at(key, expected);
  return *value;
}

void Config::fail_at(const std::string& key, const std::string& expected) const {
  const auto found = node_->find(key);
  fail(document_->code, document_->name, ": key ", in_quotes(prefix_ + key), ": expected ",
       expected, ", got ", found == node_->end() ? std::string("no such key") : shown(*found));
}

bool Config::has(const std::string& key) const { return find(key) != nullptr; }

bool Config::is_object(const std::string& key) const {
  const nlohmann::json* value = find(key);
  return value != nullptr && value->is_object();
}

bool Config::is_array(const std::string& key) const {
  const nlohmann::json* value = find(key);
  return value != nullptr && value->is_array();
}

bool Config::is_false(const std::string& key) const {
  const nlohmann::json* value = find(key);
  return value != nullptr && *value == false;
}

std::vector<std::string> Config::keys() const {
  std::vector<std::string> result;
  for (const auto& item : node_->items()) result.push_back(item.key());
  return result;
}

std::int64_t Config::integer(const std::string& key, std::int64_t min, std::int64_t max) const {
  const std::string expected = "an integer " + integer_range(min, max);
  const json& value = require(key, expected);
  if (!integer_in(value, min, max)) fail_at(key, expected);
  return value.get<std::int64_t>();
}

double Config::number(const std::string& key, double min, double max) const {
  const std::string expected = concat("a number in [", min, ", ", max, "]");
  const json& value = require(key, expected);
  if (!value.is_number()) fail_at(key, expected);
  const double result = value.get<double>();
  if (!(result >= min && result <= max)) fail_at(key, expected);
  return result;
}

bool Config::boolean(const std::string& key) const {
  const json& value = require(key, "true or false");
  if (!value.is_boolean()) fail_at(key, "true or false");
  return value.get<bool>();
}

std::string Config::string(const std::string& key, const std::vector<std::string>& allowed) const {
  const std::string expected = allowed.empty() ? "a string" : "one of " + joined(allowed);
  const json& value = require(key, expected);
  if (!value.is_string()) fail_at(key, expected);
  auto result = value.get<std::string>();
  if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), result) == allowed.end())
    fail_at(key, expected);
  return result;
}

std::vector<double> Config::numbers(const std::string& key, std::size_t count) const {
  const std::string expected = concat("an array of ", count, " numbers");
  const json& value = require(key, expected);
  if (!value.is_array() || value.size() != count) fail_at(key, expected);
  std::vector<double> result;
  for (const json& item : value) {
    if (!item.is_number()) fail_at(key, concat(expected, " (one is ", shown(item), ")"));
    result.push_back(item.get<double>());
  }
  return result;
}

std::vector<std::int64_t> Config::integers(const std::string& key, std::int64_t min,
                                           std::int64_t max) const {
  const std::string expected = "an array of integers " + integer_range(min, max);
  const json& value = require(key, expected);
  if (!value.is_array()) fail_at(key, expected);
  std::vector<std::int64_t> result;
  for (const json& item : value) {
    if (!integer_in(item, min, max)) fail_at(key, concat(expected, " (one is ", shown(item), ")"));
    result.push_back(item.get<std::int64_t>());
  }
  return result;
}

std::vector<std::string> Config::strings(const std::string& key) const {
  const std::string expected = "an array of strings";
  const json& value = require(key, expected);
  if (!value.is_array()) fail_at(key, expected);
  std::vector<std::string> result;
  for (const json& item : value) {
    if (!item.is_string()) fail_at(key, concat(expected, " (one is ", shown(item), ")"));
    result.push_back(item.get<std::string>());
  }
  return result;
}

Config Config::object(const std::string& key) const {
  const json& value = require(key, "an object {…}");
  if (!value.is_object()) fail_at(key, "an object {…}");
  return Config(document_, &value, prefix_ + key + ".");
}

std::vector<Config> Config::objects(const std::string& key) const {
  const std::string expected = "an array of objects";
  const json& value = require(key, expected);
  if (!value.is_array()) fail_at(key, expected);
  std::vector<Config> result;
  for (const json& item : value) {
    if (!item.is_object()) fail_at(key, concat(expected, " (one is ", shown(item), ")"));
    result.push_back(Config(document_, &item, concat(prefix_, key, "[", result.size(), "].")));
  }
  return result;
}

// Each variant with a default: known whether it is there or not, strict when it is.

std::int64_t Config::integer_or(const std::string& key, std::int64_t otherwise, std::int64_t min,
                                std::int64_t max) const {
  document_->objects[node_].asked.insert(key);
  return has(key) ? integer(key, min, max) : otherwise;
}

double Config::number_or(const std::string& key, double otherwise, double min, double max) const {
  document_->objects[node_].asked.insert(key);
  return has(key) ? number(key, min, max) : otherwise;
}

bool Config::boolean_or(const std::string& key, bool otherwise) const {
  document_->objects[node_].asked.insert(key);
  return has(key) ? boolean(key) : otherwise;
}

std::string Config::string_or(const std::string& key, const std::string& otherwise,
                              const std::vector<std::string>& allowed) const {
  document_->objects[node_].asked.insert(key);
  return has(key) ? string(key, allowed) : otherwise;
}

std::vector<double> Config::numbers_or(const std::string& key, const std::vector<double>& otherwise,
                                       std::size_t count) const {
  document_->objects[node_].asked.insert(key);
  return has(key) ? numbers(key, count) : otherwise;
}

std::vector<std::string> Config::strings_or(const std::string& key,
                                            const std::vector<std::string>& otherwise) const {
  document_->objects[node_].asked.insert(key);
  return has(key) ? strings(key) : otherwise;
}

void Config::ignore(const std::string& key) const { document_->objects[node_].ignored.insert(key); }

void Config::Document::check_used(const json& node, const std::string& prefix) {
  const Keys& known = objects[&node];
  for (const auto& [key, value] : node.items()) {
    if (known.ignored.count(key) != 0) continue;
    if (known.asked.count(key) == 0) {
      const std::vector<std::string> list(known.asked.begin(), known.asked.end());
      fail(code, name, ": key ", in_quotes(prefix + key), " is not known here; ",
           list.empty() ? std::string("no key is") : "known: " + joined(list),
           "; correct the name or remove it");
    }
    if (value.is_object()) check_used(value, prefix + key + ".");
    if (value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i)
        if (value[i].is_object()) check_used(value[i], concat(prefix, key, "[", i, "]."));
    }
  }
}

void Config::check_all_used() const { document_->check_used(*node_, prefix_); }

const std::string& Config::name() const noexcept { return document_->name; }

}  // namespace beholder::io
