// The options that every verb with a model has.
#pragma once

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <string>
#include <thread>

#include "beholder/engine.hpp"
#include "number_range.hpp"

namespace beholder::cli {

struct ModelOptions {
  std::string model;
  EngineOptions engine;
};

inline void add_model_options(CLI::App* verb, ModelOptions& options) {
  verb->add_option("-m,--model", options.model, "model directory (default: the bundled one)");
  // Far more threads than cores wait for each other most of the time.
  const int most_threads = std::max(16, 4 * static_cast<int>(std::thread::hardware_concurrency()));
  verb->add_option("--threads", options.engine.threads, "processor cores to use; 0: all")
      ->check(whole_number(0, most_threads));
  verb->add_flag("--int8", options.engine.int8,
                 "8-bit activations for int8 weights: faster, a little less exact");
  verb->add_flag("--mirror,!--no-mirror", options.engine.mirror,
                 "look at the mirror image too (default) or at the picture alone: faster");
  verb->add_option("--max-pixels", options.engine.max_pixels, "refuse larger pictures")
      ->check(whole_number<std::uint64_t>(1))
      ->capture_default_str();
  verb->add_option_function<std::string>(
          "--color-management",
          [&options](const std::string& given) {
            options.engine.color_management = given == "on"    ? ColorManagement::kOn
                                              : given == "off" ? ColorManagement::kOff
                                                               : ColorManagement::kAuto;
          },
          "apply the colour profiles that pictures carry: on, off, or auto, which is off for "
          "published models alone")
      ->check(CLI::IsMember({"auto", "on", "off"}))
      ->default_str("auto");
}

inline void add_method_option(CLI::App* verb, std::string& method) {
  verb->add_option(
          "--method", method,
          "direct: answer at once; program: run a program on the objects found; read: from "
          "what is written; auto: whichever fits the question or is more certain")
      ->check(CLI::IsMember({"auto", "direct", "program", "read"}))
      ->capture_default_str();
}

inline Method method_of(const std::string& name) {
  return name == "direct"    ? Method::kDirect
         : name == "program" ? Method::kProgram
         : name == "read"    ? Method::kRead
                             : Method::kAuto;
}

/// The options of verbs that find objects.
inline void add_objects_options(CLI::App* verb, ObjectsOptions& options) {
  verb->add_option("--min-confidence", options.min_confidence,
                   "leave out less certain objects (default: the model's threshold)")
      ->check(number(0, 1));
  verb->add_option("--max-objects", options.max_objects, "most objects of a picture")
      ->check(whole_number(1))
      ->capture_default_str();
}

}  // namespace beholder::cli
