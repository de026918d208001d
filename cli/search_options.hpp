// How the words of answers and descriptions are searched for, as the command line has it.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "beholder/engine.hpp"
#include "number_range.hpp"

namespace beholder::cli {

/// What was given; what was not depends on the model: ours has defaults of its own, for published
/// ones they are the reference implementation's.
struct SearchOptions {
  std::optional<int> beams, max_new_tokens;
  std::optional<double> length_penalty;  ///< of descriptions

  void apply_to(AnswerOptions& out, const Engine& engine) const {
    if (engine.info().published) {
      out.num_beams = 1;
      out.max_new_tokens = 0;
    }
    out.num_beams = beams.value_or(out.num_beams);
    out.max_new_tokens = max_new_tokens.value_or(out.max_new_tokens);
  }
  void apply_to(DescribeOptions& out, const Engine& engine) const {
    if (engine.info().published) {
      out.num_beams = 1;
      out.max_new_tokens = 0;
      out.length_penalty = 1;
    }
    out.num_beams = beams.value_or(out.num_beams);
    out.max_new_tokens = max_new_tokens.value_or(out.max_new_tokens);
    out.length_penalty = length_penalty.value_or(out.length_penalty);
  }
};

/// @param beams the default of our own models, for the help
inline void add_search_options(CLI::App* verb, SearchOptions& options, const std::string& beams) {
  verb->add_option("--beams", options.beams,
                   "hypotheses kept while searching (default: " + beams +
                       "; published models: 1, as their reference)")
      ->check(whole_number(1, 100));
  verb->add_option("--max-new-tokens", options.max_new_tokens,
                   "longest text, tokens (default: the model's own)")
      ->check(whole_number(1, 1000));
}

inline void add_length_penalty(CLI::App* verb, SearchOptions& options) {
  verb->add_option(
          "--length-penalty", options.length_penalty,
          "of descriptions: above 0 favours longer ones (default: 0.6; published models: 1)")
      ->check(any_number());
}

}  // namespace beholder::cli
