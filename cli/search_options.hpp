// Command-line options of the search for answers and descriptions.
#pragma once

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "beholder/engine.hpp"
#include "number_range.hpp"

namespace beholder::cli {

/// What was given; what was not is the model's own.
struct SearchOptions {
  std::optional<int> beams, max_new_tokens;
  std::optional<double> length_penalty;  ///< of descriptions

  void apply_to(AnswerOptions& out, const Engine& engine) const {
    const SearchDefaults own = engine.info().answer_search;
    out.num_beams = beams.value_or(own.num_beams);
    out.max_new_tokens = max_new_tokens.value_or(own.max_new_tokens);
  }
  void apply_to(DescribeOptions& out, const Engine& engine) const {
    const SearchDefaults own = engine.info().describe_search;
    out.num_beams = beams.value_or(own.num_beams);
    out.max_new_tokens = max_new_tokens.value_or(own.max_new_tokens);
    out.length_penalty = length_penalty.value_or(own.length_penalty);
    // A wish for many words must not be cut off by the default limit of tokens.
    if (const int words = std::max(out.min_words, out.max_words); !max_new_tokens && words > 0)
      out.max_new_tokens = std::max(out.max_new_tokens, std::min(kMostTokens, 3 * words + 8));
  }

 private:
  static constexpr int kMostTokens = 1000;
};

/// Options of the words of descriptions; what was given of them is known after parsing.
struct CaptionRules {
  std::vector<const CLI::Option*> options;

  bool given() const {
    return std::any_of(options.begin(), options.end(),
                       [](const CLI::Option* option) { return option->count() > 0; });
  }
  /// @throws Error kUsage when one was given for a task that writes no descriptions, or they
  /// contradict one another
  void check(const DescribeOptions& describe, const std::string& task = "describe") const {
    for (const CLI::Option* option : options)
      if (task != "describe" && option->count() > 0)
        throw Error(ErrorCode::kUsage,
                    option->get_name() + " is of descriptions; leave it out with --task " + task);
    if (describe.max_words > 0 && describe.min_words > describe.max_words)
      throw Error(ErrorCode::kUsage, "--min-words is " + std::to_string(describe.min_words) +
                                         " and --max-words " + std::to_string(describe.max_words) +
                                         "; the least must not be above the greatest");
  }
  /// Warns where a prefix or suffix will run into the description.
  static void warn(const DescribeOptions& describe) {
    const auto joins = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
    const bool before = !describe.prefix.empty() && joins(describe.prefix.back());
    const bool behind = !describe.suffix.empty() && joins(describe.suffix.front());
    if (before || behind)
      std::fprintf(stderr,
                   "beholder: %s is put beside each description as it is; %s it with a blank or a "
                   "comma and a blank to keep them apart\n",
                   before ? "--prefix" : "--suffix", before ? "end" : "begin");
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

/// @param what put before each line of the help, as "describe: "
inline void add_caption_rules(CLI::App* verb, CaptionRules& rules, DescribeOptions& describe,
                              const std::string& what = "") {
  const auto add = [&](const std::string& name, auto& value, const std::string& help) {
    CLI::Option* option = verb->add_option(name, value, what + help);
    rules.options.push_back(option);
    return option;
  };
  add("--prefix", describe.prefix,
      "text before each, exactly as given: end it with a blank or \", \"");
  add("--suffix", describe.suffix, "text behind each, exactly as given");
  add("--min-words", describe.min_words, "no fewer words; 0: no limit")
      ->check(whole_number(0, 1000));
  add("--max-words", describe.max_words, "no more words; 0: no limit")
      ->check(whole_number(0, 1000));
  add("--min-new-tokens", describe.min_new_tokens, "no end before so many tokens")
      ->check(whole_number(0, 999));
  add("--no-repeat-ngram", describe.no_repeat_ngram,
      "sequences of so many tokens do not come twice; 0: no rule (default: 3; published models: 0)")
      ->check(whole_number(0, 1000));
  add("--repetition-penalty", describe.repetition_penalty,
      "above 1: what was said is less likely to come again (default: 1)")
      ->check(number(0, 1e6, true));
}

inline void add_length_penalty(CLI::App* verb, SearchOptions& options) {
  verb->add_option(
          "--length-penalty", options.length_penalty,
          "of descriptions: above 0 favours longer ones (default: 0.6; published models: 1)")
      ->check(any_number());
}

}  // namespace beholder::cli
