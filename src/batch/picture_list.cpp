#include "batch/picture_list.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "batch/folder_walk.hpp"
#include "core/check.hpp"
#include "core/content_hash.hpp"
#include "core/text_lines.hpp"

namespace beholder::batch {
namespace fs = std::filesystem;

namespace {

/// Names of output fields; a row's own key of that name is kept as "row_…".
std::string free_name(const std::string& key) {
  static const std::set<std::string> taken = {
      "image",        "image_bytes", "question",   "text",          "caption", "answer",
      "confidence",   "probability", "abstained",  "familiar",      "top_k",   "result",
      "error",        "error_code",  "best_guess", "error_message", "objects", "relations",
      "descriptions", "joules",      "timing_ms",  "width",         "height"};
  return taken.count(key) > 0 || key.empty() ? "row_" + key : key;
}

ListedPicture picture_of(const Json& row, const fs::path& folder, const std::string& place) {
  const char* form = R"({"image": "a.jpg", …})";
  check(row.is_object(), ErrorCode::kDataFormat, place, ": a JSON ", row.type_name(),
        "; expected a row ", form);
  check(row.contains("image") && row.at("image").is_string() &&
            !row.at("image").get_ref<const std::string&>().empty(),
        ErrorCode::kDataFormat, place, ": this row has no \"image\" with a name; expected ", form);
  ListedPicture out;
  const fs::path name = get_name(row);
  out.name = folder.empty() || name.is_absolute() ? name.string()
                                                  : (folder / name).lexically_normal().string();
  for (const auto& [key, value] : row.items()) {
    if (key == "image" || key == "image_bytes") continue;
    if (key == "question") {
      check(value.is_string() &&
                value.get_ref<const std::string&>().find_first_not_of(" \t") != std::string::npos,
            ErrorCode::kDataFormat, place, ": \"question\" is no text, or an empty one");
      out.question = value.get<std::string>();
    } else {
      out.keys[free_name(key)] = value;
    }
  }
  return out;
}

bool is_row_file(const std::string& name) {
  const fs::path path(name);
  const std::string extension = extension_of(name);
  const std::string inner = extension == ".gz" ? extension_of(path.stem().string()) : extension;
  return inner == ".jsonl" || inner == ".json";
}

/// All pictures named, in order, duplicates included.
class Naming {
 public:
  Naming(const ListOptions& options, std::istream& input, PictureList& list)
      : options_(options), input_(input), list_(list) {}

  void argument(const std::string& name) {
    std::error_code ignored;
    if (name == "-" || extension_of(name) == ".txt" || is_row_file(name))
      fs::is_directory(name, ignored) ? folder(name) : read(name);
    else
      picture({0, name, {}, {}});
  }

  void read(const std::string& name) {
    if (name == "-")
      return all_of(read_list(bytes_of_stream(input_), "standard input", options_.null_separated));
    const fs::path beside = fs::path(name).parent_path();
    if (options_.read_rows && is_row_file(name))
      return options_.read_rows(name, [&](const Json& row, const std::string& place) {
        picture(picture_of(row, beside, place));
      });
    all_of(read_list(bytes_of_file(name), name, options_.null_separated, beside));
  }

  std::vector<ListedPicture> named;

 private:
  void all_of(std::vector<ListedPicture> pictures) {
    for (ListedPicture& one : pictures) picture(std::move(one));
  }

  void picture(ListedPicture one) {
    if (one.question && !options_.own_questions) {
      one.keys[free_name("question")] = *one.question;
      one.question.reset();
    }
    if (!options_.keep_keys) one.keys = nullptr;
    std::error_code ignored;
    if (one.keys.is_null() && !one.question && fs::is_directory(one.name, ignored))
      folder(one.name);
    else
      named.push_back(std::move(one));
  }

  void folder(const std::string& name) {
    const WalkOptions walk{options_.recursive, options_.globs, options_.looks_like_picture};
    for (std::string& found : walk_folder(name, walk, list_.passed_over))
      named.push_back({0, std::move(found), {}, {}});
  }

