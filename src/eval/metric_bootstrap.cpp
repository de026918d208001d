#include "eval/metric_bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "core/check.hpp"
#include "eval/metric_random.hpp"

namespace beholder::eval {

namespace {

/// The sum and the number of the rows that are drawn together.
struct Group {
  double sum = 0;
  double rows = 0;
};

std::vector<Group> group_rows(const std::vector<double>& values,
                              const std::vector<std::string>& clusters) {
  std::vector<Group> groups;
  std::unordered_map<std::string, std::size_t> index;
  for (std::size_t row = 0; row < values.size(); ++row) {
    std::size_t at = groups.size();
    if (!clusters.empty()) at = index.emplace(clusters[row], groups.size()).first->second;
    if (at == groups.size()) groups.emplace_back();
    groups[at].sum += values[row];
    groups[at].rows += 1;
  }
  return groups;
}

}  // namespace

Interval bootstrap_mean(const std::vector<double>& values, const BootstrapOptions& options) {
  check(!values.empty(), ErrorCode::kDataFormat, "no rows to resample; give at least one");
  check(options.clusters.empty() || options.clusters.size() == values.size(),
        ErrorCode::kDataFormat, options.clusters.size(), " pictures named for ", values.size(),
        " rows; name one for each row or none at all");
  check(options.resamples > 0, ErrorCode::kUsage, options.resamples, " resamples; use 1 or more");
  check(options.level > 0 && options.level < 1, ErrorCode::kUsage, "a level of ", options.level,
        "; it must lie between 0 and 1, as 0.95");
  double sum = 0;
  for (std::size_t row = 0; row < values.size(); ++row) {
    check(std::isfinite(values[row]), ErrorCode::kDataFormat, "row ", row + 1, ": the score is ",
          values[row], "; only finite scores can be averaged");
    sum += values[row];
  }

  const std::vector<Group> groups = group_rows(values, options.clusters);
  std::mt19937_64 generator(options.seed);
  std::vector<double> means;
  means.reserve(static_cast<std::size_t>(options.resamples));
  for (int resample = 0; resample < options.resamples; ++resample) {
    Group drawn;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const Group& group = groups[uniform_index(generator, groups.size())];
      drawn.sum += group.sum;
      drawn.rows += group.rows;
    }
    means.push_back(drawn.sum / drawn.rows);
  }
  std::sort(means.begin(), means.end());
  const double tail = (1 - options.level) / 2;
  return {sum / double(values.size()), quantile(means, tail), quantile(means, 1 - tail)};
}

Interval bootstrap_difference(const std::vector<double>& a, const std::vector<double>& b,
                              const BootstrapOptions& options) {
  check(a.size() == b.size(), ErrorCode::kDataFormat, a.size(), " scores against ", b.size(),
        "; a paired difference needs both systems' score of every row");
  std::vector<double> differences(a.size());
  std::transform(a.begin(), a.end(), b.begin(), differences.begin(),
                 [](double x, double y) { return x - y; });
  return bootstrap_mean(differences, options);
}

}  // namespace beholder::eval
