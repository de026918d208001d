// Our resampler against Pillow's bytes (tests/golden/resize/README.md).
#include "vision/preprocess/image_resample.hpp"

#include <cstdio>

#include "core/check.hpp"
#include "vision/image_test_support.hpp"
#include "vision/preprocess/image_processor.hpp"

namespace beholder::vision {
namespace {

Resample filter_of(const std::string& name) {
  if (name == "bicubic") return Resample::kPillowBicubic;
  if (name == "bilinear") return Resample::kPillowBilinear;
  if (name == "lanczos") return Resample::kPillowLanczos;
  EXPECT_EQ(name, "nearest");
  return Resample::kPillowNearest;
}

TEST(ImageResampleGolden, GivesPillowsBytes) {
  int compared = 0;
  for (const auto& entry : std::filesystem::directory_iterator(golden("resize"))) {
    const std::string name = entry.path().filename().string();
    char filter[16], source[16];
    int width = 0, height = 0;
    if (std::sscanf(name.c_str(), "%15[a-z]_%15[0-9x]_to_%dx%d.ppm", filter, source, &width,
                    &height) != 4)
      continue;
    SCOPED_TRACE(name);
    const Image picture = load_image(golden(concat("resize/source_", source, ".ppm")));
    const Resample resample = filter_of(filter);
    const Image resized = resample_as_pillow(picture, width, height, resample);
    expect_near(resized, load_image(entry.path()), 0, 0);
    EXPECT_EQ(resized.rgb, resize_image(picture, width, height, resample).rgb);
    ++compared;
  }
  EXPECT_EQ(compared, 48);
}

TEST(ImageResample, AWindowIsAPartOfTheWhole) {
  for (const char* source : {"53x37", "3x401", "200x5"}) {
    const Image picture = load_image(golden(concat("resize/source_", source, ".ppm")));
    for (const char* filter : {"bicubic", "bilinear", "lanczos", "nearest"})
      for (const auto& [width, height] :
           {std::pair(61, 83), std::pair(20, 20), std::pair(53, 20), std::pair(3, 300)}) {
        SCOPED_TRACE(concat(source, " ", filter, " ", width, "x", height));
        const Resample resample = filter_of(filter);
        const PixelWindow window{width / 3, height / 5, width - width / 2, height / 2};
        const Image whole = resample_as_pillow(picture, width, height, resample);
        EXPECT_EQ(resample_as_pillow(picture, width, height, resample, window).rgb,
                  crop_image(whole, window.left, window.top, window.width, window.height).rgb);
      }
  }
}

}  // namespace
}  // namespace beholder::vision
