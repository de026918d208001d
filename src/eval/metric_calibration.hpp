// How far confidences can be trusted: calibration error, risk at a coverage, answering thresholds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace beholder::eval {

// Everywhere below: `confidences` and `correct` have one entry a row; a confidence lies in 0 to 1,
// `correct` is 1 for a right answer, 0 for a wrong one, or a score between. Rows of equal
// confidence share their mean correctness, so that no result depends on the order of the rows.
// All throw Error kDataFormat on no rows, lengths that differ, and a value that is NaN or outside
// 0 to 1 (naming the row, from 1), and kUsage on a parameter out of its range.

/// Expected calibration error with bins of equal mass (Nixon et al. 2019): the rows sorted by
/// confidence, cut into `bins` runs whose sizes differ by at most one (the first ones larger); the
/// mean over rows of |mean confidence − mean correctness| of their bin. With fewer rows than
/// bins each row is a bin.
double expected_calibration_error(const std::vector<double>& confidences,
                                  const std::vector<double>& correct, int bins = 15);

/// What a perfectly calibrated model would score by chance at the same confidences.
struct ChanceCalibrationError {
  double mean = 0;
  double upper_95 = 0;  ///< 95 % of perfectly calibrated draws score no more
};

/// Draws each row's correctness from Bernoulli(confidence) `draws` times. Same seed, same result.
ChanceCalibrationError chance_calibration_error(const std::vector<double>& confidences,
                                                int bins = 15, int draws = 1000,
                                                std::uint64_t seed = 0);

/// The mean error (1 − correctness) of the ceil(coverage × rows) most confident rows, 0 to 1;
/// rows tied at the cut count with their group's mean. `coverage` in (0, 1].
double risk_at_coverage(const std::vector<double>& confidences, const std::vector<double>& correct,
                        double coverage = 0.5);

/// What answering only at `threshold` or above does.
struct OperatingPoint {
  double threshold = 0;
  std::size_t answered = 0;        ///< rows with confidence ≥ threshold
  double coverage = 0;             ///< answered / rows
  std::optional<double> accuracy;  ///< mean correctness of the answered; nothing if none is
};

OperatingPoint operating_point(const std::vector<double>& confidences,
                               const std::vector<double>& correct, double threshold);

/// The threshold of the largest coverage at which the answers given are right at least `accuracy`
/// (0 to 1) of the time. It is one of the confidences; a greater accuracy never gives a lower
/// threshold. Nothing if no threshold reaches it.
std::optional<OperatingPoint> fit_threshold(const std::vector<double>& confidences,
                                            const std::vector<double>& correct, double accuracy);

/// Slope and offset of sigmoid(slope · x + offset) ≈ P(correct) (Platt 1999), by damped Newton
/// steps on the log loss, pulled a little towards (1, 0). @param x logits, one for each `correct`
/// (0 or 1)
std::pair<double, double> fit_logistic(const std::vector<double>& x,
                                       const std::vector<double>& correct);

}  // namespace beholder::eval
