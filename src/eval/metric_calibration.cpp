#include "eval/metric_calibration.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "core/check.hpp"
#include "core/logistic.hpp"
#include "eval/metric_random.hpp"

namespace beholder::eval {

namespace {

void check_unit(const std::vector<double>& values, const char* what) {
  for (std::size_t row = 0; row < values.size(); ++row)
    // Written so that NaN fails it.
    check(values[row] >= 0 && values[row] <= 1, ErrorCode::kDataFormat, "row ", row + 1, ": ", what,
          " of ", values[row], "; it must lie between 0 and 1");
}

void check_rows(const std::vector<double>& confidences, const std::vector<double>& correct) {
  check(!confidences.empty(), ErrorCode::kDataFormat, "no rows to measure; give at least one");
  check(confidences.size() == correct.size(), ErrorCode::kDataFormat, confidences.size(),
        " confidences for ", correct.size(), " scored answers; give one for each");
  check_unit(confidences, "a confidence");
  check_unit(correct, "a correctness");
}

std::vector<std::size_t> most_confident_first(const std::vector<double>& confidences) {
  std::vector<std::size_t> order(confidences.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return confidences[a] > confidences[b]; });
  return order;
}

/// Where each run of equal values in `sorted` ends.
std::vector<std::size_t> run_ends(const std::vector<double>& sorted) {
  std::vector<std::size_t> ends;
  for (std::size_t i = 1; i <= sorted.size(); ++i)
    if (i == sorted.size() || sorted[i] != sorted[i - 1]) ends.push_back(i);
  return ends;
}

/// Gives each row of a run the run's mean.
void share_within_runs(std::vector<double>& values, const std::vector<std::size_t>& ends) {
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    if (end - begin > 1) {
      const double sum = std::accumulate(values.begin() + begin, values.begin() + end, 0.0);
      std::fill(values.begin() + begin, values.begin() + end, sum / double(end - begin));
    }
    begin = end;
  }
}

/// Confidences in falling order, each with its correctness; ties share theirs.
struct Sorted {
  std::vector<double> confidences, correct;
  std::vector<std::size_t> ends;
};

Sorted sort_rows(const std::vector<double>& confidences, const std::vector<double>& correct) {
  check_rows(confidences, correct);
  Sorted sorted;
  for (const std::size_t row : most_confident_first(confidences)) {
    sorted.confidences.push_back(confidences[row]);
    sorted.correct.push_back(correct[row]);
  }
  sorted.ends = run_ends(sorted.confidences);
  share_within_runs(sorted.correct, sorted.ends);
  return sorted;
}

/// ECE of rows in rising order of confidence.
double binned_error(const std::vector<double>& confidences, const std::vector<double>& correct,
                    int bins) {
  const std::size_t rows = confidences.size();
  const std::size_t count = std::min(rows, static_cast<std::size_t>(bins));
  double error = 0;
  std::size_t begin = 0;
  for (std::size_t bin = 0; bin < count; ++bin) {
    const std::size_t end = begin + rows / count + (bin < rows % count ? 1 : 0);
    double gap = 0;
    for (std::size_t i = begin; i < end; ++i) gap += confidences[i] - correct[i];
    error += std::abs(gap);
    begin = end;
  }
  return error / static_cast<double>(rows);
}

void check_bins(int bins) {
  check(bins > 0, ErrorCode::kUsage, bins, " calibration bins; use 1 or more");
}

}  // namespace

double expected_calibration_error(const std::vector<double>& confidences,
                                  const std::vector<double>& correct, int bins) {
  check_bins(bins);
  Sorted rows = sort_rows(confidences, correct);
  std::reverse(rows.confidences.begin(), rows.confidences.end());
  std::reverse(rows.correct.begin(), rows.correct.end());
  return binned_error(rows.confidences, rows.correct, bins);
}

