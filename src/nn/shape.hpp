// Shape checks at a module's entry; the message prints what was expected and what came.
#pragma once

#include <ATen/ATen.h>

#include <initializer_list>
#include <string>

namespace beholder::nn {

/// Matches any size in `check_shape`.
constexpr std::int64_t kAny = -1;

/// @throws Error kShape naming `what` unless `tensor` has exactly the sizes of `expected`.
void check_shape(const at::Tensor& tensor, std::initializer_list<std::int64_t> expected,
                 const char* what);

/// The ids as an int64 tensor of its own memory, (n).
inline at::Tensor id_tensor(const std::vector<std::int64_t>& ids) {
  return at::tensor(at::ArrayRef<std::int64_t>(ids), at::kLong);
}

}  // namespace beholder::nn
