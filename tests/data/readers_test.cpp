#include "data/readers.hpp"

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <fstream>
#include <functional>
#include <string>

#include "beholder/error.hpp"
#include "core/file.hpp"

namespace beholder::data {
namespace {

namespace fs = std::filesystem;

class Readers : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() /
              (std::string("beholder_readers_") + info->name() + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path write(const std::string& name, const std::string& content) {
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return folder_ / name;
  }

  fs::path write_gzip(const std::string& name, const std::string& content) {
    const fs::path path = folder_ / name;
    gzFile file = gzopen(path.c_str(), "wb");
    EXPECT_EQ(gzwrite(file, content.data(), static_cast<unsigned>(content.size())),
              static_cast<int>(content.size()));
    gzclose(file);
    return path;
  }

  fs::path folder_;
};

/// The message of the Error that `call` throws; its code must be `code`.
std::string message_of(ErrorCode code, const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

void expect_parts(const std::string& message, std::initializer_list<const char*> parts) {
  for (const char* part : parts) EXPECT_NE(message.find(part), std::string::npos) << message;
}

TEST_F(Readers, QuestionsResolveTheirPicturesAgainstTheFile) {
  const fs::path path =
      write("qa.jsonl",
            "\xEF\xBB\xBF{\"image\": \"images/a.jpg\", \"question\": \"what?\", \"answer\": \"a "
            "dog\"}\r\n"
            "\n"
            "{\"image\": \"/abs/b.jpg\", \"question\": \"how many?\", \"answer\": \"2\", \"type\": "
            "\"count\", \"extra\": [1]}");
  const std::vector<QaRow> rows = read_qa_jsonl(path);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].image, folder_ / "images/a.jpg");
  EXPECT_EQ(rows[0].question, "what?");
  EXPECT_EQ(rows[0].answers, (std::vector<std::pair<std::string, int>>{{"a dog", 1}}));
  EXPECT_EQ(rows[0].type, "");
  EXPECT_EQ(rows[1].image, "/abs/b.jpg");
  EXPECT_EQ(rows[1].type, "count");
  EXPECT_EQ(detect_jsonl_kind(path), JsonlKind::kQuestionAnswer);
}

TEST_F(Readers, QuestionsTakeCountedAnswersToo) {
  const auto rows = read_qa_jsonl(
      write("qa.jsonl", R"({"image": "a.jpg", "question": "q?", "answers": {"no": 3, "yes": 7}})"));
  EXPECT_EQ(rows.at(0).answers, (std::vector<std::pair<std::string, int>>{{"yes", 7}, {"no", 3}}));
}

TEST_F(Readers, AnswersInEveryPublicForm) {
  using Answers = std::vector<std::pair<std::string, int>>;
  const auto answers = [&](const std::string& answer) {
    return read_qa_jsonl(
               write("qa.jsonl", R"({"image": "a.jpg", "question": "q?", )" + answer + "}"))
        .at(0)
        .answers;
  };
  EXPECT_EQ(answers(R"("answer": 2)"), (Answers{{"2", 1}}));
  EXPECT_EQ(answers(R"("answer": -3.50)"), (Answers{{"-3.5", 1}}));
  EXPECT_EQ(answers(R"("answer": 2.0)"), (Answers{{"2", 1}}));
  EXPECT_EQ(answers(R"("answer": true)"), (Answers{{"yes", 1}}));
  EXPECT_EQ(answers(R"("answer": false)"), (Answers{{"no", 1}}));
  EXPECT_EQ(answers(R"("answer": {"answer": "red", "answer_confidence": "yes"})"),
            (Answers{{"red", 1}}));
  EXPECT_EQ(answers(R"("answers": ["yes", "no", "yes", true, 2])"),
            (Answers{{"yes", 3}, {"no", 1}, {"2", 1}}));
  EXPECT_EQ(answers(R"("answer": ["a", "b", "a"])"), (Answers{{"a", 2}, {"b", 1}}));
  EXPECT_EQ(
      answers(R"("answers": [{"answer": "net", "answer_confidence": "maybe", "answer_id": 1}, )"
              R"({"answer": "net", "answer_id": 2}, {"answer": 3}])"),
      (Answers{{"net", 2}, {"3", 1}}));
  // What ten people said is more than the one answer that was made of it.
  EXPECT_EQ(answers(R"("answer": "red", "answers": {"pink": 1, "red": 9})"),
            (Answers{{"red", 9}, {"pink", 1}}));
}

TEST_F(Readers, RowsKeepTheirOtherKeys) {
  const auto rows = read_qa_jsonl(write(
      "qa.jsonl",
      R"({"image": "a.jpg", "question": "q?", "answer": 1, "question_id": 42001, "id": "x", "z": [1]})"
      "\n"
      R"({"image": "a.jpg", "question": "q?", "answer": 1})"));
  EXPECT_EQ(rows.at(0).keys, R"({"id":"x","question_id":42001,"z":[1]})");
  EXPECT_EQ(rows.at(1).keys, "");
  const auto captions = read_caption_jsonl(
      write("c.jsonl", R"({"image": "a.jpg", "captions": ["One ."], "image_id": 42})"));
  EXPECT_EQ(captions.at(0).keys, R"({"image_id":42})");
}

TEST_F(Readers, RowsWithoutAnswersWhereNoneAreNeeded) {
  const fs::path path = write("qa.jsonl", R"({"image": "a.jpg", "question": "q?"})");
  QaOptions options;
  options.answers_required = false;
  EXPECT_TRUE(read_qa_jsonl(path, options).at(0).answers.empty());
  message_of(ErrorCode::kDataFormat, [&] { read_qa_jsonl(path); });
}

TEST_F(Readers, OneListOfRows) {
  const fs::path path = write("rows.json",
                              "[\n  {\"image\": \"a.jpg\", \"question\": \"q?\",\n"
                              "   \"answer\": \"1\"},\n"
                              "  {\"image\": \"b.jpg\", \"question\": \"q?\"}\n]\n");
  EXPECT_EQ(detect_jsonl_kind(path), JsonlKind::kQuestionAnswer);
  expect_parts(message_of(ErrorCode::kDataFormat, [&] { read_qa_jsonl(path); }),
               {"rows.json, row 2", "answer"});
  expect_parts(message_of(ErrorCode::kDataFormat, [&] { read_qa_jsonl(write("e.json", "[]")); }),
               {"e.json", "no row"});
  expect_parts(message_of(ErrorCode::kDataFormat, [&] { read_qa_jsonl(write("s.json", "[3]")); }),
               {"s.json, row 1", "JSON number"});
}

TEST_F(Readers, RowsSavedByOtherSystems) {
  const std::string row = R"({"image": "a.jpg", "question": "é?", "answer": "1"})";
  EXPECT_EQ(read_qa_jsonl(write("mac.jsonl", row + "\r" + row + "\r")).size(), 2u);
  std::string utf16 = "\xFF\xFE";
  for (const char16_t unit :
       std::u16string(u"{\"image\": \"a.jpg\", \"question\": \"é?\", \"answer\": \"1\"}\r\n")) {
    utf16 += static_cast<char>(unit & 255);
    utf16 += static_cast<char>(unit >> 8);
  }
  const auto rows = read_qa_jsonl(write("windows.jsonl", utf16));
  EXPECT_EQ(rows.at(0).question, "é?");
  expect_parts(
      message_of(ErrorCode::kDataFormat,
                 [&] { read_qa_jsonl(write("zero.jsonl", row + std::string("\n\0", 2))); }),
      {"zero.jsonl:2", "zero byte"});
}

TEST_F(Readers, Captions) {
  const fs::path path = write("c.jsonl", R"({"image": "a.jpg", "captions": ["One .", "Two ."]})");
  const auto rows = read_caption_jsonl(path);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].image, folder_ / "a.jpg");
  EXPECT_EQ(rows[0].captions, (std::vector<std::string>{"One .", "Two ."}));
  EXPECT_EQ(detect_jsonl_kind(path), JsonlKind::kCaptions);
}