ChanceCalibrationError chance_calibration_error(const std::vector<double>& confidences, int bins,
                                                int draws, std::uint64_t seed) {
  check_bins(bins);
  check(draws > 0, ErrorCode::kUsage, draws, " draws; use 1 or more");
  check_rows(confidences, confidences);
  std::vector<double> sorted = confidences;
  std::sort(sorted.begin(), sorted.end());
  const std::vector<std::size_t> ends = run_ends(sorted);
  std::mt19937_64 generator(seed);
  std::vector<double> correct(sorted.size()), errors;
  for (int draw = 0; draw < draws; ++draw) {
    for (std::size_t i = 0; i < sorted.size(); ++i)
      correct[i] = uniform(generator) < sorted[i] ? 1 : 0;
    share_within_runs(correct, ends);
    errors.push_back(binned_error(sorted, correct, bins));
  }
  std::sort(errors.begin(), errors.end());
  return {std::accumulate(errors.begin(), errors.end(), 0.0) / draws, quantile(errors, 0.95)};
}

double risk_at_coverage(const std::vector<double>& confidences, const std::vector<double>& correct,
                        double coverage) {
  check(coverage > 0 && coverage <= 1, ErrorCode::kUsage, "a coverage of ", coverage,
        "; it must be above 0 and at most 1");
  const Sorted rows = sort_rows(confidences, correct);
  // The subtraction keeps 0.1 × 10 from becoming 2 rows through rounding.
  const double wanted = std::ceil(coverage * double(rows.correct.size()) - 1e-9);
  const auto count = static_cast<std::size_t>(std::max(1.0, wanted));
  const double right = std::accumulate(rows.correct.begin(), rows.correct.begin() + count, 0.0);
  return 1 - right / static_cast<double>(count);
}

OperatingPoint operating_point(const std::vector<double>& confidences,
                               const std::vector<double>& correct, double threshold) {
  check_rows(confidences, correct);
  check(!std::isnan(threshold), ErrorCode::kUsage, "the threshold is not a number; give one");
  OperatingPoint point;
  point.threshold = threshold;
  double right = 0;
  for (std::size_t row = 0; row < confidences.size(); ++row) {
    if (confidences[row] < threshold) continue;
    ++point.answered;
    right += correct[row];
  }
  point.coverage = double(point.answered) / double(confidences.size());
  if (point.answered > 0) point.accuracy = right / double(point.answered);
  return point;
}

std::optional<OperatingPoint> fit_threshold(const std::vector<double>& confidences,
                                            const std::vector<double>& correct, double accuracy) {
  check(accuracy >= 0 && accuracy <= 1, ErrorCode::kUsage, "a wanted accuracy of ", accuracy,
        "; it must lie between 0 and 1");
  const Sorted rows = sort_rows(confidences, correct);
  std::optional<double> threshold;
  double right = 0;
  std::size_t answered = 0;
  // Only whole runs of equal confidence can be answered; the last that passes covers the most.
  for (const std::size_t end : rows.ends) {
    for (; answered < end; ++answered) right += rows.correct[answered];
    if (right >= (accuracy - 1e-12) * double(answered)) threshold = rows.confidences[end - 1];
  }
  if (!threshold) return std::nullopt;
  return operating_point(confidences, correct, *threshold);
}

std::pair<double, double> fit_logistic(const std::vector<double>& x, const std::vector<double>& y) {
  double slope = 1, offset = 0;
  for (int step = 0; step < 100; ++step) {
    // A small pull towards (1, 0) keeps the fit finite when the rows are separable.
    double g0 = 1e-3 * (slope - 1), g1 = 1e-3 * offset, h00 = 1e-3, h01 = 0, h11 = 1e-3;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double p = sigmoid(slope * x[i] + offset);
      g0 += (p - y[i]) * x[i];
      g1 += p - y[i];
      const double w = p * (1 - p);
      h00 += w * x[i] * x[i];
      h01 += w * x[i];
      h11 += w;
    }
    const double det = h00 * h11 - h01 * h01;
    if (!(det > 0)) break;
    const double d0 = (h11 * g0 - h01 * g1) / det, d1 = (h00 * g1 - h01 * g0) / det;
    const double scale = std::min(1.0, 2.0 / std::max(1e-12, std::hypot(d0, d1)));
    slope -= scale * d0;
    offset -= scale * d1;
    if (std::hypot(d0, d1) < 1e-9) break;
  }
  return {std::max(slope, 1e-3), offset};
}

}  // namespace beholder::eval
