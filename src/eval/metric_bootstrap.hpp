// Percentile bootstrap intervals of a mean and of a paired difference of means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace beholder::eval {

struct BootstrapOptions {
  int resamples = 2000;
  double level = 0.95;     ///< the share of resampled means inside the interval, in (0, 1)
  std::uint64_t seed = 0;  ///< same seed, same interval
  /// One entry a row, the picture that the row belongs to: whole pictures are drawn, since rows of
  /// one picture are not independent. Empty: each row stands alone.
  std::vector<std::string> clusters;
};

struct Interval {
  double mean = 0;  ///< of the rows themselves
  double low = 0, high = 0;
};

/// The interval of the mean of `values` (Efron 1979, percentile method): rows (or pictures) drawn
/// with replacement as many times as there are, the mean over the rows drawn; quantiles are
/// interpolated linearly.
/// @throws Error kDataFormat on no rows, a value that is not finite (naming the row, from 1), a
/// number of clusters other than the rows'; kUsage on options out of range.
Interval bootstrap_mean(const std::vector<double>& values, const BootstrapOptions& options = {});

/// The interval of mean(a) − mean(b), where a[i] and b[i] are two systems' scores of one row: both
/// keep the same draws. An interval without 0 is a difference at that level.
/// @throws Error as `bootstrap_mean`; kDataFormat on lengths that differ.
Interval bootstrap_difference(const std::vector<double>& a, const std::vector<double>& b,
                              const BootstrapOptions& options = {});

}  // namespace beholder::eval
