// What is asked for lies within its range.
#pragma once

#include "beholder/types.hpp"

namespace beholder::engine {

/// @throws Error kUsage, naming the option and its range
void check_options(const AnswerOptions& options, const ModelInfo& model);
void check_options(const DescribeOptions& options, const ModelInfo& model);
void check_options(const ObjectsOptions& options);
void check_options(const ReadOptions& options);

}  // namespace beholder::engine
