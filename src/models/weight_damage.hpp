// Finds weights that no training wrote: not finite, zeroed, or random bytes.
#pragma once

#include <string>
#include <vector>

#include "io/safetensors.hpp"

namespace beholder::models {

struct TensorDamage {
  std::string tensor;
  std::string what;         ///< "17 of 768 values are not finite, the first at 5"
  bool not_finite = false;  ///< NaN or infinity; else a range or pattern that is absurd
};

/// Looks at the values of each tensor, every one that is stored as F32, F16, BF16, F64 or I8:
/// - values that are not finite;
/// - values beyond what any sane tensor holds, against the middle of its own: random bytes read as
///   floats have all exponents alike;
/// - matrices, and weights of norms, that are all zero or all one number; stretches of zeros that
///   end within rows, as a lost block of a disk leaves them;
/// - int8 rows that the quantiser cannot have written: it brings the largest of each row to 127,
///   never writes -128, and gives rows of zeros the scale 1; scales that are not above 0.
/// Heuristic but for the first and the last: it is to find damage without a checksum, and to pass
/// whatever was trained.
/// @param names the tensors to look at
std::vector<TensorDamage> find_damage(const io::SafetensorsFile& file,
                                      const std::vector<std::string>& names);

}  // namespace beholder::models
