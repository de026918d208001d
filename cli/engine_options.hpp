// The options that every verb with a model has.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "beholder/engine.hpp"

namespace beholder::cli {

struct ModelOptions {
  std::string model;
  EngineOptions engine;
};

inline void add_model_options(CLI::App* verb, ModelOptions& options) {
  verb->add_option("--model", options.model, "model directory (default: the bundled one)");
  verb->add_option("--threads", options.engine.threads, "processor cores to use; 0: all")
      ->check(CLI::NonNegativeNumber);
  verb->add_flag("--int8", options.engine.int8, "multiply int8 weights as int8");
  verb->add_flag("--mirror,!--no-mirror", options.engine.mirror,
                 "look at the mirror image too (default) or at the picture alone: faster");
  verb->add_option("--max-pixels", options.engine.max_pixels, "refuse larger pictures")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
}

}  // namespace beholder::cli
