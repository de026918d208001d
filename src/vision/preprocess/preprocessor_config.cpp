#include "vision/preprocess/preprocessor_config.hpp"

#include "core/check.hpp"
#include "io/config.hpp"

namespace beholder::vision {
namespace {

/// preprocessor_config.json, or what newer versions of the reference save in its place.
io::Config open_config(const std::filesystem::path& directory) {
  if (!std::filesystem::exists(directory / "preprocessor_config.json") &&
      std::filesystem::exists(directory / "processor_config.json"))
    return io::Config::load(directory / "processor_config.json").object("image_processor");
  return io::Config::load(directory / "preprocessor_config.json");
}

}  // namespace

ImageProcessorConfig load_preprocessor_config(const std::filesystem::path& directory,
                                              std::int64_t image_size) {
  const io::Config in = open_config(directory);
  ImageProcessorConfig out;
  // OpenAI's CLIP statistics, the reference's default.
  const std::vector<double> mean =
      in.numbers_or("image_mean", {0.48145466, 0.4578275, 0.40821073}, 3);
  const std::vector<double> deviation =
      in.numbers_or("image_std", {0.26862954, 0.26130258, 0.27577711}, 3);
  for (std::size_t c = 0; c < 3; ++c) {
    out.image_mean[c] = static_cast<float>(mean[c]);
    out.image_std[c] = static_cast<float>(deviation[c]);
  }
  for (const char* step : {"do_resize", "do_rescale", "do_normalize"})
    if (!in.boolean_or(step, true)) in.fail_at(step, "true");
  out.rescale = static_cast<float>(in.number_or("rescale_factor", 1.0 / 255, 1e-9, 1e9));
  const std::int64_t resample = in.integer_or("resample", 3, 2, 3);
  out.resample = resample == 3 ? Resample::kPillowBicubic : Resample::kPillowBilinear;
  out.size = static_cast<int>(image_size);
  if (in.is_object("size")) {  // older files say one number, which is then the side
    const io::Config size = in.object("size");
    for (const char* side : {"height", "width"})
      if (size.integer(side, 1, 8192) != image_size)
        size.fail_at(side, concat(image_size, " as vision_config.image_size in config.json says"));
  } else if (in.integer_or("size", image_size, 1, 8192) != image_size) {
    in.fail_at("size", concat(image_size, " as vision_config.image_size in config.json says"));
  }
  return out;
}

}  // namespace beholder::vision
