// What leaves a network are numbers, or it is an error: behind a maximum, a softmax or a sort a NaN
// looks like an answer.
#pragma once

#include <ATen/ATen.h>

#include <string>

namespace beholder::nn {

/// @param values float, of any shape: what a network gave, before anything is chosen from it
/// @param network as messages name it: "decoder"
/// @throws Error kModelFormat unless every value is finite
void check_finite(const at::Tensor& values, const char* network);

/// The error that it throws, for what finds such values elsewhere.
[[noreturn]] void fail_not_finite(const std::string& network);

}  // namespace beholder::nn
