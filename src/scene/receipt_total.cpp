#include "scene/receipt_total.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <initializer_list>
#include <regex>
#include <string_view>

namespace beholder::scene {
namespace {

using Names = std::initializer_list<std::string_view>;

// As receipts write them, without blanks and marks.
const Names kOthers = {"totalqty", "totalitem",     "totalquantity", "totalsaving",     "totaldisc",
                       "totalno",  "discounttotal", "itemtotal",     "totalpoint",      "totalgst",
                       "totaltax", "gsttotal",      "taxtotal",      "totalamountofgst"};
const Names kLess = {"subtotal", "include"};
const Names kWithoutTax = {"excl", "before", "without"};
const Names kDue = {"amountdue", "amtdue",  "balancedue", "amountpayable",
                    "netamt",    "nettamt", "netamount",  "nettamount"};

/// How far apart amounts and names stand in a row at most, in heights of the lower one.
constexpr float kSameRow = 0.6f;
constexpr double kRounding = 0.051;

struct Amount {
  double value;
  double confidence;
};

bool has(const std::string& text, Names names) {
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view name) { return text.find(name) != std::string::npos; });
}

std::string letters_of(const std::string& text) {
  std::string out;
  for (const char c : text)
    if (std::isalpha(static_cast<unsigned char>(c)) != 0)
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

/// How much the name of an amount speaks for its being the total: 0 to 2; nothing for other lines.
std::optional<int> rank_of(const std::string& name) {
  if (has(name, kOthers)) return std::nullopt;
  if (has(name, kLess)) return 0;
  if (name.find("total") != std::string::npos) return has(name, kWithoutTax) ? 1 : 2;
  if (name.rfind("round", 0) == 0) return 2;  // "rounded": counts where it is near the total
  if (name == "due" || has(name, kDue)) return 1;
  return std::nullopt;
}

/// The last amount of money in a text.
std::optional<double> last_amount(const std::string& text) {
  static const std::regex kAmount(R"((?:\d{1,3}(?:,\d{3})+|\d+)[.,] ?\d{2}(?!\d))");
  std::optional<double> out;
  for (std::sregex_iterator at(text.begin(), text.end(), kAmount), end; at != end; ++at) {
    double cents = 0;
    for (const char c : at->str())
      if (std::isdigit(static_cast<unsigned char>(c)) != 0) cents = 10 * cents + (c - '0');
    out = cents / 100;
  }
  return out;
}

/// The amount that belongs to a name: behind it, or in the same row to the right.
std::optional<Amount> amount_of(const ReadLine& name, const std::vector<ReadLine>& lines) {
  if (const auto own = last_amount(name.text)) return Amount{*own, name.confidence};
  const LinePlace place = place_of(name);
  std::optional<Amount> out;
  float farthest = place.left;
  for (const ReadLine& line : lines) {
    const LinePlace other = place_of(line);
    const float apart = std::abs(other.middle - place.middle);
    if (other.left <= farthest || apart > kSameRow * std::min(other.height, place.height)) continue;
    const auto value = last_amount(line.text);
    if (!value) continue;
    farthest = other.left;
    out = Amount{*value, std::min(line.confidence, name.confidence)};
  }
  return out;
}

}  // namespace

std::optional<ReceiptTotal> receipt_total(const std::vector<ReadLine>& lines) {
  int best = -1;
  std::vector<Amount> found;  // of the best rank
  for (const ReadLine& line : lines) {
    const auto rank = rank_of(letters_of(line.text));
    if (!rank || *rank < best) continue;
    const auto amount = amount_of(line, lines);
    if (!amount) continue;
    if (*rank > best) found.clear();
    best = *rank;
    found.push_back(*amount);
  }
  if (found.empty()) return std::nullopt;
  double most = 0;
  for (const Amount& one : found) most = std::max(most, one.value);
  const Amount total = *std::find_if(found.rbegin(), found.rend(), [&](const Amount& one) {
    return one.value >= most - kRounding;
  });
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", total.value);
  return ReceiptTotal{text, total.confidence};
}

}  // namespace beholder::scene
