// Pictures a second through the stem at 256 x 256, JPEG decoding included, one at a time.
//   stem_rate WEIGHTS.safetensors CAPTIONS.jsonl [PICTURES]
// bench/stem_peers.py runs it beside OpenVINO and PyTorch.
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <omp.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "beholder/error.hpp"
#include "data/readers.hpp"
#include "vision/efficientnet_stem.hpp"
#include "vision/intake/image_decoder.hpp"
#include "vision/preprocess/image_processor.hpp"

int main(int argc, char** argv) try {
  using namespace beholder;
  if (argc < 3) {
    std::fprintf(stderr, "usage: stem_rate WEIGHTS.safetensors CAPTIONS.jsonl [PICTURES]\n");
    return 2;
  }
  const std::size_t most = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 200;
  const int threads = static_cast<int>(std::thread::hardware_concurrency());
  at::set_num_threads(threads);
  omp_set_num_threads(threads);
  const c10::InferenceMode inference;
  nn::StoredParameters parameters(io::SafetensorsFile::open(argv[1]));
  const vision::EfficientNetStem stem(parameters, "vision_encoder.stem");
  constexpr int kSide = 256;
  const vision::ImageProcessor processor(vision::stem_processor(kSide));
  at::Tensor pixels = at::empty({1, 3, kSide, kSide});
  const auto rows = data::read_caption_jsonl(argv[2]);
  double checksum = 0;  // so that no work can be left out
  std::size_t done = 0;
  auto begin = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < rows.size() && done < most; ++i) {
    if (i == 10) {  // the first ones warm up
      begin = std::chrono::steady_clock::now();
      done = 0;
    }
    processor.process(vision::load_image(rows[i].image), kSide, kSide, pixels.data_ptr<float>());
    checksum += stem.forward(pixels).stride32.mean().item<double>();
    ++done;
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::printf("%.1f pictures/s (%zu pictures, mean feature %.4f)\n",
              static_cast<double>(done) / seconds, done, checksum / static_cast<double>(done + 10));
  return 0;
} catch (const beholder::Error& error) {
  std::fprintf(stderr, "stem_rate: %s\n", error.what());
  return error.exit_code();
}
