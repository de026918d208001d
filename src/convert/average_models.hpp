// The mean of several fine-tuned models.
#pragma once

#include <filesystem>
#include <vector>

namespace beholder::convert {

/// Writes the model directory whose trained weights are the means of several models' (Wortsman et
/// al. 2022, "model soups"); they must be fine-tuned from the same one, with the same
/// configuration and vocabularies. Float models alone. @throws Error kModelFormat, kUsage
void average_models(const std::vector<std::filesystem::path>& from,
                    const std::filesystem::path& to);

}  // namespace beholder::convert