  const ListOptions& options_;
  std::istream& input_;
  PictureList& list_;
};

void check_questions(const PictureList& list) {
  for (const ListedPicture& picture : list.pictures)
    check(picture.question.has_value() == list.own_questions, ErrorCode::kUsage,
          printable(picture.name), ": has ", picture.question ? "a" : "no",
          " question of its own in its list, and others of the batch ",
          list.own_questions ? "have" : "have not", "; make two batches of them");
}

}  // namespace

std::string passed_over_text(const std::map<std::string, std::size_t>& passed_over) {
  std::string out;
  for (const auto& [kind, count] : passed_over)
    out += (out.empty() ? "" : ", ") + std::to_string(count) + " " + printable(kind);
  return out;
}

std::vector<ListedPicture> read_list(ByteSource source, const std::string& name,
                                     bool null_separated, const fs::path& folder) {
  std::vector<ListedPicture> out;
  if (null_separated) {
    std::string all, piece(1 << 16, '\0');
    while (const std::size_t got = source(&piece[0], piece.size())) all.append(piece, 0, got);
    check(all.find('\0') != std::string::npos || all.find('\n') == std::string::npos,
          ErrorCode::kUsage, name,
          ": a list without a zero byte that is read with --null; leave --null out");
    for (std::size_t begin = 0; begin < all.size();) {
      const std::size_t end = std::min(all.find('\0', begin), all.size());
      if (end > begin) out.push_back({0, all.substr(begin, end - begin), {}, {}});
      begin = end + 1;
    }
    return out;
  }
  LineOptions options;
  options.any_bytes = true;
  options.code = ErrorCode::kUsage;
  options.hint = "lists as `find -print0` writes need --null, others are saved as UTF-8";
  TextLines lines(std::move(source), name, options);
  for (std::string line; lines.next(line);) {
    if (line.compare(0, 2, "{\"") == 0) {
      const Json row = Json::parse(line, nullptr, false);
      check(!row.is_discarded(), ErrorCode::kDataFormat, lines.place(),
            R"(: not valid JSON; expected a name, or a row {"image": "a.jpg", …})");
      out.push_back(picture_of(row, folder, lines.place()));
    } else if (!line.empty()) {
      out.push_back({0, line, {}, {}});
    }
  }
  return out;
}

PictureList list_pictures(const std::vector<std::string>& arguments, const ListOptions& options,
                          std::istream& input) {
  check(options.shards >= 1 && options.shard >= 1 && options.shard <= options.shards,
        ErrorCode::kUsage, "shard ", options.shard, "/", options.shards,
        " makes no sense; give i/n with i from 1 to n");
  PictureList out;
  Naming naming(options, input, out);
  for (const std::string& argument : arguments) naming.argument(argument);
  if (!options.filelist.empty()) naming.read(options.filelist);
  std::set<std::string> seen;
  std::string all;
  for (ListedPicture& picture : naming.named) {
    const std::string question = picture.question.value_or("");
    const std::string keys = picture.keys.is_null() ? "" : picture.keys.dump();
    if (!seen.insert(picture.name + '\0' + question + '\0' + keys).second) continue;
    picture.index = out.total++;
    all += std::to_string(picture.name.size()) + ":" + picture.name;
    if (picture.question) all += "?" + question;
    if (picture.index == 0) out.own_questions = picture.question.has_value();
    if (picture.index % options.shards == options.shard - 1)
      out.pictures.push_back(std::move(picture));
    if (out.total == options.limit) break;
  }
  const std::string left_out = passed_over_text(out.passed_over);
  check(out.total > 0, ErrorCode::kUsage, "no pictures found",
        left_out.empty() ? "" : " (passed over: " + left_out + ")",
        "; name pictures, folders that hold some (--recursive for the folders in them, --glob for "
        "other names), or lists");
  check_questions(out);
  out.fingerprint = content_hash(all.data(), all.size()).hex().substr(0, 16);
  return out;
}

}  // namespace beholder::batch
