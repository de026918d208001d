// What a folder is that was meant to be a model's: said by name, with what to do about it.
#pragma once

#include <filesystem>
#include <string>

namespace beholder::io {

/// Passes for a folder with a config.json. For anything else says what it is: no folder, a file, a
/// cache of a hub, an adapter, a folder of such folders, weights of another format.
/// @throws Error kFileNotFound, kUnsupported, kModelFormat
void check_model_folder(const std::filesystem::path& folder);

/// @throws Error kFileNotFound, or kUnsupported for what is no whole model or of another format:
/// what lies where weights should
[[noreturn]] void fail_without_weights(const std::filesystem::path& folder);

/// "; its download did not finish: model.safetensors.incomplete", or nothing.
std::string unfinished_downloads(const std::filesystem::path& folder);

/// @throws Error kFileNotFound when `path` is a link to nothing, as a hub's cache leaves it
void check_link(const std::filesystem::path& path);

}  // namespace beholder::io
