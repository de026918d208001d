#include "io/model_folder.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

#include "core/check.hpp"
#include "core/file.hpp"
#include "core/stand_in.hpp"
#include "io/json_text.hpp"

namespace beholder::io {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostNamed = 3;
constexpr std::size_t kMostEntries = 10'000;  // that are looked at

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}
bool begins_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

/// Names in a folder, sorted; none of one that cannot be read.
std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> out;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (out.size() == kMostEntries) break;
    out.push_back(it->path().filename().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

bool is_whole(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_regular_file(folder / "config.json", ignored);
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < kMostNamed; ++i)
    out += (i == 0 ? "" : ", ") + names[i];
  return names.size() > kMostNamed ? concat(out, " and ", names.size() - kMostNamed, " more") : out;
}

bool is_unfinished(std::string_view name) {
  for (const char* end : {".incomplete", ".part", ".partial", ".crdownload", ".download", ".aria2"})
    if (ends_with(name, end)) return true;
  return false;
}

std::vector<std::string> unfinished_in(const fs::path& folder) {
  std::vector<std::string> out;
  // Tools of hubs keep what they are fetching beside the folder, or hidden in it.
  for (const char* place : {"", "../../blobs", ".cache/huggingface/download"})
    for (const std::string& name : names_in(folder / place))
      if (is_unfinished(name)) out.push_back((fs::path(place) / name).lexically_normal().string());
  return out;
}

/// Text values of an adapter's own configuration; nothing of one that cannot be read.
std::string adapter_value(const fs::path& folder, const char* key) {
  try {
    const auto config =
        parse_json(read_file_text(folder / "adapter_config.json"), "", ErrorCode::kModelFormat, 32);
    const auto found = config.is_object() ? config.find(key) : config.end();
    if (config.is_object() && found != config.end() && found->is_string())
      return found->get<std::string>();
  } catch (const Error&) {
  }
  return "";
}

[[noreturn]] void fail_adapter(const fs::path& folder) {
  if (fs::exists(folder / "adapter_config.json"))
    refuse_stand_in(read_file_text(folder / "adapter_config.json"),
                    (folder / "adapter_config.json").string());
  const std::string kind = adapter_value(folder, "peft_type");
  const std::string base = adapter_value(folder, "base_model_name_or_path");
  const std::string shown = kind.empty() || kind == "LORA" ? "LoRA" : in_quotes(kind);
  fail(ErrorCode::kUnsupported, folder.string(), ": is a ", shown, " adapter of ",
       base.empty() ? "a base model" : "the base model " + in_quotes(base),
       ", not a whole model; merge it into its base (with peft: merge_and_unload, then "
       "save_pretrained) and name the folder that was written");
}

bool has_adapter(const fs::path& folder) {
  for (const char* name : {"adapter_config.json", "adapter_model.safetensors", "adapter_model.bin"})
    if (fs::exists(fs::symlink_status(folder / name))) return true;
  return false;
}

/// What a file of weights under another name is, and what to do; empty for other files.
std::string advice_on(const std::string& name) {
  const auto another = [&](const char* what) {
    return name + " (" + what + ": fetch the model's original checkpoint, as safetensors)";
  };
  for (const char* whole : {"model.safetensors", "pytorch_model.bin"})
    if (name == whole || name == std::string(whole) + ".index.json") return "";
  for (const char* beside :  // the weights of our own models
       {"photo_objects.safetensors", "answer_scorer.safetensors", "text_detection.safetensors",
        "text_recognition.safetensors"})
    if (name == beside) return "";
  if (begins_with(name, "diffusion_pytorch_model"))
    return name + " (a part of an image generator, which is not run)";
  if (ends_with(name, ".index.json")) return name + " (an index under another name)";
  const bool tensors = ends_with(name, ".safetensors"), torch = ends_with(name, ".bin");
  const std::size_t part = name.find("-of-");
  if ((tensors || torch) && part != std::string::npos)
    return name + " (a part without its index: fetch " +
           (tensors ? "model.safetensors" : "pytorch_model.bin") + ".index.json as well)";
  if (tensors)
    return name + " (if these are the whole model's weights, rename it to model.safetensors)";
  if (begins_with(name, "pytorch_model") && torch)
    return name + " (if these are the whole model's weights, rename it to pytorch_model.bin)";
  if (name == "training_args.bin" || name == "optimizer.bin" || name == "scheduler.bin") return "";
  if (ends_with(name, ".gguf") || ends_with(name, ".ggml")) return another("llama.cpp's format");
  if (ends_with(name, ".onnx") || ends_with(name, ".onnx_data")) return another("ONNX");
  if (ends_with(name, ".msgpack")) return another("Flax");
  if (ends_with(name, ".h5") || ends_with(name, ".keras")) return another("TensorFlow");
  if (ends_with(name, ".tflite") || ends_with(name, ".mlmodel")) return another("for phones");
  if (begins_with(name, "openvino_")) return ends_with(name, ".bin") ? another("OpenVINO") : "";
  if (begins_with(name, "consolidated.")) return another("the first release's own layout");
  if (ends_with(name, ".pth") || ends_with(name, ".pt") || ends_with(name, ".ckpt"))
    return another("a checkpoint of the training program");
  if (torch)
    return name +
           " (if torch.save wrote it of the whole model, rename it to "
           "pytorch_model.bin)";
  for (const char* archive : {".tar", ".tar.gz", ".tgz", ".zip", ".7z", ".tar.zst"})
    if (ends_with(name, archive)) return name + " (an archive: unpack it)";
  return "";
}

