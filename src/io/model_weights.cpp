#include "io/model_weights.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "core/check.hpp"
#include "core/file.hpp"
#include "core/log.hpp"
#include "core/stand_in.hpp"
#include "io/json_text.hpp"
#include "io/model_folder.hpp"
#include "io/torch_file.hpp"

namespace beholder::io {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostDepth = 16;
constexpr const char* kWhole[] = {"model.safetensors", "pytorch_model.bin"};
constexpr const char* kIndexEnd = ".index.json";

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

/// The file to begin with; empty when there is none.
std::string first_file(const fs::path& folder) {
  for (const char* whole : kWhole)
    for (const std::string& name : {std::string(whole), std::string(whole) + kIndexEnd})
      if (fs::exists(fs::symlink_status(folder / name))) return name;
  return "";
}

SafetensorsFile open_file(const fs::path& path) {
  check_link(path);
  return ends_with(path.filename().string(), ".bin") ? open_torch_file(path)
                                                     : SafetensorsFile::open(path);
}

/// Which part each tensor lies in.
struct Index {
  std::map<std::string, std::string> part_of;
  std::set<std::string> parts;
};

/// A name inside the folder and nothing else: an index may come from anyone.
void check_part(const std::string& part, const std::string& file) {
  const fs::path path(part);
  const bool plain =
      !part.empty() && part.size() <= 255 && !path.is_absolute() &&
      std::none_of(part.begin(), part.end(),
                   [](unsigned char c) { return c < 0x20 || c == '\\'; }) &&
      std::none_of(path.begin(), path.end(), [](const fs::path& step) { return step == ".."; });
  check(plain, ErrorCode::kModelFormat, file, ": the part ", in_quotes(part),
        " is not a file inside the folder; such an index is not read");
  check(ends_with(part, ".safetensors") || ends_with(part, ".bin"), ErrorCode::kModelFormat, file,
        ": the part ", in_quotes(part), " is neither .safetensors nor .bin");
}

Index read_index(const fs::path& path) {
  check_link(path);
  const std::string file = path.string(), text = read_file_text(path);
  refuse_stand_in(text, file);
  const nlohmann::json whole = parse_json(text, file, ErrorCode::kModelFormat, kMostDepth);
  const auto map = whole.is_object() ? whole.find("weight_map") : whole.end();
  check(whole.is_object() && map != whole.end() && map->is_object() && !map->empty(),
        ErrorCode::kModelFormat, file,
        ": expected an object 'weight_map' from each tensor to its part; fetch the index again");
  Index out;
  for (const auto& [tensor, part] : map->items()) {
    check(part.is_string(), ErrorCode::kModelFormat, file, ": expected the part of tensor ",
          in_quotes(tensor), " as a string, got ", part.type_name());
    check_part(part.get<std::string>(), file);
    out.part_of.emplace(tensor, part.get<std::string>());
    out.parts.insert(part.get<std::string>());
  }
  return out;
}

SafetensorsFile open_parts(const fs::path& folder, const std::string& index_file) {
  const Index index = read_index(folder / index_file);
  const std::string file = (folder / index_file).string();
  std::string missing;
  std::size_t there = 0;
  for (const std::string& part : index.parts)
    if (fs::exists(fs::symlink_status(folder / part)))
      ++there;
    else
      missing += (missing.empty() ? "" : ", ") + part;
  check(missing.empty(), ErrorCode::kFileNotFound, file, ": ", there, " of its ",
        index.parts.size(), " parts are in the folder; fetch ", missing,
        unfinished_downloads(folder));
  std::vector<SafetensorsFile> parts;
  std::map<std::string, std::size_t> places;
  for (const std::string& part : index.parts) {
    places[part] = parts.size();
    parts.push_back(open_file(folder / part));
  }
  for (const auto& [tensor, part] : index.part_of)
    check(parts[places[part]].contains(tensor), ErrorCode::kModelFormat, file, ": tensor ",
          in_quotes(tensor), " should lie in ", part, ", which has none of that name; index and ",
          "parts belong to different versions: fetch them all again");
  return SafetensorsFile::joined(folder / index_file, parts);
}

}  // namespace

SafetensorsFile open_weights(const fs::path& folder) {
  const std::string first = first_file(folder);
  if (first.empty()) fail_without_weights(folder);
  if (fs::exists(folder / "adapter_config.json"))
    log(LogLevel::kWarning, folder.string(),
        ": an adapter lies beside the whole weights; it is not used");
  return ends_with(first, kIndexEnd) ? open_parts(folder, first) : open_file(folder / first);
}

std::vector<std::string> weight_files(const fs::path& folder) {
  const std::string first = first_file(folder);
  if (first.empty()) return {};
  std::vector<std::string> out{first};
  if (ends_with(first, kIndexEnd)) {
    const Index index = read_index(folder / first);
    out.insert(out.end(), index.parts.begin(), index.parts.end());
  }
  return out;
}

std::vector<std::string> model_files(const fs::path& folder) {
  std::vector<std::string> out;
  for (const char* name : {"config.json", "vocab.txt", "output_vocab.txt", "reasoner_vocab.txt",
                           "tokenizer.json", "tokenizer_config.json", "preprocessor_config.json",
                           "processor_config.json", "photo_objects.safetensors", "names.json",
                           "text_detection.safetensors", "text_recognition.safetensors",
                           "characters.txt", "answer_scorer.json", "answer_scorer.safetensors"})
    if (fs::exists(folder / name)) out.emplace_back(name);
  for (const std::string& name : weight_files(folder))
    if (fs::exists(folder / name)) out.push_back(name);
  return out;
}

}  // namespace beholder::io
