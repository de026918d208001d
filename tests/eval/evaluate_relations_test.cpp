// Relations against captions, on a sample photo and the bundled model.
#include "eval/evaluate_relations.hpp"

#include <gtest/gtest.h>

#include "io/temporary_folder.hpp"
#include "support/text_files.hpp"

namespace beholder::eval {
namespace {

const Engine& bundled() {
  static const Engine engine = Engine::load(std::string(BEHOLDER_SOURCE_DIR) + "/models/beholder");
  return engine;
}

TEST(EvaluateRelations, CountsWhatCaptionsSayOnceAndMatchesKinds) {
  const io::TemporaryFolder folder;
  const std::string image = std::string(BEHOLDER_SOURCE_DIR) + "/samples/coffee.jpg";
  tests::write_text(
      folder / "rows.jsonl",
      "{\"image\": \"" + image +
          "\", \"captions\": [\"a man riding a bike .\", \"a boy rides a bicycle\", \"a "
          "man wearing a hat\", \"a dog is chasing a ball .\"]}\n");
  const RelationFigures figures = evaluate_relations(bundled(), folder / "rows.jsonl", -1, 0, {});
  EXPECT_EQ(figures.pictures, 1u);
  EXPECT_EQ(figures.there, 2u);  // riding once, chasing once; hats are no objects
  EXPECT_LE(figures.right, figures.said);
  EXPECT_EQ(figures.found, 0u) << "nobody rides in a cup of coffee";
}

TEST(EvaluateRelations, AnUnreadablePictureIsNamed) {
  const io::TemporaryFolder folder;
  tests::write_text(folder / "rows.jsonl", R"({"image": "none.png", "captions": ["a dog"]})");
  const Error error =
      tests::error_of([&] { evaluate_relations(bundled(), folder / "rows.jsonl", -1, 0, {}); });
  EXPECT_EQ(error.code(), ErrorCode::kDataFormat);
  EXPECT_NE(std::string(error.what()).find("none.png"), std::string::npos);
}

}  // namespace
}  // namespace beholder::eval