/// "; it holds …" with advice on each file of weights, and what was not fetched whole.
/// @param else_do what to do when there is neither
std::string what_is_there(const fs::path& folder, const char* else_do) {
  std::vector<std::string> found;
  for (const std::string& name : names_in(folder)) {
    if (is_unfinished(name) || name[0] == '.') continue;
    const std::string advice = advice_on(name);
    if (!advice.empty()) found.push_back(advice);
  }
  const std::string unfinished = unfinished_downloads(folder);
  if (found.empty() && !unfinished.empty()) return unfinished;
  if (found.empty()) return else_do;
  return "; it holds " + listed(found) + unfinished;
}

/// Folders inside this one that could be meant: at most two steps down, a hub's snapshots included.
std::vector<std::string> models_inside(const fs::path& folder) {
  std::vector<std::string> out;
  std::error_code ignored;
  for (const std::string& name : names_in(folder)) {
    if (name[0] == '.' || !fs::is_directory(folder / name, ignored)) continue;
    if (is_whole(folder / name)) out.push_back((folder / name).string());
    const fs::path snapshots = folder / name / "snapshots";
    for (const fs::path& below : {folder / name, snapshots}) {
      if (below == folder / name && name != "snapshots") continue;
      for (const std::string& snapshot : names_in(below))
        if (is_whole(below / snapshot)) out.push_back((below / snapshot).string());
    }
  }
  return out;
}

[[noreturn]] void fail_without_config(const fs::path& folder) {
  if (has_adapter(folder)) fail_adapter(folder);
  const fs::path reference = folder / "refs" / "main";
  std::error_code ignored;
  if (fs::is_directory(folder / "snapshots", ignored)) {
    std::string snapshot;
    if (fs::is_regular_file(reference, ignored)) snapshot = read_file_text(reference);
    snapshot = snapshot.substr(0, snapshot.find_first_of(" \t\r\n/"));
    const std::vector<std::string> whole = models_inside(folder);
    const fs::path wanted = folder / "snapshots" / snapshot;
    const bool named = !snapshot.empty() && snapshot != ".." && is_whole(wanted);
    check(named || !whole.empty(), ErrorCode::kFileNotFound, folder.string(),
          ": is a hub's cache folder without a whole snapshot; fetch the model again",
          unfinished_downloads(folder / "snapshots" / "any"));
    fail(ErrorCode::kFileNotFound, folder.string(),
         ": is a hub's cache folder, not a model; name its snapshot: ",
         named ? wanted.string() : whole.front());
  }
  check(!fs::exists(folder / "model_index.json"), ErrorCode::kUnsupported, folder.string(),
        ": is a pipeline of an image generator (model_index.json), which is not run; name the "
        "folder of a model that answers or describes");
  check_link(folder / "config.json");
  const std::vector<std::string> inside = models_inside(folder);
  check(inside.empty(), ErrorCode::kFileNotFound, (folder / "config.json").string(),
        ": no such file; the folder holds models, name one of them: ", listed(inside));
  fail(ErrorCode::kFileNotFound, (folder / "config.json").string(),
       ": no such file; a model's folder has it beside its weights",
       what_is_there(folder, ": fetch it, or name another folder"));
}

}  // namespace

std::string unfinished_downloads(const fs::path& folder) {
  const std::vector<std::string> found = unfinished_in(folder);
  return found.empty() ? ""
                       : "; its download did not finish (" + listed(found) + "): fetch it again";
}

void check_link(const fs::path& path) {
  std::error_code ignored;
  check(!fs::is_symlink(path, ignored) || fs::exists(path, ignored), ErrorCode::kFileNotFound,
        path.string(), ": is a link to a file that is not there; fetch the model again",
        unfinished_downloads(path.parent_path()));
}

void check_model_folder(const fs::path& folder) {
  std::error_code ignored;
  const fs::file_status status = fs::status(folder, ignored);
  if (fs::is_regular_file(status)) {
    const fs::path parent = folder.parent_path();
    const std::string advice = advice_on(folder.filename().string());
    fail(ErrorCode::kFileNotFound, folder.string(), ": is a file; name the folder that holds it",
         is_whole(parent) ? concat(": ", parent.empty() ? "." : parent.string())
         : advice.empty() ? std::string(", with its config.json")
                          : ", with its config.json; " + advice);
  }
  const std::string text = folder.string();
  const bool hub_name = !folder.is_absolute() && text.find("..") == std::string::npos &&
                        std::count(text.begin(), text.end(), '/') == 1 && text.back() != '/' &&
                        !fs::exists(folder.parent_path());
  check(fs::is_directory(status), ErrorCode::kFileNotFound, text,
        ": no such model directory; name a folder that holds config.json and model.safetensors",
        hub_name ? " (a model of a hub is not fetched: download it, then name its folder)" : "");
  if (!is_whole(folder)) fail_without_config(folder);
}

void fail_without_weights(const fs::path& folder) {
  if (has_adapter(folder)) fail_adapter(folder);
  fail(ErrorCode::kFileNotFound, folder.string(),
       ": neither model.safetensors nor pytorch_model.bin, whole or in parts with an index",
       what_is_there(folder, "; fetch the model's weights"));
}

}  // namespace beholder::io
