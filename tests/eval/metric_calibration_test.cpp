#include "eval/metric_calibration.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "beholder/error.hpp"
#include "eval/metric_bootstrap.hpp"

namespace beholder::eval {
namespace {

TEST(CalibrationTest, ErrorByHand) {
  // Two bins of two rows: |0.15 - 0.5| and |0.85 - 1|, each with half of the rows.
  EXPECT_NEAR(expected_calibration_error({0.1, 0.2, 0.8, 0.9}, {0, 1, 1, 1}, 2), 0.25, 1e-12);
  EXPECT_NEAR(expected_calibration_error({1, 1, 1}, {1, 1, 1}), 0, 1e-12);
}

TEST(CalibrationTest, ChanceFloorFallsWithTheRows) {
  const std::vector<double> few(50, 0.3), many(5000, 0.3);
  const double a = chance_calibration_error(few, 15, 200).mean;
  const double b = chance_calibration_error(many, 15, 200).mean;
  EXPECT_GT(a, 2 * b);
  EXPECT_GT(b, 0);
  EXPECT_EQ(a, chance_calibration_error(few, 15, 200).mean);
}

TEST(CalibrationTest, RiskAndThreshold) {
  const std::vector<double> confidence{0.9, 0.8, 0.4, 0.2}, correct{1, 1, 0, 0};
  EXPECT_NEAR(risk_at_coverage(confidence, correct, 0.5), 0, 1e-12);
  const auto point = fit_threshold(confidence, correct, 0.6);
  ASSERT_TRUE(point);
  EXPECT_EQ(point->answered, 3U);  // 2 of 3 right; all four would be 1 of 2
  EXPECT_NEAR(*point->accuracy, 2.0 / 3, 1e-12);
  EXPECT_FALSE(fit_threshold({0.5, 0.5}, {0, 0}, 0.5));
  EXPECT_EQ(operating_point(confidence, correct, 0.85).answered, 1U);
}

TEST(CalibrationTest, BadInputIsTyped) {
  EXPECT_THROW(expected_calibration_error({}, {}), Error);
  EXPECT_THROW(expected_calibration_error({0.5}, {1, 0}), Error);
  EXPECT_THROW(expected_calibration_error({std::numeric_limits<double>::quiet_NaN()}, {1}), Error);
}

TEST(BootstrapTest, IntervalsHoldTheMeanAndFollowTheSeed) {
  std::vector<double> values;
  for (int i = 0; i < 400; ++i) values.push_back(i % 4 == 0 ? 1 : 0);
  const Interval interval = bootstrap_mean(values);
  EXPECT_DOUBLE_EQ(interval.mean, 0.25);
  EXPECT_LT(interval.low, 0.25);
  EXPECT_GT(interval.high, 0.25);
  // The binomial's 95 % interval is 0.25 ± 0.0424.
  EXPECT_NEAR(interval.high - interval.low, 0.0849, 0.012);
  EXPECT_EQ(bootstrap_mean(values).low, interval.low);
  const Interval same = bootstrap_difference(values, values);
  EXPECT_DOUBLE_EQ(same.low, 0);
  EXPECT_DOUBLE_EQ(same.high, 0);
}

}  // namespace
}  // namespace beholder::eval
