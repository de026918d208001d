// What questions about a scene or a photo's objects cost: the first look at its objects, then
// further questions on the same picture, answered directly, by program, and explained. Ratios are
// against the time limits that a user feels: 25 ms for a direct answer, 80 ms for an explained one.
//   scene MODEL_DIR PICTURE QUESTION…
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "beholder/engine.hpp"

namespace {

using Clock = std::chrono::steady_clock;

double median_ms(int rounds, const std::function<void(int)>& work) {
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) {
    const auto start = Clock::now();
    work(i);
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  }
  std::nth_element(times.begin(), times.begin() + rounds / 2, times.end());
  return times[rounds / 2];
}

}  // namespace

int main(int argc, char** argv) try {
  using namespace beholder;
  if (argc < 4) {
    std::fprintf(stderr, "usage: scene MODEL_DIR PICTURE QUESTION...\n");
    return 2;
  }
  constexpr int kRounds = 60;
  EngineOptions options;
  options.cache_bytes = 0;  // the same picture is looked at again and again
  const Engine engine = Engine::load(argv[1], options);
  const std::vector<std::string> questions(argv + 3, argv + argc);
  const auto question = [&](int i) { return questions[i % questions.size()]; };
  std::printf("picture file encoded, without its objects: %.1f ms\n",
              median_ms(kRounds / 3, [&](int) { engine.encode(argv[2]); }));
  std::printf("picture file to its objects: %.1f ms\n",
              median_ms(kRounds / 3, [&](int) { engine.objects(engine.encode(argv[2])); }));
  const Picture picture = engine.encode(argv[2]);
  AnswerOptions direct, program;
  direct.method = Method::kDirect;
  program.method = Method::kProgram;
  engine.answer(picture, question(0), program);  // the objects are found once
  const auto say = [](const char* what, double took, double limit) {
    std::printf("further question, same picture, %s: %.1f ms, %.0f %% of the limit of %.0f ms\n",
                what, took, 100 * took / limit, limit);
  };
  say("direct", median_ms(kRounds, [&](int i) { engine.answer(picture, question(i), direct); }),
      25);
  say("by program",
      median_ms(kRounds, [&](int i) { engine.answer(picture, question(i), program); }), 80);
  say("explained", median_ms(kRounds, [&](int i) { engine.explain(picture, question(i)); }), 80);
  return 0;
} catch (const beholder::Error& error) {
  std::fprintf(stderr, "scene: %s\n", error.what());
  return error.exit_code();
}
