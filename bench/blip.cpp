// What a BLIP checkpoint of full size costs, a stage at a time, beside the machine's floor: the
// operations over its FMA peak and the weights' bytes over its memory bandwidth, both measured
// here.
//   blip VQA_DIR CAPTION_DIR PICTURE [TOKENS]     # folders of tools/golden_blip.py --full
// Each line is "name milliseconds [floor]"; bench/blip_peers.py puts the peers beside them.
#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <omp.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "beholder/engine.hpp"
#include "engine/engine_impl.hpp"
#include "models/blip/blip_model.hpp"
#include "nn/kernels/fma_peak.hpp"
#include "nn/shape.hpp"

namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

template <typename Work>
double best_ms(int rounds, const Work& work) {
  double best = 1e30;
  for (int i = 0; i < rounds; ++i) {
    const auto start = Clock::now();
    work();
    best = std::min(best, ms_since(start));
  }
  return best;
}

/// GB/s that all cores read together from an array far larger than the caches.
double read_bandwidth() {
  const std::vector<float> data(std::size_t{1} << 28, 1.0f);
  double sum = 0;
  const double ms = best_ms(3, [&] {
#pragma omp parallel for simd reduction(+ : sum)
    for (std::size_t i = 0; i < data.size(); ++i) sum += data[i];
  });
  return sum < 0 ? 0 : static_cast<double>(data.size() * sizeof(float)) / ms / 1e6;
}

void print(const char* name, double ms, double floor = 0) {
  if (floor > 0)
    std::printf("%-34s %9.2f ms   floor %8.2f ms   %5.1f %% of it\n", name, ms, floor,
                100 * floor / ms);
  else
    std::printf("%-34s %9.2f ms\n", name, ms);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) try {
  using namespace beholder;
  if (argc < 4 || argc > 5) {
    std::fprintf(stderr, "usage: blip VQA_DIR CAPTION_DIR PICTURE [TOKENS]\n");
    return 2;
  }
  const int threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  omp_set_num_threads(threads);
  const double peak = nn::kernels::fma_peak_gflops(threads, 0.5), bandwidth = read_bandwidth();
  std::printf("%d threads, FMA peak %.0f GF/s, memory %.1f GB/s\n", threads, peak, bandwidth);
  const auto compute_floor = [&](double flop) { return flop / peak / 1e6; };        // ms
  const auto memory_floor = [&](double bytes) { return bytes / bandwidth / 1e6; };  // ms
  const int tokens = argc > 4 ? std::stoi(argv[4]) : 20;

  EngineOptions options;
  options.cache_bytes = 0;
  {
    const auto start = Clock::now();
    const auto loaded = std::make_shared<models::blip::BlipModel>(argv[1], options);
    const Engine engine = engine::engine_over(loaded, options);
    const double load = ms_since(start);
    const models::blip::BlipModel& model = *loaded;
    const models::blip::BlipConfig& config = model.config();
    const models::blip::BlipNetworks& networks = model.networks();
    const auto& v = config.vision;
    const auto& t = config.text;
    print("load", load, memory_floor(static_cast<double>(engine.info().parameter_bytes)));
    const c10::InferenceMode inference;
    const auto encode = [&] { return engine.encode(argv[3]); };
    Picture picture = encode();
    const at::Tensor pixels = at::rand({1, 3, v.image_size, v.image_size});
    const auto n = static_cast<double>(v.tokens()), d = static_cast<double>(v.hidden_size);
    const double products = 2 * n * d *
                            (static_cast<double>(v.num_hidden_layers) *
                                 (4 * d + 2.0 * static_cast<double>(v.intermediate_size)) +
                             3.0 * static_cast<double>(v.patch_size * v.patch_size));
    const double attention = 4 * n * n * d * static_cast<double>(v.num_hidden_layers);
    print("image encode", best_ms(7, [&] { networks.vision_model->forward(pixels); }),
          compute_floor(products + attention));
    const at::Tensor embeds = networks.vision_model->forward(pixels);
    const auto layers = static_cast<double>(t.num_hidden_layers);
    const auto h = static_cast<double>(t.hidden_size);
    print("keys and values of the image",
          best_ms(7, [&] { networks.text_encoder->project(embeds); }),
          compute_floor(4 * n * d * h * layers));
    print("decode, encode and project", best_ms(5, encode));
    const std::vector<std::int64_t> ids = {101, 2000, 2003, 1996, 2001, 102, 2002, 102};
    const auto memory = networks.text_encoder->project(embeds);
    const at::Tensor question = nn::id_tensor(ids).unsqueeze(0);
    const double weights =
        4 * layers * (6 * h * h + 2 * h * static_cast<double>(t.intermediate_size));
    print("text encode, 8 tokens",
          best_ms(15, [&] { networks.text_encoder->forward(question, memory, false); }),
          memory_floor(weights));
    const at::Tensor read = networks.text_encoder->forward(question, memory, false);
    const auto said = networks.text_decoder->project(read);
    for (const std::int64_t rows : {1, 3}) {
      const auto step = [&] {
        nn::KeyValueCache cache;
        at::Tensor x = at::full({rows, 1}, 2000, at::kLong);
        for (int i = 0; i < 8; ++i)
          networks.text_decoder->logits(networks.text_decoder->step(x, said, cache));
      };
      step();
      print(rows == 1 ? "a decoded token, greedy" : "a decoded token, 3 beams",
            best_ms(7, step) / 8,
            memory_floor(weights + 4 * h * static_cast<double>(t.vocab_size)));
    }
    AnswerOptions ask;
    ask.num_beams = 3;
    ask.max_new_tokens = tokens;
    const auto answer = [&] { engine.answer(picture, "what is on the table?", ask); };
    answer();
    print("a further question, 3 beams", best_ms(5, answer));
    print("whole answer, 3 beams", best_ms(5, [&] { engine.answer(encode(), "is it red?", ask); }));
    print("10 questions on one picture, 3 beams", best_ms(3, [&] {
            const Picture seen = encode();
            for (int i = 0; i < 10; ++i) engine.answer(seen, "what is on the table?", ask);
          }));
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    std::printf("peak memory %.0f MiB (1024 of them the bandwidth's array), weights %.0f MiB\n",
                static_cast<double>(usage.ru_maxrss) / 1024,
                static_cast<double>(engine.info().parameter_bytes) / (1 << 20));
  }
  const Engine engine = Engine::load(argv[2], options);
  DescribeOptions describe;
  describe.num_beams = 1;
  describe.max_new_tokens = tokens;
  for (const std::size_t batch : {1, 4, 16}) {
    const auto work = [&] {
      std::vector<Picture> pictures;
      for (std::size_t i = 0; i < batch; ++i) pictures.push_back(engine.encode(argv[3]));
      engine.describe(pictures, describe);
    };
    const double ms = best_ms(batch == 16 ? 1 : 3, work);
    std::printf("captions at batch %-2zu, greedy         %9.2f ms each, %.2f/s\n", batch,
                ms / static_cast<double>(batch), 1000 * static_cast<double>(batch) / ms);
  }
  return 0;
} catch (const beholder::Error& error) {
  std::fprintf(stderr, "blip: %s\n", error.what());
  return error.exit_code();
}
