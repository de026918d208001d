// What a batch of descriptions costs: pictures a second of the whole, beside what each stage
// (decode, vision, decoder) gives when it has the machine to itself, beside one process a picture,
// and how far the memory drifts over many pictures.
//   batch PROGRAM MODEL_DIR PICTURE_FOLDER [PICTURES [PICTURES_FOR_MEMORY]] [--int8]
#include <omp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "beholder/engine.hpp"
#include "child_program.hpp"
#include "core/file.hpp"

namespace {

using beholder::bench::run_program;
using beholder::bench::start_program;
using Clock = std::chrono::steady_clock;
using Bytes = std::vector<std::uint8_t>;
namespace fs = std::filesystem;

constexpr std::size_t kBatch = 16;  // as `beholder caption` has it

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Pages of memory that the process holds now, in MiB; 0 when it has ended.
double resident_mib(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/statm");
  double size = 0, resident = 0;
  file >> size >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

/// Runs `work(first, last)` for batches of `count` items on a thread a core. @return items a second
double rate(std::size_t count, const std::function<void(std::size_t, std::size_t)>& work) {
  const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
  std::atomic<std::size_t> next{0};
  const auto start = Clock::now();
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < cores; ++t)
    threads.emplace_back([&] {
      omp_set_num_threads(1);
      for (std::size_t first = next.fetch_add(kBatch); first < count;
           first = next.fetch_add(kBatch))
        work(first, std::min(first + kBatch, count));
    });
  for (auto& thread : threads) thread.join();
  return static_cast<double>(count) / seconds_since(start);
}

/// Copies of the pictures that differ in a few bytes behind their end, which decoders do not read:
/// a batch does the same content only once.
void make_copies(const std::vector<Bytes>& pictures, std::size_t count, const fs::path& folder) {
  for (std::size_t i = 0; i < count; ++i) {
    const Bytes& bytes = pictures[i % pictures.size()];
    std::ofstream out(folder / (std::to_string(i) + ".jpg"), std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()),
              static_cast<std::streamsize>(bytes.size()));
    out << " copy " << i;
  }
}

void memory_drift(const std::string& program, const std::string& model_dir, const fs::path& folder,
                  const std::vector<Bytes>& pictures, std::size_t count) {
  fs::create_directories(folder / "many");
  make_copies(pictures, count, folder / "many");
  const auto start = Clock::now();
  const pid_t child = start_program({program, "caption", (folder / "many").string(), "--model",
                                     model_dir, "-o", (folder / "many.jsonl").string(), "--quiet"});
  std::vector<double> resident;
  while (::waitpid(child, nullptr, WNOHANG) == 0) {
    resident.push_back(resident_mib(child));
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  }
  // Warm-up: the first tenth. The last samples may be of a process that is ending.
  const std::size_t tenth = resident.size() / 10;
  if (tenth < 4) throw beholder::Error(beholder::ErrorCode::kUsage, "too few pictures for memory");
  const auto mean = [&](std::size_t from) {
    double sum = 0;
    for (std::size_t i = from; i < from + tenth; ++i) sum += resident[i];
    return sum / static_cast<double>(tenth);
  };
  const double early = mean(tenth), late = mean(resident.size() - tenth - 3);
  std::printf(
      "memory over %zu pictures (%.0f s): %.1f MiB in the second tenth, %.1f in the last: "
      "drift %+.2f %%; most %.1f\n",
      count, seconds_since(start), early, late, 100 * (late - early) / early,
      *std::max_element(resident.begin(), resident.end()));
}

}  // namespace

