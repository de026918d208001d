#include "eval/evaluate_objects.hpp"

#include <gtest/gtest.h>

#include "io/temporary_folder.hpp"
#include "support/text_files.hpp"

namespace beholder::eval {
namespace {

const Engine& bundled() {
  static const Engine engine = Engine::load(std::string(BEHOLDER_SOURCE_DIR) + "/models/beholder");
  return engine;
}

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

/// Rows that say of the sample scene what the model finds in it, moved by `shift` pixels.
std::string rows(const std::string& image, double shift, const std::string& color = "") {
  const Picture picture = bundled().encode(image);
  std::string objects;
  for (const Object& object : bundled().objects(picture).list) {
    const Box& box = object.box;
    objects += (objects.empty() ? "" : ", ") + std::string("{\"shape\": ") + quoted(object.name) +
               ", \"size\": " + quoted(object.attributes[0]) +
               ", \"color\": " + quoted(color.empty() ? object.attributes[1] : color) +
               ", \"material\": " + quoted(object.attributes[2]) + ", \"box\": [" +
               std::to_string(box.left + shift) + "," + std::to_string(box.top) + "," +
               std::to_string(box.right + shift) + "," + std::to_string(box.bottom) +
               "], \"pixel_coords\": [" + std::to_string(object.center_x + shift) + "," +
               std::to_string(object.center_y) + "]}";
  }
  return "{\"image\": " + quoted(image) + ", \"objects\": [" + objects + "]}";
}

TEST(EvaluateObjects, CountsWhatIsRightAndWhatIsNot) {
  const io::TemporaryFolder folder;
  const std::string image = std::string(BEHOLDER_SOURCE_DIR) + "/samples/scene.png";
  tests::write_text(folder / "same.jsonl", rows(image, 0));
  const ObjectFigures same = evaluate_objects(bundled(), folder / "same.jsonl", -1, 0, {});
  ASSERT_GT(same.boxes.there, 4u);
  EXPECT_EQ(same.boxes.f1(), 1);
  EXPECT_EQ(same.attributes.f1(), 1);

  tests::write_text(folder / "moved.jsonl", rows(image, 300));
  const ObjectFigures moved = evaluate_objects(bundled(), folder / "moved.jsonl", -1, 0, {});
  EXPECT_LT(moved.boxes.f1(), 0.3);
  EXPECT_LT(moved.attributes.f1(), 0.3);

  tests::write_text(folder / "pink.jsonl", rows(image, 0, "pink"));
  const ObjectFigures pink = evaluate_objects(bundled(), folder / "pink.jsonl", -1, 0, {});
  EXPECT_EQ(pink.boxes.f1(), 1) << "boxes go by name alone";
  EXPECT_EQ(pink.attributes.right, 0u);
  EXPECT_EQ(pink.wrong.at("color"), pink.attributes.there);
}

TEST(EvaluateObjects, AnUnreadablePictureIsNamed) {
  const io::TemporaryFolder folder;
  tests::write_text(folder / "rows.jsonl", R"({"image": "none.png", "objects": []})");
  const Error error =
      tests::error_of([&] { evaluate_objects(bundled(), folder / "rows.jsonl", -1, 0, {}); });
  EXPECT_EQ(error.code(), ErrorCode::kDataFormat);
  EXPECT_NE(std::string(error.what()).find("none.png"), std::string::npos) << error.what();
}

}  // namespace
}  // namespace beholder::eval
