#include "generation/caption_rules.hpp"

#include <cmath>
#include <string>
#include <utility>

#include "core/check.hpp"
#include "generation/word_limits.hpp"
#include "io/json_text.hpp"

namespace beholder::generation {
namespace {

constexpr int kMostWords = 1000;

void check_words(const char* name, int words) {
  check(words >= 0 && words <= kMostWords, ErrorCode::kUsage, name, " is ", words,
        "; it must lie between 0 (no limit) and ", kMostWords);
}

void check_line(const char* name, const std::string& text) {
  check(text.find_first_of("\r\n") == std::string::npos, ErrorCode::kUsage, name,
        " holds a line break; a description is one line");
  check(text.find('\0') == std::string::npos && io::is_utf8(text), ErrorCode::kUsage, name,
        " is not UTF-8 text; write it so");
}

}  // namespace

void check_caption_rules(const DescribeOptions& options) {
  check_words("min_words", options.min_words);
  check_words("max_words", options.max_words);
  check(options.max_words == 0 || options.min_words <= options.max_words, ErrorCode::kUsage,
        "min_words is ", options.min_words, " and max_words ", options.max_words,
        "; the least must not be above the greatest");
  check(std::isfinite(options.repetition_penalty) && options.repetition_penalty > 0,
        ErrorCode::kUsage, "repetition_penalty is ", options.repetition_penalty,
        "; it must be a finite number above 0 (1: no penalty)");
  check(options.min_new_tokens >= 0, ErrorCode::kUsage, "min_new_tokens is ",
        options.min_new_tokens, "; it must be 0 or more");
  check_line("prefix", options.prefix);
  check_line("suffix", options.suffix);
}

void apply_rules(const DescribeOptions& options, int own_ngram,
                 generation::GenerationOptions& out) {
  out.no_repeat_ngram = options.no_repeat_ngram < 0 ? own_ngram : options.no_repeat_ngram;
  out.repetition_penalty = options.repetition_penalty;
  out.min_new_tokens = options.min_new_tokens;
}

void limit_words(const DescribeOptions& options, std::int64_t vocabulary,
                 const std::function<std::string(std::int64_t)>& piece, GenerationOptions& out) {
  if (options.min_words == 0 && options.max_words == 0) return;
  WordLimitsOptions limits;
  limits.min_words = options.min_words;
  limits.max_words = options.max_words;
  for (std::int64_t id = 0; id < vocabulary; ++id) limits.pieces.push_back(piece(id));
  for (const std::int64_t id : out.prompt)
    if (std::string one = piece(id); !one.empty()) limits.begun.push_back(std::move(one));
  limits.end_token = out.end_token;
  limits.max_new_tokens = out.max_new_tokens;
  out.restrict = word_limits(std::move(limits));
}

void check_kept(const std::vector<Description>& found, const DescribeOptions& options) {
  if (!found.empty() || (options.min_words == 0 && options.max_words == 0)) return;
  const std::string most =
      options.max_words == 0 ? "any number of" : std::to_string(options.max_words);
  fail(ErrorCode::kUsage, "no description of ", options.min_words, " to ", most,
       " words was found; allow other numbers of words, or loosen no_repeat_ngram and "
       "min_new_tokens");
}

}  // namespace beholder::generation
