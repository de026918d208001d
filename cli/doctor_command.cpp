// `beholder doctor`: measures this machine, and advises where it is slow.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <dnnl.h>
#include <omp.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <opencv2/core/version.hpp>
#include <thread>

#include "beholder/engine.hpp"
#include "commands.hpp"
#include "core/check.hpp"
#include "engine_options.hpp"
#include "json/text.hpp"
#include "models/verify.hpp"
#include "nn/kernels/fma_peak.hpp"
#include "nn/kernels/linear.hpp"
#include "output.hpp"
#include "picture_input.hpp"
#include "terminal_text.hpp"
#include "text/wordnet.hpp"
#include "torch_version.hpp"

namespace beholder::cli {
namespace {

/// GF/s of `work`, which makes `flop` floating-point operations: the best of several rounds.
template <typename Work>
double gflops(double flop, const Work& work) {
  double best = 0;
  work();
  const auto begin = std::chrono::steady_clock::now();
  for (int round = 0; round < 50; ++round) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const auto end = std::chrono::steady_clock::now();
    best = std::max(best, flop / std::chrono::duration<double>(end - start).count() / 1e9);
    if (std::chrono::duration<double>(end - begin).count() > 0.5) break;
  }
  return best;
}

/// Whether the model answers, and whether its files are sound.
Json examine_model(const ModelOptions& options, Json& advice) {
  const std::filesystem::path folder = find_model(options.model);
  Json out = {{"path", printable(folder.string())}, {"works", false}};
  try {
    const auto start = std::chrono::steady_clock::now();
    const Engine engine = Engine::load(folder, options.engine);
    const std::vector<std::uint8_t> grey(64 * 64 * 3, 128);
    const Picture picture = engine.encode_rgb(grey.data(), 64, 64);
    if (engine.can(Skill::kAnswer))
      engine.answer(picture, "what is in the picture?");
    else if (engine.can(Skill::kDescribe))
      engine.describe(picture);
    else
      engine.match(picture, "a picture");
    const std::chrono::duration<double, std::milli> taken =
        std::chrono::steady_clock::now() - start;
    out["works"] = true;
    out["load_and_answer_ms"] = taken.count();
  } catch (const Error& error) {
    out["error"] = printable(error.what());
  }
  try {
    const models::WeightReport report = models::verify_model(folder);
    out["weights"] = report.good() ? Json("sound") : Json(printable(report.first_fault()));
    out["checksums"] = report.checksums.there;
    if (report.good()) return out;
    out["works"] = false;
    out["error"] = out.value("error", "damaged: " + printable(report.first_fault()));
    advice.push_back(
        "the model is damaged; fetch or install it again (in a git checkout: `git lfs pull`, `git "
        "checkout -- " +
        printable(folder.string()) +
        "`). `beholder model verify` lists all that is "
        "wrong, `beholder model checksum` takes files that you changed yourself");
  } catch (const Error& error) {
    out["works"] = false;
    out["error"] = out.value("error", printable(error.what()));
    advice.push_back("the model does not load, as said; name one that does with --model");
  }
  return out;
}

void examine(const ModelOptions& options, bool json) {
  const c10::InferenceMode inference;
  const int cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  const int threads = options.engine.threads > 0 ? options.engine.threads : cores;
  at::set_num_threads(threads);
  omp_set_num_threads(threads);
  Json advice = Json::array();
  const dnnl_version_t* dnnl = dnnl_version();
  const std::string onednn = concat(dnnl->major, '.', dnnl->minor, '.', dnnl->patch);
  Json out = {{"beholder", BEHOLDER_VERSION},
              {"libtorch", torch_version()},
              {"onednn", onednn},
              {"opencv", CV_VERSION},
              {"cores", cores},
              {"threads", threads}};
  const double peak = nn::kernels::fma_peak_gflops(threads, 0.3);
  constexpr std::int64_t kRows = 577, kIn = 768, kOut = 3072;
  const double flop = 2.0 * kRows * kIn * kOut;
  const at::Tensor x = at::rand({kRows, kIn}), weight = at::rand({kOut, kIn});
  const double blas = gflops(flop, [&] { at::linear(x, weight); });
  const nn::kernels::PackedLinear packed(weight.data_ptr<float>(), nullptr, kIn, kOut);
  at::Tensor y = at::empty({kRows, kOut});
  const double kernel =
      gflops(flop, [&] { packed.forward(x.data_ptr<float>(), kRows, y.data_ptr<float>()); });
  out["gflops"] = {{"fma_peak", peak}, {"blas", blas}, {"packed", kernel}};
  if (blas < 0.4 * peak)
    advice.push_back(
        "libtorch's BLAS is slow here; answering does not use it, training does. Install "
        "libopenblas0-openmp, and on processors that OpenBLAS does not know start with "
        "OPENBLAS_CORETYPE=SkylakeX (AVX-512) or Haswell (AVX2), or build against a newer "
        "libtorch");
  if (kernel < 0.4 * peak)
    advice.push_back(
        "the inference kernels reach less than 40 % of the processor's peak; other "
        "programs may be busy on it: try --threads with fewer cores");
  const bool wordnet = text::WordNet::installed();
  out["wordnet"] = wordnet;
  if (!wordnet) advice.push_back("install wordnet-base for WUPS figures in 'beholder eval'");
  out["model"] = examine_model(options, advice);
  out["advice"] = advice;
  if (json) {
    print_json(out);
  } else {
    std::printf("beholder %s, libtorch %s, oneDNN %s, OpenCV %s, %d cores, %d threads\n",
                BEHOLDER_VERSION, torch_version(), onednn.c_str(), CV_VERSION, cores, threads);
    std::printf(
        "matrix products, GF/s: processor's peak %.0f, libtorch's BLAS %.0f (%.0f %%), "
        "inference kernels %.0f (%.0f %%)\n",
        peak, blas, 100 * blas / peak, kernel, 100 * kernel / peak);
    std::printf("WordNet: %s\n", wordnet ? "found" : "not installed");
    std::printf("model: %s\n", shown(out["model"].dump()).c_str());
    for (const auto& line : advice) std::printf("- %s\n", line.get<std::string>().c_str());
    if (advice.empty()) std::printf("nothing to mend\n");
  }
  if (!out["model"]["works"].get<bool>())
    throw Error(ErrorCode::kModelFormat, out["model"]["error"].get<std::string>());
}

}  // namespace

void add_doctor_command(CLI::App& app) {
  struct Options {
    ModelOptions model;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      app.add_subcommand("doctor", "Check libraries, speed against the machine's peak, the model");
  add_model_options(verb, options->model);
  verb->add_flag("--json", options->json, "one JSON object");
  verb->callback([options] { examine(options->model, options->json); });
}

}  // namespace beholder::cli
