// Our resampler against Pillow's bytes (tests/golden/resize/README.md).
#include "vision/preprocess/image_resample.hpp"

#include <cstdio>

#include "core/check.hpp"
#include "vision/image_test_support.hpp"
#include "vision/preprocess/image_processor.hpp"

namespace beholder::vision {
namespace {

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
    const bool bicubic = filter == std::string("bicubic");
    const Image resized = resample_as_pillow(picture, width, height, bicubic);
    expect_near(resized, load_image(entry.path()), 0, 0);
    EXPECT_EQ(resized.rgb,
              resize_image(picture, width, height,
                           bicubic ? Resample::kPillowBicubic : Resample::kPillowBilinear)
                  .rgb);
    ++compared;
  }
  EXPECT_EQ(compared, 24);
}

}  // namespace
}  // namespace beholder::vision
