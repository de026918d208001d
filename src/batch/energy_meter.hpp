// The energy that work takes: measured where the machine can, estimated elsewhere.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace beholder::batch {

/// Joules since it was made. Through RAPL the whole processor is measured, with whatever else runs
/// on it; the estimate is this process's CPU time at an assumed power.
class EnergyMeter {
 public:
  /// @param watts_per_core assumed where nothing is measured
  /// @param root where Linux shows RAPL's counters
  explicit EnergyMeter(double watts_per_core = 10,
                       const std::filesystem::path& root = "/sys/class/powercap");

  bool measured() const { return !zones_.empty(); }
  double joules();
  /// How the number was obtained, for messages.
  std::string method() const;

 private:
  struct Zone {
    std::filesystem::path counter;
    std::uint64_t last = 0, range = 0;  // microjoules; the counter starts again behind `range`
  };
  std::vector<Zone> zones_;
  double watts_per_core_, joules_ = 0, cpu_start_ = 0;
};

}  // namespace beholder::batch
