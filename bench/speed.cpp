// How fast the whole is: start to first answer, further questions, descriptions, share of the
// processor's peak, memory. Ratios are against this machine's own FMA peak and the time limits that
// a user feels.
//   speed PROGRAM MODEL_DIR PICTURE
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <fcntl.h>
#include <omp.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <thread>
#include <vector>

#include "beholder/engine.hpp"
#include "child_program.hpp"
#include "engine/engine_impl.hpp"
#include "models/native/native_model.hpp"
#include "nn/kernels/fma_peak.hpp"
#include "nn/kernels/linear.hpp"

namespace {

using beholder::bench::run_program;
using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

template <typename Work>
double median_ms(int rounds, const Work& work) {
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) {
    const auto start = Clock::now();
    work();
    times.push_back(ms_since(start));
  }
  std::nth_element(times.begin(), times.begin() + rounds / 2, times.end());
  return times[rounds / 2];
}

/// Asks the kernel to drop the file's pages (the libraries stay: they are everyone's).
void forget(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY);
  if (fd < 0) return;
  ::fsync(fd);
  ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
  ::close(fd);
}

}  // namespace

int main(int argc, char** argv) try {
  using namespace beholder;
  if (argc != 4) {
    std::fprintf(stderr, "usage: speed PROGRAM MODEL_DIR PICTURE\n");
    return 2;
  }
  const std::string program = argv[1], model_dir = argv[2];
  const int threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  at::set_num_threads(threads);
  omp_set_num_threads(threads);
  const fs::path folder =
      fs::temp_directory_path() / ("beholder-speed-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  const cv::Mat source = cv::imread(argv[3]);
  if (source.empty()) throw Error(ErrorCode::kPictureFormat, std::string(argv[3]) + ": unreadable");
  std::printf("%d threads\n", threads);
  for (const auto& [name, width, height] :
       {std::tuple{"0.3", 640, 480}, std::tuple{"12", 4000, 3000}}) {
    cv::Mat resized;
    cv::resize(source, resized, {width, height}, 0, 0, cv::INTER_CUBIC);
    const fs::path picture = folder / (std::string(name) + ".jpg");
    cv::imwrite(picture.string(), resized);
    const auto ask = [&] {
      run_program({program, "ask", "--model", model_dir, picture.string(), "what is this?"});
    };
    ask();
    std::printf("process start to first answer, %s megapixels: warm %.0f ms", name,
                median_ms(7, ask));
    const auto cold = [&] {
      for (const auto& entry : fs::directory_iterator(model_dir)) forget(entry.path());
      forget(picture);
      forget(program);
      ask();
    };
    std::printf(", model and picture out of the page cache %.0f ms\n", median_ms(5, cold));
  }
  std::printf("program start alone (--help): %.0f ms\n", median_ms(7, [&] {
                run_program({program, "--help"});
              }));

  EngineOptions options;
  options.cache_bytes = 0;  // the same picture is looked at again and again
  const auto native = models::native::load_native(model_dir, "be timed", options);
  const Engine engine = engine::engine_over(native, options);
  const Picture picture = engine.encode(folder / "0.3.jpg");
  engine.answer(picture, "what colour is it?");
  std::printf("further question, same picture: %.1f ms\n", median_ms(50, [&] {
                engine.answer(picture, "what is on the left of the picture?");
              }));
  const double caption = median_ms(20, [&] { engine.describe(engine.encode(folder / "0.3.jpg")); });
  std::printf("picture file to description: %.1f ms, %.1f pictures/s\n", caption, 1000 / caption);

  const c10::InferenceMode inference;
  const models::native::Checkpoint& model = native->checkpoint();
  // A photo of 640 x 480 pixels.
  const vision::Grid grid = model.config.vision.grid_of(640, 480);
  const std::int64_t patch = model.config.vision.patch_size;
  const at::Tensor pixels = at::rand({1, 3, grid.rows * patch, grid.columns * patch});
  const at::Tensor cells = model.networks.vision->cells(pixels);
  std::printf("stem alone: %.1f ms\n",
              median_ms(20, [&] { model.networks.vision->cells(pixels); }));
  const double encode = median_ms(
      50, [&] { model.networks.fusion.project_image(model.networks.vision->encode(cells, grid)); });
  std::printf("vision transformer and image keys and values: %.2f ms\n", encode);
  // The same products alone, at their own shapes: rows, in, out, how often.
  const auto& v = model.config.vision;
  const auto& f = model.config.fusion;
  const std::int64_t rows = grid.cells();
  struct Product {
    std::int64_t in, out, times;
  };
  const Product products[] = {
      {model.networks.vision->cell_size(), v.hidden_size, 1},
      {v.hidden_size, v.hidden_size, 4 * v.num_hidden_layers},
      {v.hidden_size, v.intermediate_size, v.num_hidden_layers},
      {v.intermediate_size, v.hidden_size, v.num_hidden_layers},
      {v.hidden_size, f.hidden_size, 2 * f.num_hidden_layers},
  };
  const double peak = nn::kernels::fma_peak_gflops(threads, 0.5);
  double flop = 0, seconds = 0;
  for (const Product& product : products) {
    const at::Tensor weight = at::rand({product.out, product.in}), x = at::rand({rows, product.in});
    at::Tensor y = at::empty({rows, product.out});
    const nn::kernels::PackedLinear packed(weight.data_ptr<float>(), nullptr, product.in,
                                           product.out);
    const auto work = [&] { packed.forward(x.data_ptr<float>(), rows, y.data_ptr<float>()); };
    work();
    seconds += median_ms(100, work) / 1000 * static_cast<double>(product.times);
    flop += 2.0 * static_cast<double>(rows * product.in * product.out * product.times);
  }
  std::printf(
      "matrix products on the picture's side: %.0f GF/s, %.0f %% of the FMA peak %.0f GF/s\n",
      flop / seconds / 1e9, 100 * flop / seconds / 1e9 / peak, peak);
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  std::printf("peak memory of the program: %.0f MiB\n",
              static_cast<double>(usage.ru_maxrss) / 1024);
  fs::remove_all(folder);
  return 0;
} catch (const beholder::Error& error) {
  std::fprintf(stderr, "speed: %s\n", error.what());
  return error.exit_code();
}
