// The pictures of a batch, in an order that is the same for every run and shard.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <istream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "batch/row.hpp"
#include "core/file.hpp"

namespace beholder::batch {

/// A picture and its place in the whole list, the same whatever the shard.
struct ListedPicture {
  std::size_t index = 0;
  std::string name;     ///< the path's bytes as they came; not always UTF-8
  Json keys = nullptr;  ///< what a list's row says of it besides, ids above all; null: nothing
  std::optional<std::string> question = {};  ///< the row's own
};

/// Calls `row` for each JSON row of a file; `place` names it in messages.
using RowReader =
    std::function<void(const std::string& file,
                       const std::function<void(const Json& row, const std::string& place)>&)>;

struct ListOptions {
  bool recursive = false;             ///< folders within folders too
  std::vector<std::string> globs;     ///< file names in folders that count; empty: known extensions
  bool null_separated = false;        ///< lists hold names ended by a zero byte instead of a line
  std::string filelist;               ///< one more list, under any name; "-": standard input
  bool own_questions = false;         ///< rows' questions are asked; otherwise kept as a key
  bool keep_keys = true;              ///< of rows; otherwise a picture with others is the same
  std::size_t limit = 0;              ///< at most so many pictures, before sharding; 0: all
  std::size_t shard = 1, shards = 1;  ///< part `shard` of `shards`: every n-th picture
  /// Reads lists called .json, .jsonl or .gz; without it they are read a line at a time.
  RowReader read_rows;
  /// Whether a file of an unknown extension is a picture by its content; may be missing.
  std::function<bool(const std::filesystem::path&)> looks_like_picture;
};

struct PictureList {
  std::vector<ListedPicture> pictures;  ///< of this shard
  std::size_t total = 0;                ///< of all shards
  std::string fingerprint;              ///< of all names of all shards, in order
  bool own_questions = false;           ///< each picture has a question of its own
  /// What the walks through folders left out, by kind (".txt", "hidden files"), with its number.
  std::map<std::string, std::size_t> passed_over;
};

/// "3 .xcf, 2 hidden files"; empty when nothing was passed over.
std::string passed_over_text(const std::map<std::string, std::size_t>& passed_over);

/// The pictures of a list: a name a line or, with `null_separated`, ended by a zero byte; a line
/// that is a JSON object is a row {"image": name, "question": text, …}, whose other keys are kept.
/// @param name of the list, for messages
/// @param folder that names in rows are relative to
/// @throws Error kUsage when the list is of the other kind; kDataFormat for a row without "image"
std::vector<ListedPicture> read_list(ByteSource source, const std::string& name,
                                     bool null_separated, const std::filesystem::path& folder = {});

/// @param arguments pictures, folders (their pictures by name, in byte order; hidden ones and
///   those of unknown extensions are passed over), lists (`*.txt`, `*.jsonl`, `*.json`) and "-" (a
///   list on standard input). What comes twice with the same keys counts once.
/// @param input what "-" reads
/// @throws Error kUsage when nothing is left, the shard makes no sense, or some rows have questions
///   of their own and others not; kFileNotFound and kFileAccess for a list or folder that cannot be
///   read. A picture that is not there is listed: its row says so.
PictureList list_pictures(const std::vector<std::string>& arguments, const ListOptions& options,
                          std::istream& input);

}  // namespace beholder::batch
