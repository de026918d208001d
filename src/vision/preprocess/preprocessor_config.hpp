// How a published model's pictures are prepared, as its folder says.
#pragma once

#include <filesystem>

#include "vision/preprocess/image_processor.hpp"

namespace beholder::vision {

/// Reads how pictures are prepared from where transformers reads it: the `image_processor` of
/// processor_config.json where there is one, else preprocessor_config.json. The steps are those of
/// its processors over Pillow; `do_pad` without `pad_size` evens out a batch (pad_batch).
/// Keys that change no pixels are let be; any other that is not known here is an error, unless it
/// is null or a step (`do_…`) that is false.
/// @param defaults what the family's processor does where the file says nothing; a `size` of one
///   number is the shortest edge where that is what `defaults` resize to, else a square's side
/// @param image_size side of the square that the network takes, px, and config.json says; 0: any.
///   A file that gives something else is an error.
/// @throws Error kFileNotFound, kFileAccess, kModelFormat, with file and key
ImageProcessorConfig load_preprocessor_config(const std::filesystem::path& directory,
                                              const ImageProcessorConfig& defaults,
                                              std::int64_t image_size = 0);

}  // namespace beholder::vision
