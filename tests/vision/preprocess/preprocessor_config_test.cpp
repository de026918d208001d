// Which files are read, what their keys mean, and what is refused.
#include "vision/preprocess/preprocessor_config.hpp"

#include <nlohmann/json.hpp>

#include "io/temporary_folder.hpp"
#include "vision/image_test_support.hpp"

namespace beholder::vision {
namespace {

using Json = nlohmann::json;
using Fit = ResizeRule::Fit;

const Json kPlain = {{"size", {{"height", 24}, {"width", 24}}}, {"resample", 3}};

Json with(Json base, const Json& changes) {
  base.update(changes);
  return base;
}

void write(const std::filesystem::path& path, const Json& json) { std::ofstream(path) << json; }

ImageProcessorConfig read(const Json& json, const ImageProcessorConfig& defaults = {},
                          std::int64_t image_size = 0) {
  const io::TemporaryFolder folder;
  write(folder.path() / "preprocessor_config.json", json);
  return load_preprocessor_config(folder.path(), defaults, image_size);
}

void expect_refused(const Json& changes, const std::string& key, std::int64_t image_size = 0) {
  SCOPED_TRACE(changes.dump());
  for (const std::string& part : {std::string("preprocessor_config.json"), "'" + key + "'"})
    EXPECT_EQ(code_thrown([&] { read(with(kPlain, changes), {}, image_size); }, part),
              ErrorCode::kModelFormat);
}

TEST(PreprocessorConfig, TakesTheNestedObjectOfTheNewerFileFirst) {
  const io::TemporaryFolder folder;
  const auto older = folder.path() / "preprocessor_config.json";
  const auto newer = folder.path() / "processor_config.json";
  const auto width = [&] { return load_preprocessor_config(folder.path(), {}).resize.width; };
  EXPECT_EQ(code_thrown(width, "preprocessor_config.json"), ErrorCode::kFileNotFound);
  write(newer, {{"image_seq_len", 64}, {"processor_class", "Any"}});
  EXPECT_EQ(code_thrown(width, "'image_processor'"), ErrorCode::kModelFormat);
  write(older, with(kPlain, {{"size", 20}}));
  EXPECT_EQ(width(), 20);
  write(newer, {{"image_processor", with(kPlain, {{"size", 30}})}, {"image_seq_len", 64}});
  EXPECT_EQ(width(), 30);
  write(newer, {{"image_processor", with(kPlain, {{"thumbnails", true}})}});
  EXPECT_EQ(code_thrown(width, "processor_config.json: key 'image_processor.thumbnails'"),
            ErrorCode::kModelFormat);
}

TEST(PreprocessorConfig, ReadsEveryWayToSayASize) {
  const auto rule = [](const Json& size) { return read(with(kPlain, {{"size", size}})).resize; };
  EXPECT_EQ(rule(7).width, 7);
  EXPECT_EQ(rule({5, 7}).width, 7);
  EXPECT_EQ(rule({{"height", 5}, {"width", 7}, {"longest_edge", nullptr}}).height, 5);
  EXPECT_EQ(rule({{"shortest_edge", 5}}).fit, Fit::kShortestEdge);
  EXPECT_EQ(rule({{"shortest_edge", 5}, {"longest_edge", 9}}).longest_edge, 9);
  EXPECT_EQ(rule({{"longest_edge", 9}}).fit, Fit::kLongestEdge);
  EXPECT_EQ(rule({{"max_height", 5}, {"max_width", 9}}).fit, Fit::kInside);
  EXPECT_EQ(read(with(kPlain, {{"do_resize", false}})).resize.fit, Fit::kKeep);
}

TEST(PreprocessorConfig, TheFamilySaysWhatTheFileLeavesOut) {
  ImageProcessorConfig defaults;
  defaults.resize = ResizeRule::shortest(30);
  defaults.crop_size = ImageSize{20, 10};
  defaults.resample = Resample::kPillowLanczos;
  defaults.image_mean = {1, 2, 3};
  const ImageProcessorConfig empty = read(Json::object(), defaults);
  EXPECT_EQ(empty.resize.shortest_edge, 30);
  EXPECT_EQ(empty.crop_size, defaults.crop_size);
  EXPECT_EQ(empty.resample, Resample::kPillowLanczos);
  EXPECT_EQ(empty.image_mean, defaults.image_mean);
  EXPECT_EQ(read({{"size", 40}}, defaults).resize.shortest_edge, 40);
  EXPECT_EQ(read({{"size", 40}, {"default_to_square", true}}, defaults).resize.width, 40);
  EXPECT_FALSE(read({{"do_center_crop", false}}, defaults).crop_size);
}

TEST(PreprocessorConfig, StepsThatAreOffLeaveTheValuesAlone) {
  const ImageProcessorConfig off = read(
      with(kPlain, {{"do_rescale", false}, {"do_normalize", false}, {"image_mean", {9, 9, 9}}}));
  EXPECT_EQ(off.rescale, 1);
  EXPECT_EQ(off.image_mean, (std::array<float, 3>{0, 0, 0}));
  EXPECT_EQ(off.image_std, (std::array<float, 3>{1, 1, 1}));
  const ImageProcessorConfig one = read(with(kPlain, {{"image_mean", 0.25}, {"image_std", 0.5}}));
  EXPECT_EQ(one.image_mean, (std::array<float, 3>{0.25f, 0.25f, 0.25f}));
  EXPECT_EQ(one.image_std, (std::array<float, 3>{0.5f, 0.5f, 0.5f}));
}

TEST(PreprocessorConfig, LetsBeWhatChangesNoPixels) {
  const ImageProcessorConfig plain = read(kPlain);
  const ImageProcessorConfig same =
      read(with(kPlain, {{"image_processor_type", "AnyImageProcessor"},
                         {"processor_class", "AnyProcessor"},
                         {"auto_map", {{"AutoProcessor", "a.B"}}},
                         {"_valid_processor_keys", {"images"}},
                         {"do_convert_rgb", nullptr},
                         {"image_seq_length", 577},
                         {"some_new_thing", nullptr},
                         {"do_thumbnail", false},
                         {"do_center_crop", false},
                         {"crop_size", {{"shortest_edge", 3}}},
                         {"size_divisor", 8},
                         {"do_pad", true}}));
  EXPECT_EQ(same.resize.width, plain.resize.width);
  EXPECT_EQ(same.resize.fit, Fit::kExact);
  EXPECT_FALSE(same.crop_size || same.pad_size);
  EXPECT_EQ(same.tile_size, 0);
}

TEST(PreprocessorConfig, RefusesByNameWhatItCannotDo) {
  expect_refused({{"do_thumbnail", true}}, "do_thumbnail");
  expect_refused({{"crop_pct", 0.9}}, "crop_pct");
  expect_refused({{"rescale_offset", true}}, "rescale_offset");
  expect_refused({{"image_grid_pinpoints", {{2, 3}}}}, "image_grid_pinpoints");
  expect_refused({{"size", {{"min_pixels", 9}, {"max_pixels", 99}}}}, "size");
  expect_refused({{"size", {{"height", 9}}}}, "size.width");
  expect_refused({{"size", {{"height", 9}, {"width", 9}, {"depth", 9}}}}, "size.depth");
  expect_refused({{"size", {1, 2, 3}}}, "size");
  expect_refused({{"size", 0}}, "size");
  expect_refused({{"size", "large"}}, "size");
  expect_refused({{"resample", 4}}, "resample");
  expect_refused({{"size_divisor", 8}, {"size", {{"longest_edge", 64}}}}, "size_divisor");
  expect_refused({{"do_center_crop", true}}, "crop_size");
  expect_refused({{"do_image_splitting", false}}, "max_image_size");
  expect_refused({{"do_image_splitting", true}, {"max_image_size", 512}}, "max_image_size");
  expect_refused(
      {{"do_center_crop", true}, {"crop_size", 8}, {"max_image_size", {{"longest_edge", 8}}}},
      "do_center_crop");
  expect_refused({{"do_pad", true}, {"pad_size", 8}}, "pad_size");
  expect_refused({{"image_std", {1, 0, 1}}}, "image_std");
  expect_refused({{"image_mean", {1, 2}}}, "image_mean");
  expect_refused({{"rescale_factor", 0}}, "rescale_factor");
  expect_refused({{"do_resize", "yes"}}, "do_resize");
}

TEST(PreprocessorConfig, HoldsTheSizeAgainstTheNetworks) {
  EXPECT_EQ(read(kPlain, {}, 24).resize.width, 24);
  expect_refused(Json::object(), "size.height", 32);
  expect_refused({{"size", 31}}, "size", 32);
  expect_refused({{"size", {{"shortest_edge", 32}}}}, "size.shortest_edge", 32);
  expect_refused({{"do_center_crop", true}, {"crop_size", {{"height", 32}, {"width", 30}}}},
                 "crop_size.width", 32);
  expect_refused({{"max_image_size", {{"longest_edge", 31}}}}, "max_image_size.longest_edge", 32);
  expect_refused({{"pad_size", {{"height", 32}, {"width", 33}}}}, "pad_size.width", 32);
  EXPECT_EQ(
      read(with(kPlain, {{"do_image_splitting", true}, {"max_image_size", {{"longest_edge", 32}}}}),
           {}, 32)
          .tile_size,
      32);
}

}  // namespace
}  // namespace beholder::vision
