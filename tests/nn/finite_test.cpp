#include "nn/finite.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "beholder/error.hpp"

namespace beholder::nn {
namespace {

TEST(CheckFinite, NamesTheNetwork) {
  at::Tensor values = at::zeros({3, 5});
  check_finite(values, "decoder");
  check_finite(at::empty({0, 5}), "decoder");
  values[1][2] = -std::numeric_limits<float>::infinity();
  try {
    check_finite(values.t(), "decoder");  // not contiguous
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kModelFormat);
    EXPECT_NE(std::string(error.what()).find("decoder gave values that are not finite"),
              std::string::npos);
  }
}

}  // namespace
}  // namespace beholder::nn
