#include "data/public_files.hpp"

#include <gtest/gtest.h>

#include "data/json_lines.hpp"
#include "data/readers.hpp"
#include "io/temporary_folder.hpp"
#include "support/text_files.hpp"

namespace beholder::data {
namespace {

namespace fs = std::filesystem;
using tests::error_of;
using tests::write_text;

class PublicFile : public testing::Test {
 protected:
  PublicFile() {
    write_text(questions_, R"({"info": {}, "data_subtype": "val2014", "questions": [
      {"image_id": 42, "question": "What color is it?", "question_id": 42001},
      {"image_id": 7, "question": "How many?", "question_id": 7000}]})");
    write_text(annotations_, R"({"annotations": [
      {"question_id": 7000, "image_id": 7, "question_type": "how many", "answer_type": "number",
       "multiple_choice_answer": "2",
       "answers": [{"answer": "2", "answer_confidence": "yes", "answer_id": 1},
                   {"answer": "3", "answer_confidence": "maybe", "answer_id": 2}]},
      {"question_id": 42001, "image_id": 42, "question_type": "what color is", "answers":
       [{"answer": "red", "answer_id": 1}]}]})");
  }

  std::vector<QaRow> rows(bool with_answers, const fs::path& images = {}) {
    QaOptions options;
    options.files.images = images;
    if (with_answers) options.files.annotations = annotations_;
    options.answers_required = with_answers;
    return read_qa_jsonl(questions_, options);
  }

  std::string message(const std::string& text, const PublicFiles& files = {}) {
    write_text(folder_ / "file.json", text);
    const Error error = error_of([&] { detect_jsonl_kind(folder_ / "file.json", files); });
    EXPECT_NE(error.code(), ErrorCode::kInternal);
    return error.what();
  }

  io::TemporaryFolder folder_;
  const fs::path questions_ = folder_ / "v2_questions.json",
                 annotations_ = folder_ / "v2_annotations.json";
};

TEST_F(PublicFile, VqaQuestionsWithTheirAnswers) {
  write_text(folder_ / "COCO_val2014_000000000042.jpg", "x");
  EXPECT_EQ(detect_jsonl_kind(questions_), JsonlKind::kQuestionAnswer);
  const auto answered = rows(true);
  ASSERT_EQ(answered.size(), 2u);
  EXPECT_EQ(answered[0].image, folder_ / "COCO_val2014_000000000042.jpg");
  EXPECT_EQ(answered[0].answers, (std::vector<std::pair<std::string, int>>{{"red", 1}}));
  EXPECT_EQ(answered[0].keys, R"({"image_id":42,"question_id":42001,"type":"what color is"})");
  EXPECT_EQ(answered[1].answers, (std::vector<std::pair<std::string, int>>{{"2", 1}, {"3", 1}}));
  EXPECT_TRUE(rows(false)[0].answers.empty());
  // The questions alone, where answers are needed: what is missing is said.
  EXPECT_EQ(error_of([&] { read_qa_jsonl(questions_); }).code(), ErrorCode::kDataFormat);
}

TEST_F(PublicFile, PicturesAreFoundUnderTheirUsualNames) {
  for (const char* name :
       {"000000000042.jpg", "images/000000000042.jpg", "val2014/COCO_val2014_000000000042.jpg",
        "42.png", "elsewhere/COCO_val2014_000000000042.jpg"}) {
    const fs::path picture = folder_ / name;
    fs::create_directories(picture.parent_path());
    write_text(picture, "x");
    const bool named = std::string(name).find("elsewhere") == 0;
    EXPECT_EQ(rows(false, named ? picture.parent_path() : "")[0].image, picture) << name;
    fs::remove(picture);
  }
  EXPECT_EQ(rows(false)[0].image.filename(), "COCO_val2014_000000000042.jpg") << "none is there";
}

TEST_F(PublicFile, CocoCaptions) {
  const fs::path path = folder_ / "captions_val.json";
  write_text(path,
             R"({"images": [{"id": 42, "file_name": "a.jpg"}, {"id": 43, "file_name": "b.jpg"}],
    "annotations": [{"image_id": 42, "id": 1, "caption": "one"},
                    {"image_id": 42, "id": 2, "caption": "two"}]})");
  EXPECT_EQ(detect_jsonl_kind(path), JsonlKind::kCaptions);
  const auto rows = read_caption_jsonl(path);
  ASSERT_EQ(rows.size(), 1u) << "the other picture has none";
  EXPECT_EQ(rows[0].image, folder_ / "a.jpg");
  EXPECT_EQ(rows[0].captions, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(rows[0].keys, R"({"image_id":42})");
}

TEST_F(PublicFile, OtherFilesAreNamed) {
  const auto says = [](const std::string& message, const std::string& part) {
    EXPECT_NE(message.find(part), std::string::npos) << message;
  };
  says(message(tests::read_text(annotations_)), "a VQA annotations file");
  says(message(R"({"images": [], "annotations": [{"image_id": 1, "bbox": [1, 2, 3, 4]}]})"),
       "a COCO instances file");
  says(message(R"({"images": [], "annotations": []})"), "neither captions nor answers");
  says(message(R"({"questions": [{"image_id": 1, "question": "q?"}]})"),
       R"(questions[0] has no "question_id")");
  says(
      message(
          R"({"images": [{"id": 1, "file_name": "a"}], "annotations": [{"image_id": 2, "caption": "x"}]})"),
      "annotations[0] is of image_id 2");
  PublicFiles with;
  with.annotations = annotations_;
  says(message(R"({"questions": [{"image_id": 1, "question": "q?", "question_id": 9}]})", with),
       "no annotation of question_id 9");
  says(message(R"({"image": "a.jpg", "question": "q?", "answer": "1"})", with), "is none");
  says(message(R"([{"image": "a.jpg", "question": "q?", "answer": "1"}])", with), "is none");
}

}  // namespace
}  // namespace beholder::data
