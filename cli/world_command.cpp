// `beholder world render`: synthetic scenes with questions, as a dataset.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <thread>

#include "commands.hpp"
#include "interrupt.hpp"
#include "number_range.hpp"
#include "output.hpp"
#include "terminal_text.hpp"
#include "world/dataset.hpp"

namespace beholder::cli {
namespace {

struct Options {
  world::DatasetOptions dataset;
  std::string out;
  bool json = false, quiet = false;
};

void render(const Options& options) {
  catch_interrupts();
  const bool terminal = ::isatty(STDERR_FILENO) != 0;
  const auto summary =
      world::render_dataset(options.dataset, options.out, interrupted, [&](std::size_t done) {
        if (!options.quiet && terminal && (done % 10 == 0 || done == options.dataset.scenes))
          std::fprintf(stderr, "\r%zu of %zu scenes%s", done, options.dataset.scenes,
                       done == options.dataset.scenes ? "\n" : "");
      });
  if (options.json)
    print_json({{"folder", options.out},
                {"scenes", summary.scenes},
                {"objects", summary.objects},
                {"questions", summary.questions}});
  if (!options.quiet)
    std::fprintf(stderr, "%zu scenes, %zu objects, %zu questions: %s\n", summary.scenes,
                 summary.objects, summary.questions, escaped(options.out).c_str());
}

}  // namespace

void add_world_command(CLI::App& app) {
  CLI::App* world =
      app.add_subcommand("world", "A world of scenes that can be drawn and asked about");
  world->require_subcommand(1);
  auto options = std::make_shared<Options>();
  options->dataset.threads = std::max(1u, std::thread::hardware_concurrency());
  CLI::App* verb = world->add_subcommand(
      "render", "Write pictures, scene graphs, questions with programs, traces and captions");
  verb->add_option("--out", options->out, "folder to make; it must not be there yet")->required();
  verb->add_option("--num", options->dataset.scenes, "scenes")
      ->check(whole_number<std::size_t>(1, 10'000'000))
      ->capture_default_str();
  verb->add_option("--seed", options->dataset.seed, "the same seed, the same files")
      ->check(whole_number<std::uint64_t>(0))
      ->capture_default_str();
  verb->add_option(
          "--style", options->dataset.style,
          "clevr: its objects and rules; open: more shapes and colours; flat: shapes on paper; "
          "boxes: three boxes of shapes or towers of blocks (--width four times --height)")
      ->check(CLI::IsMember({"clevr", "open", "flat", "boxes"}))
      ->capture_default_str();
  verb->add_option("--questions", options->dataset.questions, "of each scene, at most")
      ->check(whole_number<std::size_t>(0, 1000))
      ->capture_default_str();
  verb->add_option("--width", options->dataset.width, "pixels")
      ->check(whole_number(64, 4096))
      ->capture_default_str();
  verb->add_option("--height", options->dataset.height, "pixels")
      ->check(whole_number(48, 4096))
      ->capture_default_str();
  verb->add_flag("!--no-pictures", options->dataset.pictures,
                 "scenes and questions alone, many times faster");
  verb->add_option("--threads", options->dataset.threads, "processor cores to use")
      ->check(whole_number<std::size_t>(1, 1024))
      ->capture_default_str();
  verb->add_flag("--json", options->json, "summary as JSON on standard output");
  verb->add_flag("--quiet", options->quiet, "no progress, no summary");
  verb->callback([options] { render(*options); });
}

}  // namespace beholder::cli
