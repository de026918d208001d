// Which pictures a batch is about, in an order that every run and every shard agrees on.
#pragma once

#include <cstddef>
#include <istream>
#include <string>
#include <vector>

namespace beholder::batch {

struct ListOptions {
  bool recursive = false;             ///< folders within folders too
  std::vector<std::string> globs;     ///< file names in folders that count; empty: known extensions
  bool null_separated = false;        ///< lists hold names ended by a zero byte instead of a line
  std::size_t limit = 0;              ///< at most so many pictures, before sharding; 0: all
  std::size_t shard = 1, shards = 1;  ///< part `shard` of `shards`: every n-th picture
};

/// A picture and its place in the whole list, the same whatever the shard.
struct ListedPicture {
  std::size_t index = 0;
  std::string name;  ///< the path's bytes as they came; not always UTF-8
};

struct PictureList {
  std::vector<ListedPicture> pictures;  ///< of this shard
  std::size_t total = 0;                ///< of all shards
  std::string fingerprint;              ///< of all names of all shards, in order
};

/// The names in a list, a line or, with `null_separated`, a zero byte each; empty ones, carriage
/// returns before a line's end and a byte-order mark are left out.
/// @throws Error kUsage when the list is of the other kind
std::vector<std::string> read_list(std::istream& in, bool null_separated);

/// @param arguments pictures, folders (their pictures by name, in byte order), lists (`*.txt`, a
///   name a line) and "-" (a list on standard input). A name that comes twice counts once.
/// @param input what "-" reads
/// @throws Error kUsage when nothing is left or the shard makes no sense; kFileNotFound and
///   kFileAccess for a list or folder that cannot be read. A picture that is not there is listed:
///   its row says so.
PictureList list_pictures(const std::vector<std::string>& arguments, const ListOptions& options,
                          std::istream& input);

}  // namespace beholder::batch
