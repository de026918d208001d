// libtorch's version; the header's place depends on the package.
#pragma once

#if __has_include(<torch/version.h>)
#include <torch/version.h>
#else
#include <torch/csrc/api/include/torch/version.h>
#endif

namespace beholder::cli {

inline const char* torch_version() { return TORCH_VERSION; }

}  // namespace beholder::cli
