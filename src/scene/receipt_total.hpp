// The amount to be paid, from the lines of a receipt or a bill.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scene/text_reader.hpp"

namespace beholder::scene {

struct ReceiptTotal {
  std::string amount;     ///< digits, a point and two decimals, as "1234.50"
  double confidence = 0;  ///< of the less certain of the lines that it was read from, 0..1
};

/// The amount in the row of "total", or else of what is due, or else of "subtotal"; not of a
/// discount, of tax alone or of a number of things. Of several totals the largest counts, and of
/// those that differ from it by a rounding of 5 cents the last.
/// @param lines in reading order
std::optional<ReceiptTotal> receipt_total(const std::vector<ReadLine>& lines);

}  // namespace beholder::scene
