// Reading of weights that PyTorch saved, without running the program that a pickle is.
#pragma once

#include <filesystem>

#include "io/safetensors.hpp"

namespace beholder::io {

/// The tensors of a `pytorch_model.bin`: the zip format of torch.save (PyTorch 1.6 and later) whose
/// top level is a dictionary from names to tensors. Of the pickle inside only what builds tensors
/// and plain containers is understood (opcodes as in Python's pickletools, protocols 2 to 4); a
/// name of any other function is an error, and nothing is ever called. The tensors stay in the
/// mapped file.
/// @throws Error kFileNotFound, kFileAccess; kModelFormat: not such a file, damaged, compressed,
/// big-endian, anything but tensors in it, or a tensor that is not row-major.
SafetensorsFile open_torch_file(const std::filesystem::path& path);

}  // namespace beholder::io
