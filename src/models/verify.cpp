#include "models/verify.hpp"

#include "core/check.hpp"
#include "models/registry.hpp"

namespace beholder::models {
namespace fs = std::filesystem;

WeightReport verify_model(const fs::path& directory) {
  WeightReport out;
  family_of(directory).verify(directory, out);
  out.checksums = io::compare_checksums(directory);
  return out;
}

void store_checksums(const fs::path& directory) {
  WeightReport report = verify_model(directory);
  report.checksums = {};
  check(report.good(), ErrorCode::kModelFormat, directory.string(), ": ", report.first_fault(),
        "; damaged weights get no checksums: fetch or write them again");
  io::write_checksums(directory);
}

}  // namespace beholder::models
