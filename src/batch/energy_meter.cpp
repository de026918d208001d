#include "batch/energy_meter.hpp"

#include <ctime>
#include <fstream>
#include <optional>

#include "core/check.hpp"

namespace beholder::batch {
namespace fs = std::filesystem;

namespace {

std::optional<std::uint64_t> number_in(const fs::path& path) {
  std::ifstream in(path);
  std::uint64_t value = 0;
  if (in >> value) return value;
  return std::nullopt;
}

double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

EnergyMeter::EnergyMeter(double watts_per_core, const fs::path& root)
    : watts_per_core_(watts_per_core), cpu_start_(cpu_seconds()) {
  check(watts_per_core > 0, ErrorCode::kUsage, "watts a core is ", watts_per_core,
        "; it must be above 0");
  std::error_code ignored;
  for (fs::directory_iterator entry(root, ignored), end; !ignored && entry != end;
       entry.increment(ignored)) {
    // Whole packages only ("intel-rapl:0"): the zones within ("intel-rapl:0:0") are part of them.
    const std::string name = entry->path().filename().string();
    if (name.compare(0, 11, "intel-rapl:") != 0 || name.find(':', 11) != std::string::npos)
      continue;
    // "psys" is the whole board, the packages among it.
    std::string label;
    std::ifstream(entry->path() / "name") >> label;
    if (label == "psys") continue;
    const fs::path counter = entry->path() / "energy_uj";
    const auto now = number_in(counter), range = number_in(entry->path() / "max_energy_range_uj");
    if (now && range) zones_.push_back({counter, *now, *range});
  }
}

double EnergyMeter::joules() {
  if (!measured()) return (cpu_seconds() - cpu_start_) * watts_per_core_;
  for (Zone& zone : zones_) {
    const auto now = number_in(zone.counter);
    if (!now) continue;
    const std::uint64_t spent =
        *now >= zone.last ? *now - zone.last : *now + (zone.range - zone.last);
    joules_ += 1e-6 * static_cast<double>(spent);
    zone.last = *now;
  }
  return joules_;
}

std::string EnergyMeter::method() const {
  return measured() ? "measured by RAPL, the whole processor"
                    : concat("estimated: CPU time at ", watts_per_core_, " W a core");
}

}  // namespace beholder::batch