int main(int argc, char** argv) try {
  using namespace beholder;
  // With --int8 last, everything multiplies the decoder's int8 weights as int8.
  const bool int8 = std::string(argv[argc - 1]) == "--int8";
  if (int8) --argc;
  if (argc < 4 || argc > 6) {
    std::fprintf(stderr,
                 "usage: batch PROGRAM MODEL_DIR PICTURE_FOLDER [PICTURES [PICTURES_FOR_MEMORY]] "
                 "[--int8]\n");
    return 2;
  }
  const std::string program = argv[1], model_dir = argv[2];
  const std::size_t count = argc > 4 ? std::stoul(argv[4]) : 320;
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(argv[3]))
    if (entry.path().extension() == ".jpg") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  if (paths.size() > count) paths.resize(count);
  if (paths.size() < 2 * kBatch)
    throw Error(ErrorCode::kUsage, std::string(argv[3]) + ": fewer than 32 .jpg files");
  std::vector<Bytes> bytes;
  for (const auto& path : paths) bytes.push_back(read_file_bytes(path));
  const std::size_t n = bytes.size();
  const fs::path folder =
      fs::temp_directory_path() / ("beholder-batch-" + std::to_string(::getpid()));
  fs::create_directories(folder / "few");
  make_copies(bytes, n, folder / "few");

  // Each stage with the machine to itself, on a thread a core, as the batch has it.
  double slowest = 0;
  {
    EngineOptions options;
    options.threads = 1;
    options.cache_bytes = 0;
    options.int8 = int8;
    const Engine engine = Engine::load(model_dir, options);
    std::vector<PreparedPicture> prepared(n);
    std::vector<Picture> pictures(n);
    const auto decode = [&](std::size_t first, std::size_t last) {
      for (std::size_t i = first; i < last; ++i)
        prepared[i] = engine.prepare(bytes[i].data(), bytes[i].size(), "picture");
    };
    const auto encode = [&](std::size_t first, std::size_t last) {
      auto some = engine.encode(
          std::vector<PreparedPicture>(prepared.begin() + static_cast<std::ptrdiff_t>(first),
                                       prepared.begin() + static_cast<std::ptrdiff_t>(last)));
      std::move(some.begin(), some.end(), pictures.begin() + static_cast<std::ptrdiff_t>(first));
    };
    const auto describe = [&](std::size_t first, std::size_t last) {
      engine.describe(std::vector<Picture>(pictures.begin() + static_cast<std::ptrdiff_t>(first),
                                           pictures.begin() + static_cast<std::ptrdiff_t>(last)));
    };
    decode(0, kBatch);
    encode(0, kBatch);
    describe(0, kBatch);
    const double stages[] = {rate(n, decode), rate(n, encode), rate(n, describe)};
    slowest = *std::min_element(std::begin(stages), std::end(stages));
    double sum = 0;
    for (const double stage : stages) sum += 1 / stage;
    std::printf(
        "%zu pictures, each stage alone: decode %.0f/s, vision %.1f/s, decoder %.1f/s; one "
        "after the other on the same cores %.1f/s\n",
        n, stages[0], stages[1], stages[2], 1 / sum);
  }

  const auto begin = Clock::now();
  const auto run = [&](std::vector<std::string> words) {
    if (int8) words.push_back("--int8");
    run_program(words);
  };
  run({program, "caption", (folder / "few").string(), "--model", model_dir, "-o",
       (folder / "few.jsonl").string(), "--quiet"});
  const double whole = static_cast<double>(n) / seconds_since(begin);
  std::printf(
      "batch, start and end included: %.1f pictures/s, %.0f %% of its slowest stage alone\n", whole,
      100 * whole / slowest);

  std::vector<double> single;
  for (std::size_t i = 0; i < 11; ++i) {
    const auto start = Clock::now();
    run({program, "describe", "--model", model_dir, paths[i].string()});
    single.push_back(seconds_since(start));
  }
  std::nth_element(single.begin(), single.begin() + 5, single.end());
  std::printf("one process a picture: %.2f pictures/s; the batch is %.1f times as fast\n",
              1 / single[5], whole * single[5]);
  if (argc > 5) memory_drift(program, model_dir, folder, bytes, std::stoul(argv[5]));
  fs::remove_all(folder);
  return 0;
} catch (const beholder::Error& error) {
  std::fprintf(stderr, "batch: %s\n", error.what());
  return error.exit_code();
}