TEST_F(Readers, VqaTextPlainAndGzippedAgree) {
  std::string content;
  for (int i = 0; i < 3000; ++i)  // longer than one read of the line reader
    content += "{\"question_id\":" + std::to_string(i) +
               ",\"question\":\"What colour is it?\",\"type\":\"what\",\"answers\":{\"blue\":8,"
               "\"grey\":2}}\n";
  const auto plain = read_vqa_text(write("v.jsonl", content));
  const auto zipped = read_vqa_text(write_gzip("v.jsonl.gz", content));
  ASSERT_EQ(plain.size(), 3000u);
  ASSERT_EQ(zipped.size(), 3000u);
  EXPECT_EQ(zipped.back().question, "What colour is it?");
  EXPECT_EQ(zipped.back().answers, plain.back().answers);
  EXPECT_EQ(zipped.back().answers,
            (std::vector<std::pair<std::string, int>>{{"blue", 8}, {"grey", 2}}));
  EXPECT_EQ(zipped.back().type, "what");
  EXPECT_TRUE(zipped.back().image.empty());
}

TEST_F(Readers, BadQuestionRowsNameFileLineAndForm) {
  const std::string good = R"({"image": "a.jpg", "question": "q?", "answer": "a"})";
  const struct {
    const char* row;
    const char* cause;
  } cases[] = {
      {R"({"image": "a.jpg", "question": )", "not valid JSON"},
      {R"(["a"])", "a JSON array"},
      {R"({"question": "q?", "answer": "a"})", "\"image\" is missing"},
      {R"({"image": "a.jpg", "answer": "a"})", "\"question\" is missing"},
      {R"({"image": "a.jpg", "question": "q?"})", "\"answer\" is missing"},
      {R"({"image": 3, "question": "q?", "answer": "a"})", "\"image\" is a number"},
      {R"({"image": "a.jpg", "question": "  ", "answer": "a"})", "\"question\" is empty"},
      {R"({"image": "a.jpg", "question": "q?", "answer": null})", "\"answer\" has a null"},
      {R"({"image": "a.jpg", "question": "q?", "answer": ["a", {"b": 1}]})", "has a object"},
      {R"({"image": "a.jpg", "question": "q?", "answers": ["a", " "]})", "empty answer"},
      {R"({"image": "a.jpg", "question": "q?", "answers": []})", "at least one answer"},
      {R"({"image": "a.jpg", "question": "q?", "answer": ""})", "\"answer\" is empty"},
      {R"({"image": "a.jpg", "question": "q?", "answer": "a", "type": 1})", "\"type\" is a number"},
      {R"({"image": "a.jpg", "question": "q?", "answers": {}})", "at least one answer"},
      {R"({"image": "a.jpg", "question": "q?", "answers": {"a": 0}})", "1 or more"},
      {"{\"image\": \"a.jpg\", \"question\": \"\xff\", \"answer\": \"a\"}", "not UTF-8"},
  };
  for (const auto& c : cases) {
    const fs::path path = write("bad.jsonl", good + "\n" + c.row + "\n");
    const std::string message = message_of(ErrorCode::kDataFormat, [&] { read_qa_jsonl(path); });
    expect_parts(message, {"bad.jsonl:2", c.cause});
  }
}

