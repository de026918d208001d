// Asks one question about one picture, and describes it:  hello MODEL_DIR PICTURE QUESTION
#include <beholder/engine.hpp>
#include <cstdio>

int main(int argc, char** argv) try {
  if (argc != 4) {
    std::fprintf(stderr, "usage: hello MODEL_DIR PICTURE QUESTION\n");
    return 2;
  }
  const auto engine = beholder::Engine::load(argv[1]);
  const beholder::Picture picture = engine.encode(std::filesystem::path(argv[2]));
  const beholder::Answer answer = engine.answer(picture, argv[3]);
  std::printf("%s (confidence %.2f)\n", answer.text.c_str(), answer.confidence);
  std::printf("%s\n", engine.describe(picture).list.front().text.c_str());
  return 0;
} catch (const beholder::Error& error) {
  std::fprintf(stderr, "hello: %s\n", error.what());
  return error.exit_code();
}
