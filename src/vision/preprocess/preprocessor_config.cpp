#include "vision/preprocess/preprocessor_config.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include "core/check.hpp"
#include "io/config.hpp"

namespace beholder::vision {
namespace {

using Fit = ResizeRule::Fit;
constexpr int kMostSide = 8192;

/// Keys that say who wrote the file, how tensors are laid out, or what is done with other data than
/// pictures. The intake gives every processor R G B.
constexpr const char* kChangeNoPixels[] = {"image_processor_type",
                                           "feature_extractor_type",
                                           "processor_class",
                                           "auto_map",
                                           "_valid_processor_keys",
                                           "_processor_class",
                                           "_name_or_path",
                                           "transformers_version",
                                           "model_input_names",
                                           "image_seq_length",
                                           "image_seq_len",
                                           "do_convert_rgb",
                                           "data_format",
                                           "input_data_format",
                                           "return_tensors",
                                           "return_row_col_info",
                                           "device",
                                           "disable_grouping",
                                           "do_reduce_labels",
                                           "reduce_labels",
                                           "video_sampling"};

io::Config open_config(const std::filesystem::path& directory) {
  const std::filesystem::path newer = directory / "processor_config.json";
  const std::filesystem::path older = directory / "preprocessor_config.json";
  if (!std::filesystem::exists(newer)) return io::Config::load(older);
  const io::Config in = io::Config::load(newer);
  // Many a folder has a processor_config.json that speaks of tokens only.
  if (!in.has("image_processor") && std::filesystem::exists(older)) return io::Config::load(older);
  return in.object("image_processor");
}

int side(const io::Config& in, const char* key) {
  return static_cast<int>(in.integer(key, 1, kMostSide));
}

void ignore_nulls(const io::Config& in) {
  for (const std::string& key : in.keys())
    if (!in.has(key)) in.ignore(key);
}

/// Width and height under `key`: an object of the two, [height, width], or one number.
ImageSize read_rectangle(const io::Config& in, const char* key) {
  if (in.is_object(key)) {
    const io::Config size = in.object(key);
    ignore_nulls(size);
    return {side(size, "width"), side(size, "height")};
  }
  if (in.is_array(key)) {
    const std::vector<std::int64_t> sides = in.integers(key, 1, kMostSide);
    if (sides.size() != 2) in.fail_at(key, "height and width");
    return {static_cast<int>(sides[1]), static_cast<int>(sides[0])};
  }
  return {side(in, key), side(in, key)};
}

ResizeRule read_size(const io::Config& in, const ResizeRule& otherwise) {
  const bool square = in.boolean_or("default_to_square", otherwise.fit != Fit::kShortestEdge);
  if (!in.has("size")) return otherwise;
  if (!in.is_object("size")) {
    const ImageSize size = read_rectangle(in, "size");
    return square || in.is_array("size") ? ResizeRule::exact(size.width, size.height)
                                         : ResizeRule::shortest(size.width);
  }
  const io::Config size = in.object("size");
  ignore_nulls(size);
  ResizeRule rule;
  if (size.has("height") || size.has("width")) {
    rule = ResizeRule::exact(side(size, "width"), side(size, "height"));
  } else if (size.has("max_height") || size.has("max_width")) {
    rule = ResizeRule::exact(side(size, "max_width"), side(size, "max_height"));
    rule.fit = Fit::kInside;
  } else if (size.has("shortest_edge")) {
    rule = ResizeRule::shortest(side(size, "shortest_edge"));
    if (size.has("longest_edge")) rule.longest_edge = side(size, "longest_edge");
  } else if (size.has("longest_edge")) {
    rule = ResizeRule::longest(side(size, "longest_edge"));
  } else {
    in.fail_at("size", "height and width, max_height and max_width, shortest_edge or longest_edge");
  }
  return rule;
}

void read_resize(const io::Config& in, ImageProcessorConfig& out) {
  const ResizeRule rule = read_size(in, out.resize);
  const bool resizes = in.boolean_or("do_resize", out.resize.fit != Fit::kKeep);
  const auto divisor =
      static_cast<int>(in.integer_or("size_divisor", rule.size_divisor, 0, kMostSide));
  out.resize = resizes ? rule : ResizeRule{};
  if (out.resize.fit == Fit::kShortestEdge && out.resize.longest_edge == 0)
    out.resize.size_divisor = divisor;
  else if (divisor != 0 && out.resize.fit != Fit::kExact && out.resize.fit != Fit::kKeep)
    in.fail_at("size_divisor", "none, or a 'size' of 'shortest_edge' alone");
  constexpr Resample kFilters[] = {Resample::kPillowNearest, Resample::kPillowLanczos,
                                   Resample::kPillowBilinear, Resample::kPillowBicubic};
  if (in.has("resample")) out.resample = kFilters[in.integer("resample", 0, 3)];
}

void read_crop(const io::Config& in, ImageProcessorConfig& out) {
  if (!in.boolean_or("do_center_crop", out.crop_size.has_value())) {
    in.ignore("crop_size");
    out.crop_size.reset();
    return;
  }
  if (in.has("crop_size")) out.crop_size = read_rectangle(in, "crop_size");
  if (!out.crop_size) in.fail_at("crop_size", "height and width");
}

void read_tiles(const io::Config& in, ImageProcessorConfig& out) {
  out.do_image_splitting = in.boolean_or("do_image_splitting", out.do_image_splitting);
  // Without a tile's size even an unsplit picture is prepared in another way than here.
  if (in.has("max_image_size") || (in.has("do_image_splitting") && out.tile_size == 0))
    out.tile_size = side(in.object("max_image_size"), "longest_edge");
  if (out.tile_size > 0 && out.crop_size)
    in.fail_at("do_center_crop", "false where 'max_image_size' cuts tiles");
}

void read_pad(const io::Config& in, ImageProcessorConfig& out) {
  if (!in.boolean_or("do_pad", true)) {
    in.ignore("pad_size");
    out.pad_size.reset();
    return;
  }
  if (!in.has("pad_size")) return;
  if (!in.is_object("pad_size")) in.fail_at("pad_size", "an object of height and width");
  out.pad_size = read_rectangle(in, "pad_size");
}

std::array<float, 3> read_channels(const io::Config& in, const char* key,
                                   const std::array<float, 3>& otherwise) {
  if (!in.has(key)) return otherwise;
  if (!in.is_array(key)) {
    const auto all = static_cast<float>(in.number(key, -1e9, 1e9));
    return {all, all, all};
  }
  const std::vector<double> channels = in.numbers(key, 3);
  return {static_cast<float>(channels[0]), static_cast<float>(channels[1]),
          static_cast<float>(channels[2])};
}

void read_values(const io::Config& in, ImageProcessorConfig& out) {
  out.rescale = static_cast<float>(in.number_or("rescale_factor", out.rescale, 1e-9, 1e9));
  if (!in.boolean_or("do_rescale", true)) out.rescale = 1;
  out.image_mean = read_channels(in, "image_mean", out.image_mean);
  out.image_std = read_channels(in, "image_std", out.image_std);
  if (!in.boolean_or("do_normalize", true)) {
    out.image_mean = {0, 0, 0};
    out.image_std = {1, 1, 1};
  }
  for (const float s : out.image_std)
    if (!(s > 0)) in.fail_at("image_std", "numbers above 0");
}

void check_keys(const io::Config& in) {
  for (const char* key : kChangeNoPixels) in.ignore(key);
  ignore_nulls(in);
  for (const std::string& key : in.keys())
    if (key.rfind("do_", 0) == 0 && in.is_false(key)) in.ignore(key);
  in.check_all_used();
}

/// What decides the size of an image, by its key.
const char* size_key(const ImageProcessorConfig& config) {
  if (config.pad_size) return "pad_size";
  if (config.tile_size > 0) return "max_image_size";
  return config.crop_size ? "crop_size" : "size";
}

void check_image_size(const io::Config& in, const ImageProcessorConfig& config,
                      std::int64_t image_size) {
  if (image_size == 0) return;
  const std::optional<ImageSize> size = output_size(config);
  if (size && size->width == image_size && size->height == image_size) return;
  const char* key = size_key(config);
  const std::string expected =
      concat("a square of ", image_size, " px, the image_size that config.json says");
  if (!in.is_object(key)) in.fail_at(key, expected);
  const io::Config sides = in.object(key);
  for (const std::string& name : sides.keys())
    if (!size || sides.integer(name, 1, kMostSide) != image_size) sides.fail_at(name, expected);
  in.fail_at(key, expected);
}

}  // namespace

ImageProcessorConfig load_preprocessor_config(const std::filesystem::path& directory,
                                              const ImageProcessorConfig& defaults,
                                              std::int64_t image_size) {
  const io::Config in = open_config(directory);
  ImageProcessorConfig out = defaults;
  read_resize(in, out);
  read_crop(in, out);
  read_tiles(in, out);
  read_pad(in, out);
  read_values(in, out);
  check_keys(in);
  check_image_size(in, out, image_size);
  return out;
}

}  // namespace beholder::vision
