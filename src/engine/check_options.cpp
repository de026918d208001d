#include "engine/check_options.hpp"

#include <cmath>

#include "core/check.hpp"
#include "generation/caption_rules.hpp"

namespace beholder::engine {
namespace {

void check_range(const char* name, int value, int least, int most) {
  check(value >= least && value <= most, ErrorCode::kUsage, name, " is ", value,
        "; it must lie between ", least, " and ", most);
}

/// 0 stands for a published model's own number.
void check_max_new_tokens(int value, const ModelInfo& model) {
  check(value >= (model.published ? 0 : 1), ErrorCode::kUsage, "max_new_tokens is ", value,
        "; it must be 1 or more");
}

void check_min_confidence(double value) {
  check(value <= 1, ErrorCode::kUsage, "min_confidence is ", value,
        "; it must lie between 0 and 1");
}

}  // namespace

void check_options(const AnswerOptions& options, const ModelInfo& model) {
  check_range("top_k", options.top_k, 1, 100);
  check_range("num_beams", options.num_beams, 1, 100);
  check_max_new_tokens(options.max_new_tokens, model);
  check_min_confidence(options.min_confidence);
}

void check_options(const DescribeOptions& options, const ModelInfo& model) {
  check_range("num", options.num, 1, 100);
  check_range("num_beams", options.num_beams, 1, 100);
  check_max_new_tokens(options.max_new_tokens, model);
  check(std::isfinite(options.length_penalty), ErrorCode::kUsage, "length_penalty is ",
        options.length_penalty, "; it must be a finite number");
  check(std::isfinite(options.temperature) && options.temperature >= 0, ErrorCode::kUsage,
        "temperature is ", options.temperature, "; it must be 0 or a finite number above");
  check_min_confidence(options.min_confidence);
  generation::check_caption_rules(options);
  check(!options.on_text || (options.num == 1 && (!options.consensus || options.temperature > 0)),
        ErrorCode::kUsage,
        "text can be had while it is written only of one description (num = 1), without consensus");
}

void check_options(const ObjectsOptions& options) {
  check_min_confidence(options.min_confidence);
  check(options.max_objects >= 1, ErrorCode::kUsage, "max_objects is ", options.max_objects,
        "; it must be 1 or more");
}

void check_options(const ReadOptions& options) { check_min_confidence(options.min_confidence); }

}  // namespace beholder::engine
