// How a published model's pictures are prepared, as its folder says.
#pragma once

#include <filesystem>

#include "vision/preprocess/image_processor.hpp"

namespace beholder::vision {

/// Reads preprocessor_config.json or, as newer versions of transformers save it, the
/// `image_processor` of processor_config.json; what it leaves out has the defaults of transformers'
/// processors that use OpenAI's CLIP statistics.
/// @param image_size side of the square that the network takes, px; another one there is an error
/// @throws Error kFileNotFound, kFileAccess, kModelFormat; also for steps that are not done here
ImageProcessorConfig load_preprocessor_config(const std::filesystem::path& directory,
                                              std::int64_t image_size);

}  // namespace beholder::vision