TEST_F(Readers, BadCaptionRows) {
  for (const char* row :
       {R"({"captions": ["a"]})", R"({"image": "a.jpg"})", R"({"image": "a.jpg", "captions": "a"})",
        R"({"image": "a.jpg", "captions": []})", R"({"image": "a.jpg", "captions": [1]})",
        R"({"image": "a.jpg", "captions": [" "]})"}) {
    const fs::path path = write("bad.jsonl", row);
    expect_parts(message_of(ErrorCode::kDataFormat, [&] { read_caption_jsonl(path); }),
                 {"bad.jsonl:1"});
  }
}

TEST_F(Readers, BadVqaTextRows) {
  for (const char* row :
       {R"({"question": "q", "type": "what", "answers": {"a": 1}})",
        R"({"question_id": 1, "question": "q", "answers": {"a": 1}})",
        R"({"question_id": 1, "question": "q", "type": "what", "answers": [null]})",
        R"({"question_id": 1, "question": "q", "type": "what", "answers": {"a": 1.5}})"}) {
    const fs::path path = write("bad.jsonl", row);
    expect_parts(message_of(ErrorCode::kDataFormat, [&] { read_vqa_text(path); }), {"bad.jsonl:1"});
  }
}

TEST_F(Readers, FilesThatCannotBeRead) {
  expect_parts(message_of(ErrorCode::kDataFormat, [&] { read_qa_jsonl(write("empty.jsonl", "")); }),
               {"empty.jsonl", "no row"});
  message_of(ErrorCode::kDataFormat, [&] { detect_jsonl_kind(write("blank.jsonl", "\n \n")); });
  message_of(ErrorCode::kFileNotFound, [&] { read_qa_jsonl(folder_ / "none.jsonl"); });
  message_of(ErrorCode::kFileAccess, [&] { read_caption_jsonl(folder_); });
  expect_parts(message_of(ErrorCode::kDataFormat,
                          [&] { detect_jsonl_kind(write("other.jsonl", R"({"a": 1})")); }),
               {"other.jsonl:1", "neither"});
}

TEST_F(Readers, ACutOffGzipFileIsAnError) {
  std::string content;
  for (int i = 0; i < 5000; ++i)
    content += "{\"question_id\":" + std::to_string(i) + ",\"question\":\"q" +
               std::to_string(i * 7919) + "?\",\"type\":\"what\",\"answers\":{\"blue\":8}}\n";
  const fs::path path = write_gzip("v.jsonl.gz", content);
  fs::resize_file(path, fs::file_size(path) / 2);
  expect_parts(message_of(ErrorCode::kDataFormat, [&] { read_vqa_text(path); }),
               {"v.jsonl.gz", "cut off"});
}

TEST_F(Readers, TruthOfAStatementIsYesOrNo) {
  EXPECT_EQ(label_to_answer("true"), "yes");
  EXPECT_EQ(label_to_answer("false"), "no");
  EXPECT_EQ(label_to_answer("two"), "two");
}

}  // namespace
}  // namespace beholder::data
