#include "data/object_rows.hpp"

#include <gtest/gtest.h>

#include "io/temporary_folder.hpp"
#include "support/text_files.hpp"

namespace beholder::data {
namespace {

using tests::error_of;
using tests::write_text;

TEST(ObjectRows, ReadsPhotosAndScenes) {
  const io::TemporaryFolder folder;
  const std::string photo =
      R"({"image": "a b.jpg", "width": 40, "height": 20, "objects": [{"name": "dog", "box": [1, 2, 3.5, 4]}]})";
  const std::string scene =
      R"({"image_filename": "/x/s.png", "directions": {"right": [0, 1, 0], "behind": [-1, 0, 0]}, )"
      R"("objects": [{"shape": "cube", "size": "small", "color": "red", "material": "metal", )"
      R"("3d_coords": [2, 3, 0.35], "pixel_coords": [100.5, 50, 9]}]})";
  write_text(folder / "rows.jsonl", photo + "\n" + scene + "\n");
  const auto rows = read_objects_jsonl(folder / "rows.jsonl");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].image, folder / "a b.jpg");
  EXPECT_EQ(rows[0].size, (std::array<double, 2>{40, 20}));
  EXPECT_EQ(rows[0].objects[0].attributes.at("shape"), "dog");
  EXPECT_EQ((*rows[0].objects[0].box)[2], 3.5);
  EXPECT_FALSE(rows[0].objects[0].center);
  const ObjectRow& cube = rows[1].objects[0];
  EXPECT_EQ(rows[1].image, "/x/s.png");
  EXPECT_FALSE(rows[1].size);
  EXPECT_EQ(*cube.ground, (std::array<double, 2>{3, -2}));
  EXPECT_EQ(*cube.center, (std::array<double, 2>{100.5, 50}));
  EXPECT_FALSE(cube.box);
}

TEST(ObjectRows, WhatIsWrongIsSaidWithItsPlace) {
  const io::TemporaryFolder folder;
  for (const char* row : {R"({"objects": []})", R"({"image": "a.jpg"})",
                          R"({"image": "a.jpg", "objects": [{"box": [1, 2, 3, 4]}]})",
                          R"({"image": "a.jpg", "objects": [{"name": "dog", "box": [1, 2]}]})",
                          R"({"image": "a.jpg", "width": 0, "height": 9, "objects": []})"}) {
    write_text(folder / "rows.jsonl", row);
    const Error error = error_of([&] { read_objects_jsonl(folder / "rows.jsonl"); });
    EXPECT_EQ(error.code(), ErrorCode::kDataFormat) << row;
    EXPECT_NE(std::string(error.what()).find("rows.jsonl:1"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace beholder::data
