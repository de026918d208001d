// What a journal holds already for the options of this run.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "batch/picture_list.hpp"
#include "batch/row.hpp"
#include "core/content_hash.hpp"

namespace beholder::batch {

using Key = ContentHash;

/// A hash of several texts, each kept apart from the next.
inline Key key_of(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += std::to_string(text.size()) + ":" + text;
  return content_hash(joined.data(), joined.size());
}

/// Offsets alone, whatever the number of rows.
class FinishedRows {
 public:
  struct Entry {
    std::uint64_t offset = 0;
    bool failed = false;
    Key content;  // with the question: whether the row is of the file as it is now
  };

  /// @param own_questions each picture has one: a place in the list has one row
  explicit FinishedRows(bool own_questions) : own_questions_(own_questions) {}

  void add(const Row& row, std::uint64_t offset) {
    const Key content = key_of({row.content, row.question});
    placed_[place(row.index, row.question)] = offset;
    named_[name(row.name, row.keys, row.question)] = {offset, row.failed(), content};
    if (!row.content.empty()) by_content_[content] = {offset, row.failed(), content};
  }
  const Entry* named(const ListedPicture& picture, const std::string& question) const {
    return find(named_, name(picture.name, picture.keys, question));
  }
  /// Whether the row is the last one written for its place in the list: what a merge will take.
  bool in_place(const Entry& entry, std::size_t index, const std::string& question) const {
    const auto found = placed_.find(place(index, question));
    return found != placed_.end() && found->second == entry.offset;
  }
  const Entry* with_content(const std::string& content, const std::string& question) const {
    return find(by_content_, key_of({content, question}));
  }

 private:
  using Map = std::unordered_map<Key, Entry>;
  Key place(std::size_t index, const std::string& question) const {
    return key_of({std::to_string(index), own_questions_ ? "" : question});
  }
  static Key name(const std::string& name, const Json& keys, const std::string& question) {
    return keys.is_null() ? key_of({name, question}) : key_of({name, keys.dump(), question});
  }
  static const Entry* find(const Map& map, const Key& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
  }
  bool own_questions_;
  Map named_, by_content_;
  std::unordered_map<Key, std::uint64_t> placed_;
};

}  // namespace beholder::batch
